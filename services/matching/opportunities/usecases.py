"""What an association, or staff for it, does: look for volunteers, and stop looking."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.matching.opportunities import repository
from services.matching.opportunities.models import Opportunity
from services.matching.opportunities.rules import OpportunityState, closable, speaks_for
from services.matching.opportunities.schemas import NewOpportunity
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.auth import Principal
from shared.events.matching import OpportunityClosed, OpportunityPosted


async def post(session: AsyncSession, tenant: str, new: NewOpportunity, caller: Principal) -> Opportunity:
    speaks_for(caller.may_act_for(new.organisation_id))
    opportunity = Opportunity(tenant=tenant, posted_at=clock.now(), **new.model_dump())
    session.add(opportunity)
    await session.flush()
    event = OpportunityPosted(
        organisation_id=opportunity.organisation_id,
        kind=opportunity.kind,
        skills=opportunity.skills,
        locality=opportunity.locality,
    )
    await record(session, opportunity, event)
    return opportunity


async def close(session: AsyncSession, tenant: str, id: UUID, caller: Principal, expected: Expected) -> Opportunity:
    opportunity = await repository.get(session, tenant, id, lock=True)
    speaks_for(caller.may_act_for(opportunity.organisation_id))
    expected(opportunity.version)
    closable(opportunity.state)
    opportunity.state = OpportunityState.CLOSED
    opportunity.closed_at = clock.now()
    opportunity.version += 1
    event = OpportunityClosed(organisation_id=opportunity.organisation_id, kind=opportunity.kind)
    await record(session, opportunity, event)
    return opportunity
