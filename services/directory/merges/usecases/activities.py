"""Two descriptions of one activity: the one that is kept stands for both, and the other one comes back as it was."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities import repository as activities
from services.directory.activities.models import Activity
from services.directory.facts import of_activity
from services.directory.freshness.rules import EntryKind
from services.directory.merges import repository
from services.directory.merges.models import Merge
from services.directory.merges.rules import MergedAlready, MergedSince, NotShown, as_seen, chosen, taken_back
from services.directory.merges.schemas import NewMerge
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.partners import repository as partners
from services.directory.rules import Freshness, State
from shared import clock
from shared.aggregate import record
from shared.errors import Invalid, StaleVersion
from shared.events.directory import ActivityPublished, ActivityUpdated, ActivityWithdrawn
from shared.events.freshness import ActivityExpired
from shared.events.kinds import Form

# The record of a merge is JSON; these are more than text.
READ: dict[str, Callable[[Any], Any]] = {
    "state": State,
    "form": Form,
    "premises_id": UUID,
    "withdrawn_on": date.fromisoformat,
    "publish_on": date.fromisoformat,
    "expires_on": date.fromisoformat,
}
# What ends with being an entry of its own, and comes back with it.
LIFE = {"state", "withdrawn_on", "withdrawal_reason", "publish_on", "expires_on"}


async def merge(session: AsyncSession, tenant: str, wanted: NewMerge) -> dict[str, Any]:
    """What was published twice is withdrawn once, as of the day on which it was published: it never was one more."""
    owners, kept, merged = await _both(session, tenant, wanted.kept_id, wanted.merged_id)
    if kept.replaced_by or merged.replaced_by:
        raise MergedAlready
    as_seen(wanted.versions, kept.version, merged.version)
    if merged.state is State.PUBLISHED and kept.state is not State.PUBLISHED:
        raise NotShown
    for each in (kept, merged):
        await partners.ours(session, tenant, each.id)
    before = merged.model_dump(mode="json")
    taken = chosen(EntryKind.ACTIVITY, kept.model_dump(mode="json"), before, wanted.fields)
    was_published = merged.state is State.PUBLISHED
    merged.state, merged.withdrawn_on, merged.replaced_by = State.WITHDRAWN, clock.today(), kept.id
    merged.withdrawal_reason = merged.publish_on = merged.expires_on = None
    merged.version += 1
    if was_published:
        withdrawn = ActivityWithdrawn(**_publisher(owners, merged), replaced_by=kept.id)
        await record(session, merged, withdrawn, on=merged.published_on)
    await _apply(session, kept, owners, {field: after for field, (_, after) in taken.items()})
    return {
        "fields": {field: list(values) for field, values in taken.items()},
        "was": {field: before[field] for field in sorted(LIFE)},
        "moved": {},
        "ended": {},
        "partnerships": {},
    }


async def undo(session: AsyncSession, done: Merge) -> list[dict[str, Any]]:
    """Published on the day on which it was, so that what was counted then is counted then again. Where its organisation
    has closed meanwhile, it stays withdrawn."""
    owners, kept, merged = await _both(session, done.tenant, done.kept_id, done.merged_id)
    if kept.replaced_by:
        raise MergedSince
    back, changed = taken_back(done.done["fields"], kept.model_dump(mode="json"))
    left: list[dict[str, Any]] = [{"what": "activities", "id": str(kept.id), "field": field} for field in changed]
    await _apply(session, kept, owners, back)
    was, merged.replaced_by = {field: _read(field, value) for field, value in done.done["was"].items()}, None
    merged.version += 1
    if was["state"] is State.PUBLISHED and owners[merged.organisation_id].closed_on:
        left.append({"what": "activities", "id": str(merged.id), "field": "state"})
        return left
    merged.sqlmodel_update(was)
    if merged.state is State.PUBLISHED:
        again = of_activity(ActivityPublished, merged, owners[merged.organisation_id])
        await record(session, merged, again, on=merged.published_on)
        if merged.freshness is Freshness.HIDDEN:
            merged.version += 1
            hidden = ActivityExpired(**_publisher(owners, merged))
            await record(session, merged, hidden, on=merged.freshness_since)
    return left


async def _both(
    session: AsyncSession, tenant: str, kept: UUID, merged: UUID
) -> tuple[dict[UUID, Organisation], Activity, Activity]:
    """Their organisations first, as whoever closes one locks them; each in an order that all who lock two agree on."""
    whose = await repository.owners_of_activities(session, tenant, [kept, merged])
    for field, id in (("kept_id", kept), ("merged_id", merged)):
        if id not in whose:
            raise Invalid.field(field, "findes ikke", "does not exist")
    held = [await organisations.row(session, tenant, id, lock=True) for id in sorted({*whose.values()})]
    owners = {each.id: each for each in held if each}
    found = {id: await activities.row(session, tenant, id, lock=True) for id in sorted((kept, merged))}
    if any(each.organisation_id not in owners for each in found.values()):
        raise StaleVersion
    return owners, found[kept], found[merged]


async def _apply(
    session: AsyncSession, activity: Activity, owners: dict[UUID, Organisation], values: dict[str, Any]
) -> None:
    if not values:
        return
    activity.sqlmodel_update({field: _read(field, value) for field, value in values.items()})
    activity.version += 1
    if activity.state is State.PUBLISHED:
        owner = owners[activity.organisation_id]
        await record(session, activity, of_activity(ActivityUpdated, activity, owner))


def _read(field: str, value: Any) -> Any:
    return READ[field](value) if field in READ and value is not None else value


def _publisher(owners: dict[UUID, Organisation], activity: Activity) -> dict[str, Any]:
    owner = owners[activity.organisation_id]
    return {"organisation_id": owner.id, "publisher_kind": owner.kind, "publisher_sector": owner.sector}
