"""Two entries of one organisation: what belonged to either belongs to the one that is kept, and goes back."""

from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.facts import of_activity, of_organisation
from services.directory.freshness.rules import EntryKind
from services.directory.memberships import repository as memberships
from services.directory.memberships.models import Membership
from services.directory.memberships.rules import HasFriendship
from services.directory.merges import repository
from services.directory.merges.models import Merge
from services.directory.merges.rules import Closed, MergedAlready, MergedSince, as_seen, chosen, taken_back
from services.directory.merges.schemas import NewMerge
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.organisations.rules import CvrTaken
from services.directory.partners import repository as partners
from shared import clock
from shared.aggregate import Aggregate, record
from shared.errors import Invalid
from shared.events.directory import (
    ActivityUpdated,
    MembershipEnded,
    MembershipKind,
    MembershipStarted,
    OrganisationClosed,
    OrganisationRegistered,
    OrganisationUpdated,
)
from shared.events.envelope import Event
from shared.events.kinds import NetworkLife, OrganisationKind, Sector
from shared.events.merging import OrganisationMerged, OrganisationUnmerged

# The record of a merge is JSON; these fields are more than text.
LISTS = {"kind": OrganisationKind, "sector": Sector, "life": NetworkLife}


async def merge(session: AsyncSession, tenant: str, wanted: NewMerge) -> dict[str, Any]:
    """One entry stands for both from now on; what belonged to either belongs to it. What was done is answered."""
    kept, merged = await _both(session, tenant, wanted.kept_id, wanted.merged_id)
    if kept.replaced_by or merged.replaced_by:
        raise MergedAlready
    if kept.closed_on or merged.closed_on:
        raise Closed
    as_seen(wanted.versions, kept.version, merged.version)
    for each in (kept, merged):
        await partners.ours(session, tenant, each.id)
    taken = chosen(EntryKind.ORGANISATION, kept.model_dump(mode="json"), merged.model_dump(mode="json"), wanted.fields)
    ended = await _end_doubled(session, kept, merged)
    moved = {
        noun: await repository.move_all(session, tenant, noun, merged.id, kept.id) for noun in repository.BELONGINGS
    }
    partnerships = {
        noun: await repository.move_partnerships(session, tenant, noun, merged.id, kept.id)
        for noun in repository.PARTNERSHIPS
    }
    merged.closed_on, merged.replaced_by = clock.today(), kept.id
    await _state(session, merged, OrganisationClosed(kind=merged.kind, sector=merged.sector))
    await _state(session, merged, OrganisationMerged(merged_into=kept.id))
    # The CVR number is free once the merged entry is closed, and not before.
    await session.flush()
    await _apply(session, kept, {field: after for field, (_, after) in taken.items()})
    await _allow_friendships(session, kept)
    await _tell_activities(session, kept, moved["activities"])
    return {
        "fields": {field: list(values) for field, values in taken.items()},
        "moved": {noun: [str(id) for id in ids] for noun, ids in moved.items()},
        "ended": {str(each.id): str(each.ended_on) for each in ended},
        "partnerships": {
            noun: [[str(id) for id in ids] for ids in (moved_ones, both_in)]
            for noun, (moved_ones, both_in) in partnerships.items()
        },
    }


async def undo(session: AsyncSession, done: Merge) -> list[dict[str, Any]]:
    """Everything is as it was before, but for what somebody has changed since: that stays, and is answered."""
    tenant, record_of = done.tenant, done.done
    kept, merged = await _both(session, tenant, done.kept_id, done.merged_id)
    if kept.replaced_by:
        raise MergedSince
    back, changed = taken_back(record_of["fields"], kept.model_dump(mode="json"))
    left: list[dict[str, Any]] = [{"what": "organisations", "id": str(kept.id), "field": field} for field in changed]
    await _apply(session, kept, back)
    merged.closed_on = merged.replaced_by = None
    await _state(session, merged, OrganisationUnmerged(merged_into=kept.id))
    await _state(session, merged, of_organisation(OrganisationRegistered, merged))
    await store(session, organisations_cvr=CvrTaken)
    returned: dict[str, list[UUID]] = {}
    for noun, ids in record_of["moved"].items():
        wanted = [UUID(each) for each in ids]
        returned[noun] = await repository.move_back(session, tenant, noun, wanted, kept.id, merged.id)
        left += [{"what": noun, "id": str(each), "field": None} for each in sorted({*wanted} - {*returned[noun]})]
    for noun, (moved, both) in record_of["partnerships"].items():
        ids = [UUID(each) for each in moved], [UUID(each) for each in both]
        await repository.move_partnerships_back(session, tenant, noun, *ids, kept.id, merged.id)
    left += await _reopen(session, tenant, record_of["ended"])
    await _tell_activities(session, merged, returned["activities"])
    return left


