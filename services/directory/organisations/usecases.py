"""What staff do with organisations: register, correct, close; and what an association corrects of itself."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

import services.directory.activities.usecases as activities
import services.directory.contacts.usecases as contacts
import services.directory.memberships.usecases as memberships
import services.directory.premises.usecases as premises
from services.directory.conflicts import store
from services.directory.organisations import repository
from services.directory.organisations.models import Organisation
from services.directory.organisations.rules import CvrTaken, lives, own_words
from services.directory.organisations.schemas import NewOrganisation, OrganisationChange
from services.directory.partners import repository as partners
from services.directory.reviews.usecases import shown_at_once
from services.directory.rules import OrganisationClosed, day_of_fact
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.auth import Principal
from shared.errors import Forbidden
from shared.events.directory import OrganisationClosed as Closed
from shared.events.directory import OrganisationRegistered, OrganisationUpdated
from shared.events.registers import NetworkStageChanged

Described = TypeVar("Described", OrganisationRegistered, OrganisationUpdated)


async def register(session: AsyncSession, tenant: str, new: NewOrganisation) -> Organisation:
    lives(new.kind, new.life)
    organisation = Organisation(tenant=tenant, **new.model_dump())
    session.add(organisation)
    await store(session, organisations_cvr=CvrTaken)
    await record(session, organisation, _described(OrganisationRegistered, organisation))
    return organisation


async def change(
    session: AsyncSession, tenant: str, id: UUID, wanted: OrganisationChange, caller: Principal, expected: Expected
) -> Organisation:
    """An association corrects what it says of itself; what it is to the centre is staff's to say."""
    if not caller.may_act_for(id):
        raise Forbidden
    given = wanted.model_dump(exclude_unset=True)
    if not caller.is_staff:
        own_words(given)
    organisation = await _open(session, tenant, id, expected)
    before = organisation.model_dump()
    after = before | given
    if after == before:
        return organisation
    await shown_at_once(session, tenant, caller)
    lives(after["kind"], after["life"])
    await memberships.allow_kind(session, organisation, after["kind"])
    organisation.sqlmodel_update(after)
    organisation.version += 1
    await store(session, organisations_cvr=CvrTaken)
    await record(session, organisation, _described(OrganisationUpdated, organisation))
    if organisation.life is not None and organisation.life is not before["life"]:
        event = NetworkStageChanged(life=organisation.life, locality=organisation.locality)
        await record(session, organisation, event)
    return organisation


async def close(
    session: AsyncSession, tenant: str, id: UUID, closed_on: date | None, expected: Expected
) -> Organisation:
    """What a closed organisation was part of ends with it: memberships, what it showed, and who spoke for it."""
    organisation = await _open(session, tenant, id, expected)
    day = day_of_fact("closed_on", closed_on, today=clock.today(), may_backdate=True)
    await memberships.end_all(session, organisation, day)
    await activities.withdraw_all(session, organisation, day)
    await premises.close_all(session, organisation, day)
    await contacts.end_all(session, organisation)
    organisation.closed_on = day
    organisation.version += 1
    await record(session, organisation, Closed(kind=organisation.kind, sector=organisation.sector), on=day)
    return organisation


async def _open(session: AsyncSession, tenant: str, id: UUID, expected: Expected) -> Organisation:
    organisation = await repository.get(session, tenant, id, lock=True)
    await partners.ours(session, tenant, id)
    expected(organisation.version)
    if organisation.closed_on is not None:
        raise OrganisationClosed
    return organisation


def _described(kind: type[Described], organisation: Organisation) -> Described:
    return kind(
        kind=organisation.kind, sector=organisation.sector, locality=organisation.locality, life=organisation.life
    )
