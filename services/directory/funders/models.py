"""The funders' deadlines: when a fund or a grant takes applications."""

from datetime import date
from uuid import UUID

from services.directory.models import Thing


class Deadline(Thing, table=True):
    __tablename__ = "funder_deadlines"

    organisation_id: UUID
    title: str
    due_on: date
    note: str = ""
    website: str | None = None
    # The day after it stands a year later: many funders have the same days every year.
    yearly: bool = False
    removed_on: date | None = None
    # For which day associations were told of it, and told for the last time.
    told_for: date | None = None
    told_last_for: date | None = None
