"""What organisations and staff do with premises: register, correct, close."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.premises import repository
from services.directory.premises.models import Premises
from services.directory.premises.rules import PremisesClosed
from services.directory.premises.schemas import NewPremises, PremisesChange
from services.directory.reviews.usecases import shown_at_once
from services.directory.rules import OrganisationClosed, day_of_fact
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.auth import Principal
from shared.errors import Forbidden, Invalid
from shared.events.registers import PremisesClosed as Closed
from shared.events.registers import PremisesRegistered


async def register(session: AsyncSession, tenant: str, new: NewPremises, caller: Principal) -> Premises:
    """The centre's own premises belong to no organisation; only staff enter them."""
    if not caller.may_act_for(new.organisation_id):
        raise Forbidden
    owner = await _owner(session, tenant, new.organisation_id)
    await shown_at_once(session, tenant, caller)
    day = day_of_fact("registered_on", new.registered_on, today=clock.today(), may_backdate=caller.is_staff)
    premises = Premises(
        tenant=tenant,
        **new.model_dump(exclude={"registered_on"}) | {"organisation_id": owner.id if owner else None},
        registered_on=day,
    )
    session.add(premises)
    await store(session)
    await record(session, premises, PremisesRegistered(**_said(premises, owner), registered_on=day), on=day)
    return premises


async def change(
    session: AsyncSession, tenant: str, id: UUID, wanted: PremisesChange, caller: Principal, expected: Expected
) -> Premises:
    premises = await _held(session, tenant, id, caller, expected)
    before = premises.model_dump()
    after = before | wanted.model_dump(exclude_unset=True)
    if after != before:
        await shown_at_once(session, tenant, caller)
        premises.sqlmodel_update(after)
        premises.version += 1
        await store(session)
    return premises


async def close(
    session: AsyncSession, tenant: str, id: UUID, closed_on: date | None, caller: Principal, expected: Expected
) -> Premises:
    premises = await _held(session, tenant, id, caller, expected)
    day = day_of_fact(
        "closed_on",
        closed_on,
        today=clock.today(),
        may_backdate=caller.is_staff,
        not_before=premises.registered_on,
    )
    owner = None
    if premises.organisation_id:
        owner = await organisations.find(session, tenant, premises.organisation_id)
    await _close(session, premises, owner, day)
    return premises


async def close_all(session: AsyncSession, organisation: Organisation, day: date) -> None:
    """Close what is open when the organisation closes; none of it before it was registered."""
    for premises in await repository.open_of(session, organisation.tenant, organisation.id):
        await _close(session, premises, organisation, max(day, premises.registered_on))


async def _owner(session: AsyncSession, tenant: str, id: UUID | None) -> Organisation | None:
    if id is None:
        return None
    organisation = await organisations.find(session, tenant, id)
    if organisation is None:
        raise Invalid.field("organisation_id", "findes ikke", "does not exist")
    if organisation.closed_on is not None:
        raise OrganisationClosed
    return organisation


async def _held(session: AsyncSession, tenant: str, id: UUID, caller: Principal, expected: Expected) -> Premises:
    premises = await repository.held(session, tenant, id)
    if not caller.may_act_for(premises.organisation_id):
        raise Forbidden
    expected(premises.version)
    if premises.closed_on is not None:
        raise PremisesClosed
    return premises


def _said(premises: Premises, owner: Organisation | None) -> dict[str, Any]:
    """What every event about premises says."""
    return {
        "organisation_id": premises.organisation_id,
        "publisher_kind": owner.kind if owner else None,
        "publisher_sector": owner.sector if owner else None,
        "locality": premises.locality,
    }


async def _close(session: AsyncSession, premises: Premises, owner: Organisation | None, day: date) -> None:
    premises.closed_on = day
    premises.version += 1
    await store(session)
    await record(session, premises, Closed(**_said(premises, owner), closed_on=day), on=day)
