"""Premises that were entered twice: what takes place in either takes place in those that are kept, and goes back."""

from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.facts import of_activity, of_premises
from services.directory.freshness.rules import EntryKind
from services.directory.merges import repository
from services.directory.merges.models import Merge
from services.directory.merges.rules import Closed, MergedAlready, MergedSince, as_seen, chosen, taken_back
from services.directory.merges.schemas import NewMerge
from services.directory.organisations import repository as organisations
from services.directory.premises import repository as premises
from services.directory.premises.models import Premises
from shared.aggregate import record
from shared.errors import Invalid
from shared.events.directory import ActivityUpdated
from shared.events.registers import PremisesClosed

AT = "premises_id"
# The room in booking. The record of a merge is JSON, and this is more than text.
ROOM = "resource_id"


async def merge(session: AsyncSession, tenant: str, wanted: NewMerge) -> dict[str, Any]:
    """What was registered twice is closed once, as of the day on which it was registered: it never was one more."""
    kept, merged = await _both(session, tenant, wanted.kept_id, wanted.merged_id)
    if kept.replaced_by or merged.replaced_by:
        raise MergedAlready
    if kept.closed_on or merged.closed_on:
        raise Closed
    as_seen(wanted.versions, kept.version, merged.version)
    taken = chosen(EntryKind.PREMISES, kept.model_dump(mode="json"), merged.model_dump(mode="json"), wanted.fields)
    merged.closed_on, merged.replaced_by = merged.registered_on, kept.id
    merged.version += 1
    registered = await _said(session, merged)
    closed = PremisesClosed(**registered, closed_on=merged.closed_on, replaced_by=kept.id)
    await record(session, merged, closed, on=merged.registered_on)
    _apply(kept, {field: after for field, (_, after) in taken.items()})
    await session.flush()
    moved = await repository.move_all(session, tenant, "activities", merged.id, kept.id, of=AT)
    await _tell(session, tenant, moved)
    return {
        "fields": {field: list(values) for field, values in taken.items()},
        "moved": {"activities": [str(id) for id in moved]},
        "ended": {},
        "partnerships": {},
    }


async def undo(session: AsyncSession, done: Merge) -> list[dict[str, Any]]:
    """Registered on the day on which they were. Where their organisation has closed meanwhile, they stay closed."""
    tenant = done.tenant
    kept, merged = await _both(session, tenant, done.kept_id, done.merged_id)
    if kept.replaced_by:
        raise MergedSince
    back, changed = taken_back(done.done["fields"], kept.model_dump(mode="json"))
    left: list[dict[str, Any]] = [{"what": "premises", "id": str(kept.id), "field": field} for field in changed]
    _apply(kept, back)
    merged.replaced_by = None
    merged.version += 1
    owner = await organisations.row(session, tenant, merged.organisation_id) if merged.organisation_id else None
    if owner and owner.closed_on:
        left.append({"what": "premises", "id": str(merged.id), "field": "closed_on"})
    else:
        merged.closed_on = None
        await record(session, merged, of_premises(merged, owner), on=merged.registered_on)
    await session.flush()
    wanted = [UUID(id) for id in done.done["moved"]["activities"]]
    returned = await repository.move_back(session, tenant, "activities", wanted, kept.id, merged.id, of=AT)
    left += [{"what": "activities", "id": str(id), "field": AT} for id in sorted({*wanted} - {*returned})]
    await _tell(session, tenant, returned)
    return left


async def _both(session: AsyncSession, tenant: str, kept: UUID, merged: UUID) -> tuple[Premises, Premises]:
    """Locked in an order that all who lock two agree on."""
    await repository.hold_activities_at(session, tenant, [kept, merged])
    found = {id: await premises.row(session, tenant, id, lock=True) for id in sorted((kept, merged))}
    for field, id in (("kept_id", kept), ("merged_id", merged)):
        if found[id] is None:
            raise Invalid.field(field, "findes ikke", "does not exist")
    return found[kept], found[merged]  # type: ignore[return-value]


def _apply(entry: Premises, values: dict[str, Any]) -> None:
    """Nothing is told of what premises say: those who show them read it."""
    if values:
        entry.sqlmodel_update({f: UUID(value) if f == ROOM and value else value for f, value in values.items()})
        entry.version += 1


async def _said(session: AsyncSession, entry: Premises) -> dict[str, Any]:
    owner = await organisations.row(session, entry.tenant, entry.organisation_id) if entry.organisation_id else None
    return of_premises(entry, owner).model_dump(exclude={"registered_on"})


async def _tell(session: AsyncSession, tenant: str, ids: list[UUID]) -> None:
    """Whoever shows them must know where they are now. Drafts move silently."""
    moved = await repository.published(session, tenant, ids)
    owners = await organisations.those_of(session, tenant, [each.organisation_id for each in moved])
    for activity in moved:
        await record(session, activity, of_activity(ActivityUpdated, activity, owners[activity.organisation_id]))
