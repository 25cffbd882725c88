"""A fact as counting needs it: the envelope's fields that matter, decoded straight from the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

Aware = Annotated[datetime, msgspec.Meta(tz=True)]
# As the envelope has it: what PostgreSQL could not store must be found out here, not in a batch of other facts.
LONGEST = 200
Name = Annotated[str, msgspec.Meta(pattern=r"^[!-~]+$", max_length=LONGEST)]
Sequence = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class Fact(msgspec.Struct, frozen=True, gc=False):
    id: UUID
    type: Name
    tenant: Name
    subject: Name
    time: Aware
    data: dict[str, Any]
    recordedtime: Aware | None = None
    sequence: Sequence = 1

    @property
    def recorded(self) -> datetime:
        return self.recordedtime or self.time


class Page(msgspec.Struct, frozen=True, gc=False):
    site: str
    page: str
    visitor: str
    unit: str | None = None


class View(msgspec.Struct, frozen=True, gc=False):
    """A page view straight from the wire. Its words are those of its lane, and need no judgement of their own."""

    id: UUID
    type: Literal["kompas.web.page.viewed.v1"]
    tenant: str
    subject: str
    time: Aware
    data: Page
    recordedtime: Aware | None = None
    sequence: Sequence = 1

    @property
    def recorded(self) -> datetime:
        return self.recordedtime or self.time


def value_at(data: dict[str, Any], path: str) -> Any:
    """What `answers.help_leadership` leads to; None where a step is missing."""
    if "." not in path:
        return data.get(path)
    found: Any = data
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found
