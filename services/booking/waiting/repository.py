"""Every question about the line. Each names the tenant; the worker asks for all of them, one after another."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.resources.rules import Span
from services.booking.waiting.models import Waiting
from services.booking.waiting.rules import WaitingState
from shared.errors import NotFound
from shared.paging import PageRequest, paginate

# Of a longer line the rest is looked at when these have moved on.
AT_ONCE = 200


class Line(NamedTuple):
    tenant: str
    span: Span


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Waiting:
    query = select(Waiting).where(Waiting.tenant == tenant, Waiting.id == id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    if waiting := (await session.exec(query)).first():
        return waiting
    raise NotFound


async def line(session: AsyncSession, tenant: str, span: Span, now: datetime) -> Sequence[Waiting]:
    """Those who wait for anything within that stretch or around it, in order, locked. The tree is locked."""
    query = select(Waiting).where(
        Waiting.tenant == tenant,
        Waiting.state == WaitingState.WAITING,
        col(Waiting.span_from) < span.end,
        col(Waiting.span_to) > span.begin,
        col(Waiting.latest) > now,
    )
    return (await session.exec(query.order_by(col(Waiting.id)).limit(AT_ONCE).with_for_update())).all()


async def lines(session: AsyncSession, over: Iterable[tuple[str, UUID]], now: datetime) -> list[Line]:
    """Where somebody waits for a time to come, or has let their offer pass, in all centres."""
    query = (
        select(Waiting.tenant, Waiting.span_from)
        .where(
            or_(
                (col(Waiting.state) == WaitingState.WAITING) & (col(Waiting.latest) > now),
                col(Waiting.id).in_([id for _, id in over]),
            )
        )
        .distinct()
    )
    trees = {(tenant, Span(begin, begin).tree) for tenant, begin in (await session.exec(query)).all()}
    return [Line(tenant, Span.whole(tree)) for tenant, tree in sorted(trees)]


async def offered(session: AsyncSession, tenant: str, span: Span) -> Sequence[Waiting]:
    """Who has an offer and has not answered, locked. The tree is locked."""
    query = select(Waiting).where(
        Waiting.tenant == tenant,
        Waiting.state == WaitingState.OFFERED,
        col(Waiting.span_from) < span.end,
        col(Waiting.span_to) > span.begin,
    )
    return (await session.exec(query.order_by(col(Waiting.id)).with_for_update())).all()


async def of_series(session: AsyncSession, tenant: str, series_id: UUID) -> Sequence[Waiting]:
    query = select(Waiting).where(Waiting.tenant == tenant, Waiting.series_id == series_id)
    return (await session.exec(query.order_by(col(Waiting.id)))).all()


async def page(
    session: AsyncSession, tenant: str, paging: PageRequest, *, state: WaitingState | None, resource_id: UUID | None
) -> tuple[Sequence[Waiting], str | None]:
    query = select(Waiting).where(Waiting.tenant == tenant)
    if state:
        query = query.where(Waiting.state == state)
    if resource_id:
        query = query.where(Waiting.resource_id == resource_id)
    return await paginate(session, query, Waiting.id, paging)
