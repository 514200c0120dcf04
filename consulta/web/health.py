"""Whether the site answers and reaches its database: for whatever watches over it."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from consulta.core.extensions import db

health = Blueprint("health", __name__)


@health.get("/salud")
def check():
    """Answer 200 while the database answers, else 503; no reason is given to strangers."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return {"ok": False}, 503
    return {"ok": True}
