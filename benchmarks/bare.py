"""What the site is held against: the least that Flask, SQLAlchemy and Jinja need for the same rows.

`/` lists 20 proposals of the benchmark's database, `/insert` (POST) writes one row and commits it. No rights, no
languages, no layout, no search: the distance to the site is the price of all that.
"""

import os

from flask import Flask, render_template_string
from sqlalchemy import ForeignKey, Integer, String, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

PAGE = """<!doctype html><html lang=es><title>Propuestas</title><h1>Propuestas</h1><ul>
{% for row in rows %}<li><a href="/propuestas/{{ row.code }}">{{ row.texts.title }}</a> {{ row.supporters }}</li>
{% endfor %}
</ul></html>"""


class Base(DeclarativeBase):
    """The base of the one table written here."""


class Row(Base):
    """A proposal, as far as a list shows it."""

    __tablename__ = "proposals"
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    code: Mapped[str]
    supporters: Mapped[int]
    texts: Mapped["Text"] = relationship(viewonly=True, uselist=False)


class Text(Base):
    """Its title and how it begins."""

    __tablename__ = "wordings"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    title: Mapped[str]
    excerpt: Mapped[str]


class Insertion(Base):
    """A row that says nothing."""

    __tablename__ = "bare_insertions"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    word: Mapped[str] = mapped_column(String(20))


def create_bare_app():
    """Return the bare application on the database that DATABASE_URL names, as durable as the site's."""
    app = Flask(__name__)
    engine = create_engine(os.environ["DATABASE_URL"], **({} if _is_sqlite() else {"pool_size": 10}))
    if _is_sqlite():

        @event.listens_for(engine, "connect")
        def _durable(connection, _record):
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA busy_timeout=5000")

    rows = select(Row).options(joinedload(Row.texts)).order_by(Row.supporters.desc(), Row.id.desc()).limit(20)

    @app.get("/")
    def listed():
        with Session(engine) as session:
            return render_template_string(PAGE, rows=session.scalars(rows.where(Row.consultation_id == 1)).all())

    @app.post("/insert")
    def inserted():
        with Session(engine) as session:
            session.add(Insertion(word="bare"))
            session.commit()
        return "", 302, {"Location": "/"}

    return app


def _is_sqlite():
    return os.environ["DATABASE_URL"].startswith("sqlite")
