"""What staff do with memberships: begin and end them."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.memberships import repository
from services.directory.memberships.models import Membership
from services.directory.memberships.rules import AlreadyMember, HasFriendship, suitable
from services.directory.memberships.schemas import NewMembership
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.rules import OrganisationClosed, day_of_fact, not_ended
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.errors import Invalid
from shared.events.directory import MembershipEnded, MembershipKind, MembershipStarted
from shared.events.kinds import OrganisationKind


async def start(session: AsyncSession, tenant: str, new: NewMembership) -> Membership:
    organisation = await organisations.find(session, tenant, new.organisation_id, lock=True)
    if organisation is None:
        raise Invalid.field("organisation_id", "findes ikke", "does not exist")
    if organisation.closed_on is not None:
        raise OrganisationClosed
    suitable(new.kind, organisation.kind)
    day = day_of_fact("started_on", new.started_on, today=clock.today(), may_backdate=True)
    membership = Membership(tenant=tenant, organisation_id=organisation.id, kind=new.kind, started_on=day)
    session.add(membership)
    await store(session, memberships_open=AlreadyMember)
    event = MembershipStarted(
        organisation_id=organisation.id, organisation_kind=organisation.kind, kind=membership.kind, started_on=day
    )
    await record(session, membership, event, on=day)
    return membership


async def end(session: AsyncSession, tenant: str, id: UUID, ended_on: date | None, expected: Expected) -> Membership:
    membership = await repository.get(session, tenant, id, lock=True)
    expected(membership.version)
    not_ended(membership.ended_on)
    day = day_of_fact("ended_on", ended_on, today=clock.today(), may_backdate=True, not_before=membership.started_on)
    organisation = await organisations.get(session, tenant, membership.organisation_id)
    await _end(session, membership, organisation, day)
    return membership


async def end_all(session: AsyncSession, organisation: Organisation, day: date) -> None:
    """End what is open when the organisation closes; none of it before it began."""
    for membership in await repository.open_of(session, organisation.tenant, organisation.id):
        await _end(session, membership, organisation, max(day, membership.started_on))


async def allow_kind(session: AsyncSession, organisation: Organisation, kind: OrganisationKind) -> None:
    """Refuse to make something else of a company while it is a company friend. The organisation is locked."""
    if kind is OrganisationKind.COMPANY or organisation.kind is not OrganisationKind.COMPANY:
        return
    held = await repository.open_of(session, organisation.tenant, organisation.id)
    if any(membership.kind is MembershipKind.COMPANY_FRIEND for membership in held):
        raise HasFriendship


async def _end(session: AsyncSession, membership: Membership, organisation: Organisation, day: date) -> None:
    membership.ended_on = day
    membership.version += 1
    event = MembershipEnded(
        organisation_id=organisation.id, organisation_kind=organisation.kind, kind=membership.kind, ended_on=day
    )
    await record(session, membership, event, on=day)
