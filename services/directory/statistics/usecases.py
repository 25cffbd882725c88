"""Page views are summed up as they are written, and read by staff."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.statistics import repository, rules
from services.directory.statistics.models import PageDay, Seen
from services.directory.statistics.repository import Key
from services.directory.statistics.schemas import (
    DayStatistics,
    EstimateAnswer,
    PageStatistics,
    StatisticsAnswer,
    UnitStatistics,
)
from services.directory.statistics.sketches import NOBODY, Estimate, added, in_any
from shared import clock

K = TypeVar("K")


async def add(session: AsyncSession, seen: Collection[Seen]) -> None:
    """Each of these once: whoever calls this stores, in the same transaction, that they were added."""
    if not seen:
        return
    visitors: dict[Key, list[str]] = defaultdict(list)
    for view in seen:
        visitors[Key(view.tenant, view.site, view.day, view.page, view.unit)].append(view.visitor)
    visitors = await _bounded(session, visitors)
    sketches = await repository.locked(session, list(visitors), added(None, ()))
    await repository.write(session, {key: (len(who), added(sketches[key], who)) for key, who in visitors.items()})


async def _bounded(session: AsyncSession, visitors: dict[Key, list[str]]) -> dict[Key, list[str]]:
    new = visitors.keys() - await repository.known(session, visitors)
    if not new:
        return visitors
    rows = await repository.rows_of(session, {key.tenant for key in new}, {key.day for key in new})
    bounded: dict[Key, list[str]] = defaultdict(list)
    for key, who in visitors.items():
        if key in new:
            number = rows[key.tenant, key.day] = rows.get((key.tenant, key.day), 0) + 1
            if number > rules.MOST_ROWS:
                key = Key(key.tenant, rules.OTHERS, key.day, rules.OTHERS, "")
        bounded[key] += who
    return bounded


async def look(
    session: AsyncSession,
    tenant: str,
    site: str,
    page: str | None,
    unit: str | None,
    first: date | None,
    last: date | None,
) -> StatisticsAnswer:
    since, until = rules.range_of(first, last, clock.today())
    rows = await repository.between(session, tenant, site, since, until, page, unit)
    # A year of many pages takes a second to unite; nobody else need wait for it.
    return await asyncio.to_thread(_answer, rows, site, page, unit, since, until)


def _answer(
    rows: Sequence[PageDay], site: str, page: str | None, unit: str | None, since: date, until: date
) -> StatisticsAnswer:
    by_day, by_page, by_unit = (
        _grouped(rows, lambda row: row.day),
        _grouped(rows, lambda row: row.page),
        _grouped((row for row in rows if row.unit), lambda row: row.unit),
    )
    return StatisticsAnswer(
        site=site,
        page=page,
        unit=unit,
        first=since,
        last=until,
        days=[DayStatistics(day=day, **_counted(of_day)) for day, of_day in by_day.items()],
        pages=[PageStatistics(page=name, **_counted(of_page)) for name, of_page in sorted(by_page.items())],
        units=[UnitStatistics(unit=name, **_counted(of_unit)) for name, of_unit in sorted(by_unit.items())],
        **_counted(rows),
    )


def _counted(rows: Sequence[PageDay]) -> dict[str, Any]:
    """A page is counted once for a visitor of a day, whether or not the visitor was known to be of a department."""
    unique = NOBODY
    for same in _grouped(rows, lambda row: (row.day, row.page)).values():
        unique += in_any(row.visitors for row in same)
    return {
        "views": sum(row.views for row in rows),
        "unique_views": _told(unique),
        "unique_visitors": _told(in_any(row.visitors for row in rows)),
    }


def _grouped(rows: Iterable[PageDay], by: Callable[[PageDay], K]) -> dict[K, list[PageDay]]:
    groups: dict[K, list[PageDay]] = defaultdict(list)
    for row in rows:
        groups[by(row)].append(row)
    return groups


def _told(estimate: Estimate) -> EstimateAnswer:
    return EstimateAnswer(value=estimate.value, low=estimate.low, high=estimate.high)
