"""What staff do with organisations: register, correct, close."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

import services.directory.activities.usecases as activities
import services.directory.memberships.usecases as memberships
from services.directory.conflicts import store
from services.directory.organisations import repository
from services.directory.organisations.models import Organisation
from services.directory.organisations.rules import CvrTaken
from services.directory.organisations.schemas import NewOrganisation, OrganisationChange
from services.directory.partners import repository as partners
from services.directory.rules import OrganisationClosed, day_of_fact
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.events.directory import OrganisationClosed as Closed
from shared.events.directory import OrganisationRegistered, OrganisationUpdated


async def register(session: AsyncSession, tenant: str, new: NewOrganisation) -> Organisation:
    organisation = Organisation(tenant=tenant, **new.model_dump())
    session.add(organisation)
    await store(session, organisations_cvr=CvrTaken)
    await record(
        session,
        organisation,
        OrganisationRegistered(kind=organisation.kind, sector=organisation.sector, locality=organisation.locality),
    )
    return organisation


async def change(
    session: AsyncSession, tenant: str, id: UUID, wanted: OrganisationChange, expected: Expected
) -> Organisation:
    organisation = await _open(session, tenant, id, expected)
    before = organisation.model_dump()
    after = before | wanted.model_dump(exclude_unset=True)
    if after == before:
        return organisation
    await memberships.allow_kind(session, organisation, after["kind"])
    organisation.sqlmodel_update(after)
    organisation.version += 1
    await store(session, organisations_cvr=CvrTaken)
    await record(
        session,
        organisation,
        OrganisationUpdated(kind=organisation.kind, sector=organisation.sector, locality=organisation.locality),
    )
    return organisation


async def close(
    session: AsyncSession, tenant: str, id: UUID, closed_on: date | None, expected: Expected
) -> Organisation:
    """What a closed organisation was part of ends with it: its memberships, and the activities it showed."""
    organisation = await _open(session, tenant, id, expected)
    day = day_of_fact("closed_on", closed_on, today=clock.today(), may_backdate=True)
    await memberships.end_all(session, organisation, day)
    await activities.withdraw_all(session, organisation, day)
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