async def _both(session: AsyncSession, tenant: str, kept: UUID, merged: UUID) -> tuple[Organisation, Organisation]:
    """Locked in an order that all who lock two agree on."""
    found = {id: await organisations.row(session, tenant, id, lock=True) for id in sorted((kept, merged))}
    for field, id in (("kept_id", kept), ("merged_id", merged)):
        if found[id] is None:
            raise Invalid.field(field, "findes ikke", "does not exist")
    return found[kept], found[merged]  # type: ignore[return-value]


async def _end_doubled(session: AsyncSession, kept: Organisation, merged: Organisation) -> list[Membership]:
    """Of two open memberships of one kind the later one ends: the organisation has belonged since the first."""
    ours = {each.kind: each for each in await memberships.open_of(session, kept.tenant, kept.id)}
    ended = []
    for theirs in await memberships.open_of(session, kept.tenant, merged.id):
        if own := ours.get(theirs.kind):
            later = max(own, theirs, key=lambda each: (each.started_on, each is theirs))
            holder = kept if later is own else merged
            later.ended_on = max(clock.today(), later.started_on)
            event = MembershipEnded(
                organisation_id=holder.id, organisation_kind=holder.kind, kind=later.kind, ended_on=later.ended_on
            )
            await _state(session, later, event)
            ended.append(later)
    await session.flush()
    return ended


async def _reopen(session: AsyncSession, tenant: str, ended: dict[str, str]) -> list[dict[str, Any]]:
    left = []
    for id, day in ended.items():
        membership = await memberships.get(session, tenant, UUID(id), lock=True)
        await session.refresh(membership)
        holder = await organisations.row(session, tenant, membership.organisation_id)
        open_now = await memberships.open_of(session, tenant, membership.organisation_id)
        if str(membership.ended_on) != day or holder is None or membership.kind in {each.kind for each in open_now}:
            left.append({"what": "memberships", "id": id, "field": "ended_on"})
            continue
        membership.ended_on = None
        event = MembershipStarted(
            organisation_id=holder.id,
            organisation_kind=holder.kind,
            kind=membership.kind,
            started_on=membership.started_on,
        )
        membership.version += 1
        await record(session, membership, event, on=membership.started_on)
        await session.flush()
    return left


async def _apply(session: AsyncSession, organisation: Organisation, values: dict[str, Any]) -> None:
    if not values:
        return
    organisation.sqlmodel_update({field: _read(field, value) for field, value in values.items()})
    await _state(session, organisation, of_organisation(OrganisationUpdated, organisation))
    await store(session, organisations_cvr=CvrTaken)


def _read(field: str, value: Any) -> Any:
    return LISTS[field](value) if field in LISTS and value is not None else value


async def _allow_friendships(session: AsyncSession, organisation: Organisation) -> None:
    if organisation.kind is not OrganisationKind.COMPANY:
        held = await memberships.open_of(session, organisation.tenant, organisation.id)
        if any(each.kind is MembershipKind.COMPANY_FRIEND for each in held):
            raise HasFriendship


async def _tell_activities(session: AsyncSession, owner: Organisation, ids: list[UUID]) -> None:
    """Whoever shows them must know whose they are now. Drafts move silently."""
    for activity in await repository.published(session, owner.tenant, ids):
        await record(session, activity, of_activity(ActivityUpdated, activity, owner))


async def _state(session: AsyncSession, thing: Aggregate, event: Event) -> None:
    thing.version += 1
    await record(session, thing, event)
