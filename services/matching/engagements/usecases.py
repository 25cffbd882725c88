"""What staff do with companies' help: note the promise, note that it was kept."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.matching.engagements import repository
from services.matching.engagements.models import Engagement
from services.matching.engagements.rules import AlreadyHeld, EngagementState, day_held, helped
from services.matching.engagements.schemas import NewEngagement
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.events.matching import EngagementAgreed, EngagementHeld


async def agree(session: AsyncSession, tenant: str, new: NewEngagement) -> Engagement:
    helped(new.company_id, new.organisation_id)
    engagement = Engagement(tenant=tenant, agreed_at=clock.now(), **new.model_dump())
    session.add(engagement)
    await session.flush()
    event = EngagementAgreed(
        company_id=engagement.company_id, organisation_id=engagement.organisation_id, kind=engagement.kind
    )
    await record(session, engagement, event)
    return engagement


async def hold(
    session: AsyncSession, tenant: str, id: UUID, held_on: date, hours: float | None, expected: Expected
) -> Engagement:
    engagement = await repository.get(session, tenant, id, lock=True)
    expected(engagement.version)
    if engagement.state is EngagementState.HELD:
        raise AlreadyHeld
    engagement.held_on = day_held(held_on, today=clock.today())
    engagement.hours = hours
    engagement.state = EngagementState.HELD
    engagement.version += 1
    event = EngagementHeld(
        company_id=engagement.company_id,
        organisation_id=engagement.organisation_id,
        kind=engagement.kind,
        held_on=held_on,
        hours=hours,
    )
    await record(session, engagement, event, on=held_on)
    return engagement
