"""The links by which staff tell whose a browser is: a department's, or their own."""

from datetime import date

from sqlmodel import Field

from services.directory.models import Thing
from shared.clock import today


class VisitLink(Thing, table=True):
    """`unit` None: staff's own, whose visits are not counted."""

    __tablename__ = "visit_links"

    unit: str | None = None
    token_hash: bytes
    made_on: date = Field(default_factory=today)
    ended_on: date | None = None
