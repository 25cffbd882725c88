"""What staff do with initiatives: begin and end them."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory import parties
from services.directory.conflicts import store
from services.directory.initiatives import repository
from services.directory.initiatives.models import Initiative, InitiativePartner
from services.directory.initiatives.rules import started
from services.directory.initiatives.schemas import NewInitiative
from services.directory.rules import day_of_fact, not_ended
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.events.directory import InitiativeEnded


async def start(session: AsyncSession, tenant: str, new: NewInitiative) -> Initiative:
    found = await parties.known(session, tenant, "partner_ids", new.partner_ids)
    day = day_of_fact("started_on", new.started_on, today=clock.today(), may_backdate=True)
    initiative = Initiative(tenant=tenant, title=new.title, area=new.area, started_on=day)
    initiative.partners = [
        InitiativePartner(tenant=tenant, initiative_id=initiative.id, organisation_id=partner.id) for partner in found
    ]
    session.add(initiative)
    await store(session)
    await record(session, initiative, started(parties.said(found), new.area, day), on=day)
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
