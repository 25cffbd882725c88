"""Every question about page views by day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.statistics.models import PageDay


class Key(NamedTuple):
    """Of a row."""

    tenant: str
    site: str
    day: date
    page: str
    unit: str


_ARRAYS = (
    "cast(:tenants as text[]), cast(:sites as text[]), cast(:days as date[]), cast(:pages as text[]),"
    " cast(:units as text[])"
)
_KEYS = f"unnest({_ARRAYS}) as k (tenant, site, day, page, unit)"
_SUMS = (
    f"unnest({_ARRAYS}, cast(:more as bigint[]), cast(:visitors as bytea[]))"
    " as k (tenant, site, day, page, unit, more, visitors)"
)
_SAME = "(p.tenant, p.site, p.day, p.page, p.unit) = (k.tenant, k.site, k.day, k.page, k.unit)"


def _columns(keys: Collection[Key]) -> dict[str, Any]:
    names = ("tenants", "sites", "days", "pages", "units")
    return {name: list(values) for name, values in zip(names, zip(*keys, strict=True), strict=True)}


async def known(session: AsyncSession, keys: Collection[Key]) -> set[Key]:
    found = await (await session.connection()).execute(
        text(f"select k.* from {_KEYS} join page_days p on {_SAME}"),  # noqa: S608
        _columns(keys),
    )
    return {Key(*row) for row in found}


async def rows_of(
    session: AsyncSession, tenants: Collection[str], days: Collection[date]
) -> dict[tuple[str, date], int]:
    """How many rows each centre has of a day."""
    found = await (await session.connection()).execute(
        text(
            "select tenant, day, count(*) from page_days where tenant = any(:tenants) and day = any(:days)"
            " group by tenant, day"
        ),
        {"tenants": list(tenants), "days": list(days)},
    )
    return {(tenant, day): number for tenant, day, number in found}


async def locked(session: AsyncSession, keys: Sequence[Key], empty: bytes) -> dict[Key, bytes]:
    """The sketches of these, made where there are none, and ours until the transaction ends. In one order everywhere,
    so that no two processes wait for each other."""
    connection = await session.connection()
    ordered = _columns(sorted(keys))
    await connection.execute(
        text(
            f"insert into page_days select k.*, 0, cast(:empty as bytea) from {_KEYS} on conflict do nothing"  # noqa: S608
        ),
        ordered | {"empty": empty},
    )
    found = await connection.execute(
        text(
            f"select p.tenant, p.site, p.day, p.page, p.unit, p.visitors from page_days p join {_KEYS} on {_SAME}"  # noqa: S608
            " order by p.tenant, p.site, p.day, p.page, p.unit for update of p"
        ),
        ordered,
    )
    return {Key(*row[:5]): bytes(row.visitors) for row in found}


async def write(session: AsyncSession, sums: Mapping[Key, tuple[int, bytes]]) -> None:
    """Add the views, and put the sketches in the place of the ones they were made of."""
    await (await session.connection()).execute(
        text(
            f"update page_days p set views = p.views + k.more, visitors = k.visitors from {_SUMS} where {_SAME}"  # noqa: S608
        ),
        _columns(sums)
        | {"more": [views for views, _ in sums.values()], "visitors": [sketch for _, sketch in sums.values()]},
    )


async def between(
    session: AsyncSession, tenant: str, site: str, first: date, last: date, page: str | None, unit: str | None
) -> Sequence[PageDay]:
    query = select(PageDay).where(
        PageDay.tenant == tenant, PageDay.site == site, PageDay.day >= first, PageDay.day <= last
    )
    if page is not None:
        query = query.where(PageDay.page == page)
    if unit is not None:
        query = query.where(PageDay.unit == unit)
    return (await session.exec(query.order_by(col(PageDay.day), col(PageDay.page), col(PageDay.unit)))).all()
