"""What staff do with exposures: record that somebody was shown something."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.exposures import repository
from services.notify.exposures.models import Exposure
from services.notify.exposures.rules import AlreadyRecorded, day_exposed
from services.notify.exposures.schemas import NewExposure
from shared import clock
from shared.aggregate import record
from shared.events.notify import MaterialExposed


async def expose(session: AsyncSession, tenant: str, new: NewExposure) -> Exposure:
    """Once for the same stakeholder, material, channel and day: a goal counts members, and a list should not lie."""
    day = day_exposed(new.exposed_on, today=clock.today())
    exposure = Exposure(tenant=tenant, **{**new.model_dump(), "exposed_on": day})
    if existing := await repository.add(session, exposure):
        raise AlreadyRecorded(id=str(existing))
    event = MaterialExposed(
        register=exposure.in_register,
        stakeholder_id=exposure.stakeholder_id,
        material=exposure.material,
        channel=exposure.channel,
        exposed_on=day,
    )
    await record(session, exposure, event, on=day)
    return exposure
