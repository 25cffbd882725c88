"""Every question about deliveries. The sender and the tombstones work for all tenants at once; staff see their own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.deliveries.models import Delivery
from services.notify.deliveries.rules import State
from shared.paging import PageRequest, paginate

CHANNEL = "deliveries"
UNFINISHED = (State.PENDING, State.SENDING)


async def add(session: AsyncSession, delivery: Delivery) -> bool:
    """Whether it was new: one mail for one event to one contact, however often the event comes."""
    statement = insert(Delivery).values(delivery.model_dump()).on_conflict_do_nothing().returning(col(Delivery.id))
    added = (await (await session.connection()).execute(statement)).first() is not None
    if added:
        await wake(session)
    return added


async def wake(session: AsyncSession) -> None:
    """Tell the sender, when this commits, that there may be something to do."""
    await (await session.connection()).execute(text("select pg_notify(:channel, '')"), {"channel": CHANNEL})


async def newest_sequence(session: AsyncSession, tenant: str, subject_id: UUID) -> int:
    query = select(func.max(Delivery.sequence)).where(Delivery.tenant == tenant, Delivery.subject_id == subject_id)
    return (await session.exec(query)).one() or 0


async def due(session: AsyncSession, now: datetime, limit: int) -> Sequence[Delivery]:
    """Locked for us, the oldest first. Nothing overtakes an unfinished one about the same subject."""
    earlier = aliased(Delivery)
    blocked = select(earlier.id).where(
        earlier.tenant == Delivery.tenant,
        earlier.subject_id == Delivery.subject_id,
        earlier.contact_id == Delivery.contact_id,
        col(earlier.state).in_(UNFINISHED),
        col(earlier.sequence) < col(Delivery.sequence),
    )
    query = (
        select(Delivery)
        .where(col(Delivery.state).in_(UNFINISHED), Delivery.due_at <= now, ~blocked.exists())
        .order_by(col(Delivery.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query)).all()


async def taken(session: AsyncSession, id: UUID, attempt: int) -> Delivery | None:
    """The delivery, locked, if it is still ours: nobody has taken it again after our lease ran out."""
    query = select(Delivery).where(Delivery.id == id, Delivery.state == State.SENDING, Delivery.attempts == attempt)
    return (await session.exec(query.with_for_update())).first()


async def pending_for(session: AsyncSession, contact_id: UUID) -> Sequence[Delivery]:
    query = select(Delivery).where(Delivery.contact_id == contact_id, Delivery.state == State.PENDING)
    return (await session.exec(query.order_by(col(Delivery.id)).with_for_update())).all()


async def all_for(session: AsyncSession, contact_id: UUID) -> Sequence[Delivery]:
    return (await session.exec(select(Delivery).where(Delivery.contact_id == contact_id))).all()


async def pending_about(
    session: AsyncSession, tenant: str, survey_id: UUID, organisation_id: UUID | None, until: datetime
) -> Sequence[Delivery]:
    """What still waits to be sent about a survey, of those planned by then: to one association, or to all."""
    query = select(Delivery).where(
        Delivery.tenant == tenant,
        Delivery.survey_id == survey_id,
        Delivery.state == State.PENDING,
        Delivery.created_at <= until,
    )
    if organisation_id is not None:
        query = query.where(Delivery.organisation_id == organisation_id)
    return (await session.exec(query.order_by(col(Delivery.id)).with_for_update())).all()


async def hurry(session: AsyncSession, contact_id: UUID, now: datetime) -> None:
    """What waited for this contact, and nothing that a mail server has put off, is due now."""
    await session.exec(
        update(Delivery)
        .where(
            col(Delivery.contact_id) == contact_id,
            col(Delivery.state) == State.PENDING,
            col(Delivery.attempts) == 0,
        )
        .values(due_at=now)
    )


async def waiting(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many are neither sent nor given up, and since when the oldest is."""
    query = select(func.count(), func.min(Delivery.created_at)).where(col(Delivery.state).in_(UNFINISHED))
    return (await session.exec(query)).one()


async def page(
    session: AsyncSession,
    tenant: str,
    paging: PageRequest,
    *,
    state: State | None,
    booking_id: UUID | None,
    survey_id: UUID | None,
) -> tuple[Sequence[Delivery], str | None]:
    query = select(Delivery).where(Delivery.tenant == tenant)
    if state:
        query = query.where(Delivery.state == state)
    if booking_id:
        query = query.where(Delivery.subject_id == booking_id, col(Delivery.survey_id).is_(None))
    if survey_id:
        query = query.where(Delivery.survey_id == survey_id)
    return await paginate(session, query, Delivery.id, paging, newest_first=True)
