"""Every question that finding asks the database; the index asks for what is shown, staff for what was counted."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, ColumnElement, RowMapping, literal_column, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.localities.models import Locality
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from services.directory.rules import State
from services.directory.search.entries import Entry
from services.directory.search.models import Synonym
from shared.database import Database, ask
from shared.tenancy import EVERY_TENANT

AT_ONCE = 500
# What hides an entry is said in one place, for the feeds and for us.
SHOWN: ColumnElement[bool] = literal_column("shown(activities)", Boolean)
Shown = tuple[Activity, str, Premises | None]

# The snapshot's horizon and what was written at or after the last one, in one statement and so of one snapshot.
CHANGES = """
    select pg_snapshot_xmin(pg_current_snapshot())::text, null::bigint, null::text, null::text, null::uuid
    union all
    select null, id, changed_by::text, tenant, activity_id from search_changes
    where changed_by >= %s::xid8 and not id = any(%s)
"""


async def published(
    session: AsyncSession, tenant: str, ids: Collection[UUID] | None, after: UUID | None
) -> list[Shown]:
    """Published activities of a centre in order of their ids: these, or all of them, so many at once."""
    query = (
        select(Activity, Organisation.name, Premises)
        .join(Organisation, col(Organisation.id) == col(Activity.organisation_id))
        .outerjoin(Premises, col(Premises.id) == col(Activity.premises_id))
        .where(Activity.tenant == tenant, Activity.state == State.PUBLISHED, SHOWN)
        .order_by(col(Activity.id))
        .limit(AT_ONCE)
    )
    if ids is not None:
        query = query.where(col(Activity.id).in_(ids))
    if after is not None:
        query = query.where(col(Activity.id) > after)
    return [(activity, name, premises) for activity, name, premises in (await session.exec(query)).all()]


async def in_order(session: AsyncSession, tenant: str, ids: Sequence[UUID]) -> list[Activity]:
    found = await session.exec(select(Activity).where(Activity.tenant == tenant, col(Activity.id).in_(ids)))
    by_id = {activity.id: activity for activity in found}
    return [by_id[id] for id in ids if id in by_id]


async def each_published(
    database: Database, tenant: str, ids: Sequence[UUID] | None = None
) -> AsyncIterator[list[Shown]]:
    """In short transactions: what changes meanwhile is told by `search_changes`."""
    after: UUID | None = None
    while True:
        async with database.transaction(tenant) as session:
            page = await published(session, tenant, ids, after)
        yield page
        if len(page) < AT_ONCE:
            return
        after = page[-1][0].id


async def tenants(database: Database) -> list[str]:
    async with database.transaction(EVERY_TENANT) as session:
        connection = await session.connection()
        found = await connection.execute(
            text("select tenant from activities where state = 'published' union select tenant from localities")
        )
        return [row.tenant for row in found]


async def localities(session: AsyncSession, tenant: str) -> Sequence[Locality]:
    return (await session.exec(select(Locality).where(Locality.tenant == tenant))).all()


async def synonyms(session: AsyncSession, tenant: str) -> dict[str, list[str]]:
    found = await session.exec(select(Synonym).where(Synonym.tenant == tenant))
    return {each.word: list(each.finds) for each in found}


async def tidy_changes(session: AsyncSession) -> None:
    """A process that is away for longer reads everything anew when it comes back."""
    await _run(session, "delete from search_changes where changed_at < now() - interval '1 day'")


async def key_of(session: AsyncSession, month: date, offered: bytes) -> bytes:
    """The month's key: whichever process comes first decides. Those of months that are over are thrown away."""
    await _run(session, "delete from search_keys where month < :month", month=month)
    await _run(
        session,
        "insert into search_keys (month, key) values (:month, :key) on conflict do nothing",
        month=month,
        key=offered,
    )
    (row,) = await _rows(session, "select key from search_keys where month = :month", month=month)
    return bytes(row["key"])


