"""Every question about entries that look alike."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import String, Uuid, cast, delete, func, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.activities.paging import RankedPageRequest
from services.directory.duplicates.descriptions import Described, described
from services.directory.duplicates.models import NotTheSame
from services.directory.duplicates.rules import Named
from services.directory.names import core, plain
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from services.directory.reviewing.paging import Since, microseconds
from services.directory.rules import State
from shared.errors import NotFound

AT_ONCE = 500
SAID = microseconds(col(NotTheSame.said_at))
# Two ids as one, by which those follow each other that were said at one moment.
BOTH = cast(func.md5(cast(NotTheSame.one, String) + cast(NotTheSame.other, String)), Uuid)


async def open_ones(session: AsyncSession, tenant: str) -> list[Named]:
    """Every open organisation, of each only what is compared. A name's place is any that an organisation is at."""
    query = select(Organisation).where(Organisation.tenant == tenant, col(Organisation.closed_on).is_(None))
    names = ("id", "name", "cvr", "postcode", "locality")
    compared = query.with_only_columns(*(getattr(Organisation, name) for name in names))
    rows = (await (await session.connection()).execute(compared)).all()
    places = places_of(tenant, (row.locality for row in rows))
    return [Named(row.id, row.name, core(row.name, places), row.cvr, row.postcode, row.locality) for row in rows]


async def described_ones(session: AsyncSession, tenant: str) -> list[Described]:
    """Every activity that is shown or may be, of each only what is compared. Its place may be that of its premises."""
    query = (
        select(Activity)
        .outerjoin(Premises, col(Premises.id) == col(Activity.premises_id))
        .where(Activity.tenant == tenant, Activity.state != State.WITHDRAWN)
        .with_only_columns(
            col(Activity.id),
            col(Activity.organisation_id),
            col(Activity.title),
            func.coalesce(Activity.postcode, Premises.postcode),
            func.coalesce(Activity.locality, Premises.locality),
            col(Activity.schedules),
        )
    )
    # Some at once, and beside the other requests, as everything that takes seconds at a large centre.
    result = await (await session.connection()).stream(query, execution_options={"yield_per": AT_ONCE})
    rows = [row async for part in result.partitions() for row in part]
    return await asyncio.to_thread(lambda: [described(tenant, *row) for row in rows])


async def rooms(session: AsyncSession, tenant: str) -> dict[UUID, Premises]:
    """All open premises: a centre has hundreds of them."""
    query = select(Premises).where(Premises.tenant == tenant, col(Premises.closed_on).is_(None))
    return {each.id: each for each in (await session.exec(query)).all()}


async def activities(
    session: AsyncSession, tenant: str, ids: Collection[UUID]
) -> dict[UUID, tuple[Activity, Organisation]]:
    query = (
        select(Activity, Organisation)
        .join(Organisation, col(Organisation.id) == col(Activity.organisation_id))
        .where(Activity.tenant == tenant, col(Activity.id).in_(ids))
    )
    return {activity.id: (activity, owner) for activity, owner in (await session.exec(query)).all()}


def places_of(tenant: str, localities: Iterable[str | None]) -> frozenset[str]:
    return frozenset({tenant, *(plain(locality) for locality in localities if locality)})


async def told_apart(session: AsyncSession, tenant: str) -> set[tuple[UUID, UUID]]:
    query = select(NotTheSame.one, NotTheSame.other).where(NotTheSame.tenant == tenant)
    return set((await session.exec(query)).all())


async def page(
    session: AsyncSession, tenant: str, paging: RankedPageRequest
) -> tuple[Sequence[NotTheSame], str | None]:
    """What was told apart, newest first."""
    query = select(NotTheSame, SAID, BOTH).where(NotTheSame.tenant == tenant)
    if paging.after:
        query = query.where(tuple_(SAID, BOTH) < (paging.after.rank, paging.after.id))
    rows = (await session.exec(query.order_by(SAID.desc(), BOTH.desc()).limit(paging.limit + 1))).all()
    page = rows[: paging.limit]
    following = Since(*page[-1][1:]).cursor() if len(rows) > paging.limit else None
    return [said for said, *_ in page], following


async def tell_apart(session: AsyncSession, tenant: str, one: UUID, other: UUID) -> None:
    said = NotTheSame(tenant=tenant, one=min(one, other), other=max(one, other)).model_dump()
    await (await session.connection()).execute(insert(NotTheSame).values(said).on_conflict_do_nothing())


async def take_back(session: AsyncSession, tenant: str, one: UUID, other: UUID) -> None:
    """Whoever comes second is told that there is nothing to take back any more."""
    taken = await (await session.connection()).execute(
        delete(NotTheSame).where(
            col(NotTheSame.tenant) == tenant,
            col(NotTheSame.one) == min(one, other),
            col(NotTheSame.other) == max(one, other),
        )
    )
    if not taken.rowcount:
        raise NotFound
