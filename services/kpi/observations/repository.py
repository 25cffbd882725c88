"""Every question about observations."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.observations.models import Observation
from shared.database import ask
from shared.errors import NotFound
from shared.messaging.outbox import STATE, Row, to_state
from shared.paging import PageRequest, paginate

COLUMNS = {
    "tenant": "text",
    "id": "uuid",
    "version": "int",
    "series": "text",
    "value": "numeric",
    "observed_on": "date",
    "evidence": "text",
    "recorded_by": "text",
    "recorded_at": "timestamptz",
}
# What is recorded and what is told of it, in one statement: staff record all day, and a file has thousands of lines.
RECORD = f"""
    with recorded as (
        insert into observations ({", ".join(COLUMNS)})
        select * from unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in COLUMNS.items())})
    )
    {STATE}
"""  # noqa: S608 -- Put together from constants.


async def record(session: AsyncSession, observations: Sequence[Observation], told: Sequence[Row]) -> None:
    """Store new ones, and state a fact of each. The objects are the caller's: a later change in them is not stored."""
    if observations:
        columns = {name: [getattr(each, name) for each in observations] for name in COLUMNS}
        await ask(session, RECORD, columns | to_state(told))


async def get(session: AsyncSession, tenant: str, observation_id: UUID, *, lock: bool = False) -> Observation:
    query = select(Observation).where(Observation.tenant == tenant, Observation.id == observation_id)
    found = (await session.exec(query.with_for_update() if lock else query)).first()
    if found is None:
        raise NotFound
    return found


async def page(
    session: AsyncSession, tenant: str, paging: PageRequest, series: str | None
) -> tuple[Sequence[Observation], str | None]:
    query = select(Observation).where(Observation.tenant == tenant)
    if series is not None:
        query = query.where(Observation.series == series)
    return await paginate(session, query, Observation.id, paging)


async def known(session: AsyncSession, tenant: str, series: Iterable[str]) -> set[tuple[str, date, Decimal]]:
    """Series, day and number of all that was ever recorded of these series."""
    query = select(col(Observation.series), col(Observation.observed_on), col(Observation.value))
    query = query.where(Observation.tenant == tenant, col(Observation.series).in_(sorted(series)))
    return set((await session.exec(query)).all())
