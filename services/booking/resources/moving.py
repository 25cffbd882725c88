"""A part that comes to belong to another whole, or to none: what is booked goes along, if there is room for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository as bookings
from services.booking.bookings.rules import HORIZON, LONGEST
from services.booking.resources import repository
from services.booking.resources.models import Resource
from services.booking.resources.rules import WIDTH, NoRoomForParts, Period, ResourceState, Span
from services.booking.resources.schemas import PeriodAnswer
from services.booking.resources.usecases import ResourceIsClosed
from services.booking.waiting import usecases as line
from shared.clock import now
from shared.errors import Conflict, Invalid, NotFound, Text

# As stretches within the old place lie in the new one. Each is whole: widths are powers of the number of parts.
THERE = ":to_begin + (span_from - :begin) * :to_size / :size, :to_begin + (span_to - :begin) * :to_size / :size"
WITHIN = "tenant = :tenant and span_from >= :begin and span_to <= :end"
# What is over stays where it was: it is in nobody's way, and history is not rewritten.
BOOKINGS = text(f"""
    update bookings set (span_from, span_to) = row({THERE})
    where {WITHIN} and tree = :tree and blocked_until > :now
""")  # noqa: S608 -- Put together from constants, here and below.
ROWS = text(f"""
    select 1 from bookings where {WITHIN} and tree = :tree and blocked_until > :now order by id for update
""")  # noqa: S608
REST = [
    text(f"update waiting set (span_from, span_to) = row({THERE}) where {WITHIN}"),  # noqa: S608
    text(f"update outside_busy set (span_from, span_to) = row({THERE}) where {WITHIN}"),  # noqa: S608
    text(f"update resources set (span_from, span_to) = row({THERE}) where {WITHIN}"),  # noqa: S608
]
IN_THE_WAY = text(f"""
    select distinct there.starts_at, there.ends_at from bookings here, bookings there
    where here.{WITHIN.replace("and span", "and here.span")} and here.tree = :tree and here.blocked_until > :now
    and there.tenant = here.tenant and there.tree = :to_tree and there.span_from < :to_begin + :to_size
    and there.span_to > :to_begin and there.during && here.during
    and here.state not in ('declined', 'cancelled') and there.state not in ('declined', 'cancelled')
    order by 1, 2 limit 5
""")  # noqa: S608


class NoRoomThere(Conflict):
    slug = "no-room-there"
    title = Text("Der er optaget, når den selv er booket", "It is taken there when this one is booked, too")


async def move(session: AsyncSession, resource: Resource, parent_id: UUID | None) -> None:
    """`resource` is locked for a change."""
    if resource.state is ResourceState.CLOSED:
        raise ResourceIsClosed
    if parent_id == resource.parent_id:
        return
    at = now()
    here = Span(resource.span_from, resource.span_to)
    parent = await _lock(session, resource, here, parent_id)
    there = Span(parent.span_from, parent.span_to).part(parent.parts) if parent else Span.whole(resource.number)
    await _check_depth(session, resource.tenant, here, there)
    where: dict[str, Any] = {
        "tenant": resource.tenant, "begin": here.begin, "end": here.end, "size": here.end - here.begin,
        "tree": here.tree, "to_begin": there.begin, "to_size": there.end - there.begin, "to_tree": there.tree,
        "now": at,
    }  # fmt: skip
    # As whoever cancels does: rows before trees.
    await (await session.connection()).execute(ROWS, where)
    for tree in sorted({here.tree, there.tree}):
        await bookings.lock_tree(session, Span(tree * WIDTH, tree * WIDTH))
    await _carry(session, where, there, at)
    resource.parent_id = parent_id
    resource.version += 1
    if parent:
        parent.parts += 1
    await session.flush()
    await session.refresh(resource)
    for span in (here, there):
        await line.pass_on(session, resource.tenant, span, at)


async def _lock(session: AsyncSession, resource: Resource, here: Span, parent_id: UUID | None) -> Resource | None:
    """What lies within, so that nobody books it meanwhile, and where it is to be; in order."""
    inner = [part.id for part in await _within(session, resource.tenant, here) if part.id != resource.id]
    if parent_id == resource.id or parent_id in inner:
        raise Invalid.field("parent_id", "er selv en del af den", "is a part of it itself")
    locked = {}
    for id in sorted([*inner, *([parent_id] if parent_id else [])]):
        try:
            locked[id] = await repository.get(session, resource.tenant, id, lock="change")
        except NotFound:
            raise Invalid.field("parent_id", "findes ikke", "does not exist") from None
    parent = locked[parent_id] if parent_id else None
    if parent and parent.state is ResourceState.CLOSED:
        raise Invalid.field("parent_id", "kan ikke længere bookes", "can no longer be booked")
    return parent


async def _within(session: AsyncSession, tenant: str, span: Span) -> list[Resource]:
    query = select(Resource).where(
        Resource.tenant == tenant, col(Resource.span_from) >= span.begin, col(Resource.span_to) <= span.end
    )
    return [*(await session.exec(query.order_by(col(Resource.id)))).all()]


async def _check_depth(session: AsyncSession, tenant: str, here: Span, there: Span) -> None:
    """Its own parts must fit, too."""
    smallest = min(part.span_to - part.span_from for part in await _within(session, tenant, here))
    if smallest * (there.end - there.begin) < here.end - here.begin:
        raise NoRoomForParts


async def _carry(session: AsyncSession, where: dict[str, Any], there: Span, at: datetime) -> None:
    connection = await session.connection()
    await bookings.sweep(session, where["tenant"], there, at, at + HORIZON + LONGEST, at)
    try:
        async with session.begin_nested():
            await (await session.connection()).execute(BOOKINGS, where)
    except IntegrityError as error:
        if not isinstance(error.orig, ExclusionViolation):
            raise
        taken = (await connection.execute(IN_THE_WAY, where)).all()
        times = [PeriodAnswer.model_validate(Period(*each)).model_dump(mode="json") for each in taken]
        raise NoRoomThere(taken=times) from None
    for statement in REST:
        await connection.execute(statement, where)
