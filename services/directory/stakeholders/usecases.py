"""What staff do with registers: designate and remove stakeholders."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.rules import day_of_fact, not_ended
from services.directory.stakeholders import repository
from services.directory.stakeholders.models import Stakeholder
from services.directory.stakeholders.schemas import NewStakeholder
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.events.directory import StakeholderDesignated, StakeholderRemoved


async def designate(session: AsyncSession, tenant: str, new: NewStakeholder) -> Stakeholder:
    day = day_of_fact("designated_on", new.designated_on, today=clock.today(), may_backdate=True)
    stakeholder = Stakeholder(
        tenant=tenant, in_register=new.in_register, name=new.name, sector=new.sector, designated_on=day
    )
    session.add(stakeholder)
    await store(session)
    event = StakeholderDesignated(register=stakeholder.in_register, sector=stakeholder.sector)
    await record(session, stakeholder, event, on=day)
    return stakeholder


async def remove(
    session: AsyncSession, tenant: str, id: UUID, removed_on: date | None, expected: Expected
) -> Stakeholder:
    """The entry stays, with its last day: what was shown to the stakeholder while it stood there must add up."""
    stakeholder = await repository.get(session, tenant, id, lock=True)
    expected(stakeholder.version)
    not_ended(stakeholder.removed_on)
    day = day_of_fact(
        "removed_on",
        removed_on,
        today=clock.today(),
        may_backdate=True,
        not_before=stakeholder.designated_on,
    )
    stakeholder.removed_on = day
    stakeholder.version += 1
    await record(session, stakeholder, StakeholderRemoved(register=stakeholder.in_register), on=day)
    return stakeholder