# In order of their keys: two processes that add to the same rows wait and do not deadlock.
ADD_SHOWN = """
    insert into search_shown (tenant, organisation_id, activity_id, day, shown, opened)
    select tenant, (array_agg((entry ->> 1)::uuid))[1], (entry ->> 0)::uuid, day, count(*), 0
    from json_to_recordset(%(pages)s::json) as page (tenant text, day date, entries json),
        json_array_elements(entries) as entry
    group by 1, 3, 4 order by 1, 3, 4
    on conflict (tenant, activity_id, day) do update set shown = search_shown.shown + excluded.shown
"""


async def add_shown(session: AsyncSession, pages: Sequence[tuple[str, date, Sequence[Entry]]]) -> None:
    """Pages of results, each with its centre and day. They are added up there: here every citizen would wait for it.
    As JSON, which is written in a tenth of the time that a thousand parameters take."""
    written = msgspec.json.encode(
        [
            {
                "tenant": tenant,
                "day": day,
                "entries": msgspec.Raw(b"[%b]" % b",".join([each.shown for each in entries])),
            }
            for tenant, day, entries in pages
        ]
    )
    await ask(session, ADD_SHOWN, {"pages": written.decode()})


async def add_opened(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    await (await session.connection()).execute(
        text(
            "insert into search_shown (tenant, organisation_id, activity_id, day, shown, opened)"
            " values (:tenant, :organisation_id, :activity_id, :day, 0, :opened)"
            " on conflict (tenant, activity_id, day) do update set opened = search_shown.opened + excluded.opened"
        ),
        rows,
    )


async def add_gaps(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    await (await session.connection()).execute(
        text(
            "insert into search_gaps (tenant, month, day, words, filters, searches)"
            " values (:tenant, :month, :day, :words, :filters, :searches)"
            " on conflict (tenant, day, words, filters)"
            " do update set searches = search_gaps.searches + excluded.searches"
        ),
        rows,
    )


async def add_marks(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    await (await session.connection()).execute(
        text(
            "insert into search_marks (tenant, month, words, mark) values (:tenant, :month, :words, :mark)"
            " on conflict do nothing"
        ),
        rows,
    )


async def forget_rare(session: AsyncSession, month: date, least: int) -> None:
    """When a month is over, what few looked for is forgotten, and so are all marks; of the rest counts remain."""
    await _run(
        session,
        "delete from search_gaps as gap where month < :month and (select count(*) from search_marks as mark"
        " where (mark.tenant, mark.month, mark.words) = (gap.tenant, gap.month, gap.words)) < :least"
        " and exists (select from search_marks where search_marks.month = gap.month)",
        month=month,
        least=least,
    )
    await _run(session, "delete from search_marks where month < :month", month=month)
    await _run(session, "delete from search_gaps where month < :month - interval '13 months'", month=month)


async def gaps(session: AsyncSession, tenant: str, since: date, this_month: date, least: int) -> Sequence[RowMapping]:
    """What enough different visitors of one month looked for in vain. Older months hold nothing else any more."""
    return await _rows(
        session,
        "with enough as ("
        " select distinct gap.month, gap.words from search_gaps as gap where tenant = :tenant and (month < :this_month"
        "  or :least <= (select count(*) from search_marks as mark"
        "   where (mark.tenant, mark.month, mark.words) = (gap.tenant, gap.month, gap.words))))"
        " select words, filters, sum(searches)::int as searches, max(day) as last_on from search_gaps"
        " join enough using (month, words) where tenant = :tenant and day >= :since"
        " group by words, filters order by searches desc, words, filters",
        tenant=tenant,
        since=since,
        this_month=this_month,
        least=least,
    )


async def shown(session: AsyncSession, tenant: str, organisation_id: UUID, since: date) -> Sequence[RowMapping]:
    return await _rows(
        session,
        "select activity_id, day, shown, opened from search_shown"
        " where tenant = :tenant and organisation_id = :organisation_id and day >= :since order by day, activity_id",
        tenant=tenant,
        organisation_id=organisation_id,
        since=since,
    )


async def _run(session: AsyncSession, statement: str, **values: Any) -> None:
    await (await session.connection()).execute(text(statement), values)


async def _rows(session: AsyncSession, statement: str, **values: Any) -> Sequence[RowMapping]:
    return (await (await session.connection()).execute(text(statement), values)).mappings().all()
