"""What staff do with observations: record what they read, take back what was wrong."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.goals.schemas import written
from services.kpi.observations import repository
from services.kpi.observations.models import Observation
from services.kpi.observations.schemas import NewObservation
from services.kpi.people import dated
from shared.auth import Principal
from shared.clock import fact_time, now
from shared.errors import Conflict, Text
from shared.events.kpi import ObservationRecorded, ObservationRetracted
from shared.messaging.outbox import Row, emit, row


class AlreadyRetracted(Conflict):
    slug = "already-retracted"
    title = Text("Observationen er allerede trukket tilbage", "The observation has already been retracted")


async def record(session: AsyncSession, tenant: str, new: NewObservation, caller: Principal) -> Observation:
    """Take down a number. It wins over older days of its series, and over the same day's earlier ones."""
    [observation] = await record_all(session, tenant, [new], caller)
    return observation


async def record_all(
    session: AsyncSession, tenant: str, news: Sequence[NewObservation], caller: Principal
) -> list[Observation]:
    """Take down many at once, in their order: a later one of the same series and day corrects an earlier one."""
    observations = [
        Observation(
            tenant=tenant,
            series=new.series,
            value=new.value,
            observed_on=dated(new.observed_on, caller, "observed_on"),
            evidence=new.evidence,
            recorded_by=caller.subject,
        )
        for new in news
    ]
    await repository.record(session, observations, [_told(observation) for observation in observations])
    return observations


def _told(observation: Observation) -> Row:
    event = ObservationRecorded(
        series=observation.series, value=written(observation.value), observed_on=observation.observed_on
    )
    time = fact_time(observation.observed_on)
    return row(event, tenant=observation.tenant, subject=observation.id, time=time)


async def retract(session: AsyncSession, observation: Observation, reason: str, caller: Principal) -> None:
    """The series says again what it said without it. `observation` is locked."""
    if observation.retracted_at is not None:
        raise AlreadyRetracted
    observation.retracted_at, observation.retracted_by, observation.retract_reason = now(), caller.subject, reason
    observation.version += 1
    await session.flush()
    event = ObservationRetracted(series=observation.series, observed_on=observation.observed_on)
    await emit(session, event, tenant=observation.tenant, subject=observation.id, sequence=observation.version)
