"""Entries of any kind, as something that can be assured: found, locked, and told of as facts."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.freshness.rules import EntryKind
from services.directory.models import AssuredBy
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from services.directory.rules import Freshness, State
from shared.aggregate import record
from shared.errors import NotFound
from shared.events.envelope import Event
from shared.events.freshness import (
    ActivityConfirmed,
    ActivityExpired,
    Assurer,
    OrganisationConfirmed,
    PremisesConfirmed,
)

AnyEntry = Organisation | Activity | Premises
MODELS: dict[EntryKind, Any] = {
    EntryKind.ORGANISATION: Organisation,
    EntryKind.ACTIVITY: Activity,
    EntryKind.PREMISES: Premises,
}


async def find(session: AsyncSession, tenant: str, kind: EntryKind, id: UUID, *, lock: bool = False) -> AnyEntry | None:
    """The entry of this very id, even if it went into another one."""
    model = MODELS[kind]
    query = select(model).where(model.tenant == tenant, model.id == id)
    if lock:  # As it is now, not as it was when somebody looked at it before.
        query = query.with_for_update().execution_options(populate_existing=True)
    found: AnyEntry | None = (await session.exec(query)).first()
    return found


async def get(session: AsyncSession, tenant: str, kind: EntryKind, id: UUID, *, lock: bool = False) -> AnyEntry:
    if entry := await find(session, tenant, kind, id, lock=lock):
        return entry
    raise NotFound


async def names(session: AsyncSession, tenant: str, kind: EntryKind, ids: Collection[UUID]) -> dict[UUID, str]:
    """What those of this kind are called now, even if they went into another one."""
    model = MODELS[kind]
    called = model.title if model is Activity else model.name
    query = select(model.id, called).where(model.tenant == tenant, model.id.in_(ids))
    return dict((await session.exec(query)).all()) if ids else {}


def is_shown(entry: AnyEntry) -> bool:
    """Whether there is anything to assure: a draft says nothing yet, and what is closed or merged nothing more."""
    if entry.replaced_by is not None:
        return False
    return entry.state is State.PUBLISHED if isinstance(entry, Activity) else entry.closed_on is None


def owner_of(entry: AnyEntry) -> UUID | None:
    return entry.id if isinstance(entry, Organisation) else entry.organisation_id


def title_of(entry: AnyEntry) -> str:
    return entry.title if isinstance(entry, Activity) else entry.name


async def assure(session: AsyncSession, entry: AnyEntry, by: AssuredBy, today: date) -> None:
    """The only place that moves `assured_on` for what somebody said. `entry` is locked."""
    entry.assured_on, entry.assured_by = today, by
    entry.freshness, entry.freshness_since = Freshness.FRESH, today
    entry.version += 1
    assurer = Assurer(by)
    match entry:
        case Organisation():
            event: Event = OrganisationConfirmed(
                organisation_id=entry.id, kind=entry.kind, sector=entry.sector, assured_by=assurer
            )
        case Activity():
            said_of = await _publisher(session, entry)
            event = ActivityConfirmed(activity_id=entry.id, assured_by=assurer, **said_of)
        case Premises():
            event = PremisesConfirmed(
                organisation_id=entry.organisation_id, locality=entry.locality, assured_by=assurer
            )
    await record(session, entry, event)


async def hide(session: AsyncSession, entry: AnyEntry, today: date) -> None:
    """Out of search and lists; its link goes on answering. `entry` is locked."""
    entry.freshness, entry.freshness_since = Freshness.HIDDEN, today
    entry.version += 1
    if isinstance(entry, Activity):
        await record(session, entry, ActivityExpired(**await _publisher(session, entry)))
    else:
        await session.flush()


async def _publisher(session: AsyncSession, activity: Activity) -> dict[str, Any]:
    organisation = await get(session, activity.tenant, EntryKind.ORGANISATION, activity.organisation_id)
    assert isinstance(organisation, Organisation)  # noqa: S101
    return {
        "organisation_id": organisation.id,
        "publisher_kind": organisation.kind,
        "publisher_sector": organisation.sector,
    }
