"""What the centre agrees with a partner, and what a partner then tells of its own entries.

No event of ours is told of a partner's entries: they are not the centre's, and no goal of its plan counts them.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.conflicts import store
from services.directory.models import AssuredBy
from services.directory.organisations.models import Organisation
from services.directory.partners import repository
from services.directory.partners.models import Partner, PartnerEntry
from services.directory.partners.rules import Noun, SourceTaken, activity_fields, organisation_fields
from services.directory.partners.schemas import NewPartner, PartnerChange
from services.directory.rules import State, not_ended
from shared import clock
from shared.answers import Expected
from shared.events.partner import PartnerActivityPublished, PartnerOrganisationPublished
from shared.ids import uuid7


async def agree(session: AsyncSession, tenant: str, new: NewPartner) -> Partner:
    partner = Partner(tenant=tenant, **new.model_dump())
    session.add(partner)
    await store(session, partners_source=SourceTaken)
    return partner


async def change(session: AsyncSession, tenant: str, id: UUID, wanted: PartnerChange, expected: Expected) -> Partner:
    partner = await repository.get(session, tenant, id, lock=True)
    expected(partner.version)
    not_ended(partner.ended_on)
    partner.sqlmodel_update(wanted.model_dump(exclude_unset=True))
    partner.version += 1
    return partner


async def end(session: AsyncSession, tenant: str, id: UUID, expected: Expected) -> Partner:
    """Its entries are no longer shown, and whatever it still sends is refused."""
    partner = await repository.get(session, tenant, id, lock=True)
    expected(partner.version)
    not_ended(partner.ended_on)
    partner.ended_on = clock.today()
    partner.version += 1
    for organisation in await repository.open_organisations(session, partner):
        await _close(session, organisation, partner.ended_on)
    return partner


async def show_organisation(
    session: AsyncSession,
    partner: Partner,
    source_id: str,
    sequence: int,
    event: PartnerOrganisationPublished,
    on: date,
) -> None:
    known = await _news(session, partner, Noun.ORGANISATION, source_id, sequence)
    if known is None:
        return
    fields = organisation_fields(event)
    # The number is taken where the centre itself has the association: its own entry is the one that holds.
    if event.cvr and await repository.cvr_is_taken(session, partner.tenant, event.cvr, known.entry_id):
        fields["cvr"] = None
    organisation = await session.get(Organisation, known.entry_id)
    if organisation is None:
        organisation = Organisation(tenant=partner.tenant, id=known.entry_id, version=0, **fields)
        session.add(organisation)
    organisation.sqlmodel_update(fields | _assured(partner, source_id, on))
    organisation.version += 1


async def close_organisation(session: AsyncSession, partner: Partner, source_id: str, sequence: int, on: date) -> None:
    known = await _news(session, partner, Noun.ORGANISATION, source_id, sequence)
    organisation = await session.get(Organisation, known.entry_id) if known else None
    if organisation is not None and organisation.closed_on is None:
        await _close(session, organisation, on)


async def show_activity(
    session: AsyncSession, partner: Partner, source_id: str, sequence: int, event: PartnerActivityPublished, on: date
) -> None:
    known = await _news(session, partner, Noun.ACTIVITY, source_id, sequence)
    if known is None:
        return
    owner = await _owner(session, partner, event, on)
    fields = activity_fields(event) | {"organisation_id": owner.id, "published_on": on}
    if owner.closed_on is not None:
        fields |= {"state": State.WITHDRAWN, "withdrawn_on": owner.closed_on}
    activity = await session.get(Activity, known.entry_id)
    if activity is None:
        activity = Activity(tenant=partner.tenant, id=known.entry_id, version=0, **fields)
        session.add(activity)
    else:
        fields["published_on"] = activity.published_on or on
    activity.sqlmodel_update(fields | _assured(partner, source_id, on))
    activity.version += 1


async def withdraw_activity(session: AsyncSession, partner: Partner, source_id: str, sequence: int, on: date) -> None:
    known = await _news(session, partner, Noun.ACTIVITY, source_id, sequence)
    activity = await session.get(Activity, known.entry_id) if known else None
    if activity is not None and activity.state is State.PUBLISHED:
        _withdraw(activity, on)


async def _news(
    session: AsyncSession, partner: Partner, kind: Noun, source_id: str, sequence: int
) -> PartnerEntry | None:
    """Where the entry stands, now at `sequence`; None if something newer was heard of it."""
    known = await repository.entry(session, partner, kind, source_id)
    if known is None:
        known = _entry(partner, kind, source_id)
        session.add(known)
    if sequence <= known.sequence:
        return None
    known.sequence = sequence
    return known


async def _owner(session: AsyncSession, partner: Partner, event: PartnerActivityPublished, on: date) -> Organisation:
    """Whose activity it is; told here for the first time if the organisation's own event is still on its way."""
    known = await repository.entry(session, partner, Noun.ORGANISATION, event.organisation_id)
    owner = await session.get(Organisation, known.entry_id) if known else None
    if owner is not None:
        return owner
    closed_on = on if known else None  # Then its end is all that was heard of it.
    if known is None:
        known = _entry(partner, Noun.ORGANISATION, event.organisation_id)
        session.add(known)
    owner = Organisation(
        tenant=partner.tenant,
        id=known.entry_id,
        name=event.organisation_name,
        kind=event.organisation_kind,
        sector=event.organisation_sector,
        closed_on=closed_on,
        **_assured(partner, event.organisation_id, on),
    )
    session.add(owner)
    await session.flush()
    return owner


def _entry(partner: Partner, kind: Noun, source_id: str) -> PartnerEntry:
    """One of which nothing has been heard yet."""
    return PartnerEntry(
        tenant=partner.tenant, partner_id=partner.id, kind=kind, source_id=source_id, entry_id=uuid7(), sequence=0
    )


async def _close(session: AsyncSession, organisation: Organisation, on: date) -> None:
    for activity in await repository.published_by(session, organisation.tenant, organisation.id):
        _withdraw(activity, on)
    organisation.closed_on = on
    organisation.version += 1


def _withdraw(activity: Activity, on: date) -> None:
    activity.state, activity.withdrawn_on = State.WITHDRAWN, on
    activity.version += 1


def _assured(partner: Partner, source_id: str, on: date) -> dict[str, Any]:
    return {"source": partner.source, "source_id": source_id, "assured_on": on, "assured_by": AssuredBy.PARTNER}
