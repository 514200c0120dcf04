"""Territories: a tree of country, regions, provinces and communes with their official codes."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consulta.core.columns import one_of, word
from consulta.core.extensions import db

KINDS = ("country", "region", "province", "commune")


class Territory(db.Model):
    """One node of the tree; `code` is the country's official code, a text with its leading zeros."""

    __tablename__ = "territories"
    __table_args__ = (UniqueConstraint("country", "code"), one_of("kind", KINDS))

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    code: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(word())
    name: Mapped[str] = mapped_column(String(120))
    full_name: Mapped[str] = mapped_column(String(160))
    aliases: Mapped[list] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"), index=True)
    parent: Mapped["Territory | None"] = relationship(remote_side=id)
