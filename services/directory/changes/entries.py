"""What is the same about organisations, activities and premises to whoever changes them, and what differs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities import repository as activities
from services.directory.activities import usecases as describing
from services.directory.activities.models import Activity
from services.directory.activities.schemas import ActivityAnswer, ActivityChange
from services.directory.changes.models import Kind
from services.directory.models import Entry
from services.directory.organisations import repository as organisations
from services.directory.organisations import usecases as correcting
from services.directory.organisations.schemas import OrganisationAnswer, OrganisationChange
from services.directory.premises import repository as premises
from services.directory.premises import usecases as furnishing
from services.directory.premises.schemas import PremisesAnswer, PremisesChange
from services.directory.rules import State
from services.directory.schemas import ThingAnswer
from shared.validation import Body


@dataclass(frozen=True)
class Way:
    """How one kind of entry is found, changed and shown."""

    get: Callable[[AsyncSession, str, UUID], Awaitable[Entry]]
    change: Callable[..., Awaitable[Entry]]
    body: type[Body]
    answer: type[ThingAnswer]


WAYS = {
    Kind.ORGANISATION: Way(organisations.get, correcting.change, OrganisationChange, OrganisationAnswer),
    Kind.ACTIVITY: Way(activities.get, describing.change, ActivityChange, ActivityAnswer),
    Kind.PREMISES: Way(premises.get, furnishing.change, PremisesChange, PremisesAnswer),
}


def kind_of(wanted: Body) -> Kind:
    return next(kind for kind, way in WAYS.items() if isinstance(wanted, way.body))


def owner_of(kind: Kind, entry: Entry) -> UUID | None:
    return entry.id if kind is Kind.ORGANISATION else getattr(entry, "organisation_id", None)


def shown(entry: Entry) -> bool:
    """Whether the public sees it."""
    return not isinstance(entry, Activity) or entry.state is State.PUBLISHED


def fields_of(kind: Kind, entry: Entry) -> dict[str, Any]:
    """What can be changed of it, as it is now, in the order in which it is read."""
    way = WAYS[kind]
    said = entry.model_dump(mode="json", include=set(way.body.model_fields))
    return {field: said[field] for field in way.answer.model_fields if field in said}


def preview(kind: Kind, entry: Entry, fields: dict[str, Any]) -> ThingAnswer:
    """As everybody would read it."""
    return WAYS[kind].answer.model_validate({**entry.model_dump(), **fields})
