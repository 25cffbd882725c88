"""What staff do with initiatives: begin and end them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.initiatives import repository
from services.directory.initiatives.models import Initiative, InitiativePartner
from services.directory.initiatives.rules import started
from services.directory.initiatives.schemas import NewInitiative
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.organisations.rules import designation
from services.directory.rules import day_of_fact, not_ended
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.errors import FieldError, Invalid, Text
from shared.events.directory import InitiativeEnded, Partner


async def start(session: AsyncSession, tenant: str, new: NewInitiative) -> Initiative:
    partners = await _partners(session, tenant, new.partner_ids)
    day = day_of_fact("started_on", new.started_on, today=clock.today(), may_backdate=True)
    initiative = Initiative(tenant=tenant, title=new.title, area=new.area, started_on=day)
    initiative.partners = [
        InitiativePartner(tenant=tenant, initiative_id=initiative.id, organisation_id=partner.id)
        for partner in partners
    ]
    session.add(initiative)
    await store(session)
    said = [
        Partner(organisation_id=each.id, kind=each.kind, sector=each.sector, unit=designation(each.name, each.kind))
        for each in partners
    ]
    await record(session, initiative, started(said, new.area, day), on=day)
    return initiative


async def end(session: AsyncSession, tenant: str, id: UUID, ended_on: date | None, expected: Expected) -> Initiative:
    initiative = await repository.get(session, tenant, id, lock=True)
    expected(initiative.version)
    not_ended(initiative.ended_on)
    day = day_of_fact("ended_on", ended_on, today=clock.today(), may_backdate=True, not_before=initiative.started_on)
    initiative.ended_on = day
    initiative.version += 1
    await record(session, initiative, InitiativeEnded(ended_on=day), on=day)
    return initiative


async def _partners(session: AsyncSession, tenant: str, ids: Sequence[UUID]) -> list[Organisation]:
    """Those named, each once. A closed one is accepted: it may have taken part when it was still open."""
    known = await organisations.those_of(session, tenant, ids)
    unknown = [
        FieldError(f"partner_ids[{position}]", Text("findes ikke", "does not exist"))
        for position, id in enumerate(ids)
        if id not in known
    ]
    if unknown:
        raise Invalid(errors=unknown)
    return [known[id] for id in dict.fromkeys(ids)]
