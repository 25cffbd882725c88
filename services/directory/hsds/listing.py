"""Lists of HSDS documents: which rows, and how they are told; by pages, or one after the other."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.hsds.paging import PageRequest
from services.directory.hsds.taxonomies import Json
from shared.database import Database

AT_ONCE = 500
Tell = Callable[[AsyncSession, Sequence[Any]], Awaitable[list[Json]]]


@dataclass(frozen=True)
class Listing:
    query: Any
    key: Any
    """The column by which the list is in order, unique in it."""
    tell: Tell


def each(tell: Callable[[Any], Json]) -> Tell:
    """For documents that need nothing but their own row."""

    async def told(session: AsyncSession, rows: Sequence[Any]) -> list[Json]:
        return [tell(row) for row in rows]

    return told


async def page(session: AsyncSession, paging: PageRequest, *listings: Listing) -> Json:
    """One page of several lists, one behind the other."""
    contents: list[Json] = []
    before = 0
    for listing in listings:
        count = await _count(session, listing)
        start, wanted = max(0, paging.offset - before), paging.per_page - len(contents)
        if wanted and start < count:
            query = listing.query.order_by(listing.key).offset(start).limit(wanted)
            contents += await listing.tell(session, (await session.exec(query)).all())
        before += count
    return paging.envelope(contents, before)


async def all_at_once(session: AsyncSession, *listings: Listing) -> Json:
    contents: list[Json] = []
    for listing in listings:
        rows = (await session.exec(listing.query.order_by(listing.key))).all()
        contents += await listing.tell(session, rows)
    return PageRequest(1, max(1, len(contents))).envelope(contents, len(contents))


async def one_by_one(database: Database, tenant: str, *listings: Listing) -> AsyncIterator[Json]:
    """All of them, however slowly somebody reads: no transaction is open meanwhile."""
    for listing in listings:
        query = listing.query.order_by(listing.key).limit(AT_ONCE)
        while True:
            async with database.transaction(tenant) as session:
                rows = (await session.exec(query)).all()
                documents = await listing.tell(session, rows)
            for document in documents:
                yield document
            if len(rows) < AT_ONCE:
                break
            last = rows[-1] if hasattr(rows[-1], "id") else rows[-1][0]
            query = listing.query.where(listing.key > last.id).order_by(listing.key).limit(AT_ONCE)


async def _count(session: AsyncSession, listing: Listing) -> int:
    counted = listing.query.with_only_columns(listing.key).order_by(None).subquery()
    return (await session.exec(select(func.count()).select_from(counted))).one()
