"""Every question about gatherings. Each names the tenant, although row-level security would hide the others' rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal_column, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import GatheringState
from shared.errors import NotFound
from shared.events.gatherings import GatheringKind
from shared.paging import PageRequest, paginate


@dataclass(frozen=True)
class Filters:
    internal_too: bool
    first: datetime | None = None
    until: datetime | None = None
    kind: GatheringKind | None = None
    state: GatheringState | None = None
    locality: str | None = None
    topic: str | None = None
    series: str | None = None
    organiser: UUID | None = None
    words: str | None = None


async def get(session: AsyncSession, tenant: str, id: UUID, *, internal_too: bool, lock: bool = False) -> Gathering:
    query = select(Gathering).where(Gathering.tenant == tenant, Gathering.id == id)
    gathering = (await session.exec(query.with_for_update() if lock else query)).first()
    if gathering is None or (gathering.internal and not internal_too):
        raise NotFound
    return gathering


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: PageRequest
) -> tuple[Sequence[Gathering], str | None]:
    return await paginate(session, _chosen(tenant, filters), Gathering.id, paging)


async def in_order_of_time(session: AsyncSession, tenant: str, filters: Filters, most: int) -> Sequence[Gathering]:
    query = _chosen(tenant, filters).order_by(col(Gathering.starts_at), col(Gathering.id)).limit(most)
    return (await session.exec(query)).all()


def _chosen(tenant: str, filters: Filters) -> SelectOfScalar[Gathering]:
    query = select(Gathering).where(Gathering.tenant == tenant)
    if not filters.internal_too:
        query = query.where(col(Gathering.internal).is_(False))
    if filters.first:
        query = query.where(Gathering.starts_at >= filters.first)
    if filters.until:
        query = query.where(Gathering.starts_at < filters.until)
    if filters.organiser:
        query = query.where(col(Gathering.organisers).contains([{"organisation_id": str(filters.organiser)}]))
    if filters.words:
        # By Danish stems, or as a piece of the title: Danish writes "busture" and "Fællesskabsbussen" in one word.
        words = func.websearch_to_tsquery(literal_column("'danish'::regconfig"), filters.words)
        piece = col(Gathering.title).icontains(filters.words, autoescape=True)
        query = query.where(or_(literal_column("gatherings.search").op("@@")(words), piece))
    for column, wanted in (
        (Gathering.kind, filters.kind),
        (Gathering.state, filters.state),
        (Gathering.locality, filters.locality),
        (Gathering.topic, filters.topic),
        (Gathering.series, filters.series),
    ):
        if wanted:
            query = query.where(col(column) == wanted)
    return query
