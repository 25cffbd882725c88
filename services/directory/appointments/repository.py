"""Every question about appointments."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.appointments.models import Appointment
from shared.errors import NotFound
from shared.events.registers import AppointmentRole
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    body_id: UUID | None = None
    role: AppointmentRole | None = None
    locality: str | None = None
    ended: bool = False


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Appointment:
    query = select(Appointment).where(Appointment.tenant == tenant, Appointment.id == id)
    if appointment := (await session.exec(query.with_for_update() if lock else query)).first():
        return appointment
    raise NotFound


async def open_of(session: AsyncSession, tenant: str, body_id: UUID) -> Sequence[Appointment]:
    """Those that have not ended, locked, in an order that all who lock several agree on."""
    query = select(Appointment).where(
        Appointment.tenant == tenant, Appointment.body_id == body_id, col(Appointment.ended_on).is_(None)
    )
    return (await session.exec(query.order_by(col(Appointment.id)).with_for_update())).all()


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Appointment], str | None]:
    query = select(Appointment).where(Appointment.tenant == tenant)
    if filters.body_id:
        query = query.where(Appointment.body_id == filters.body_id)
    if filters.role:
        query = query.where(Appointment.role == filters.role)
    if filters.locality:
        query = query.where(func.lower(Appointment.locality) == filters.locality.lower())
    if not filters.ended:
        query = query.where(col(Appointment.ended_on).is_(None))
    return await paginate(session, query, Appointment.id, paging)
