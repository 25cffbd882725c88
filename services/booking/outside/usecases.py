"""What is done with a calendar that is kept elsewhere: set by staff, read by the worker, again and again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.messages.sealing import Seals
from services.booking.outside import repository
from services.booking.outside.models import OutsideCalendar
from services.booking.outside.rules import EVERY, Failure
from services.booking.outside.schemas import OutsideCalendarAnswer
from services.booking.resources import repository as resources
from services.booking.resources.rules import Period
from shared.clock import now
from shared.errors import Invalid, NotFound


@dataclass(frozen=True)
class Job:
    """A calendar that is ours to read now."""

    tenant: str
    resource_id: UUID
    address: bytes


async def put(session: AsyncSession, tenant: str, resource_id: UUID, url: str, seals: Seals) -> OutsideCalendarAnswer:
    """The worker reads it within seconds."""
    resource = await resources.get(session, tenant, resource_id, lock="share")
    address = seals.seal(url, field="url")
    if address is None:
        raise Invalid.field("url", "skal udfyldes", "is required")
    at = now()
    await repository.put(
        session, OutsideCalendar(resource_id=resource.id, tenant=tenant, address=address, set_at=at, due_at=at)
    )
    return await show(session, tenant, resource_id)


async def show(session: AsyncSession, tenant: str, resource_id: UUID) -> OutsideCalendarAnswer:
    calendar = await repository.get(session, tenant, resource_id)
    periods = await repository.count(session, tenant, resource_id)
    shown = calendar.model_dump(exclude={"address", "tenant", "due_at"})
    return OutsideCalendarAnswer(**shown, busy_periods=periods)


async def remove(session: AsyncSession, tenant: str, resource_id: UUID) -> None:
    calendar = await repository.get(session, tenant, resource_id, lock=True)
    await repository.remove(session, tenant, calendar.resource_id)


async def take(session: AsyncSession, limit: int) -> list[Job]:
    """Those that are due. Whoever takes one and dies leaves it to the next round but one."""
    found = await repository.due(session, now(), limit)
    for calendar in found:
        calendar.due_at = now() + EVERY
    return [Job(calendar.tenant, calendar.resource_id, calendar.address) for calendar in found]


async def note(session: AsyncSession, job: Job, outcome: list[Period] | Failure, seals: Seals) -> None:
    """What became of it, unless staff have set another one in the meantime. A failure leaves what was read before."""
    try:
        calendar = await repository.get(session, job.tenant, job.resource_id, lock=True)
    except NotFound:
        return
    if calendar.address != job.address:
        return
    if isinstance(outcome, Failure):
        calendar.failure, calendar.failed_at = outcome, now()
        return
    await repository.replace(session, await resources.get(session, job.tenant, job.resource_id), outcome)
    calendar.fetched_at, calendar.failure, calendar.failed_at = now(), None, None
    calendar.address = seals.renewed(job.address) or job.address


def window(at: datetime, ahead: timedelta) -> Period:
    return Period(at - timedelta(days=1), at + ahead)
