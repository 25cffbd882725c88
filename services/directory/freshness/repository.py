"""Every question about freshness. Entries of all three kinds are asked for by one view, `directory_entries`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.contacts.models import ContactRole
from services.directory.freshness.models import Asking, FreshnessPolicy, Question
from services.directory.freshness.rules import EntryKind, Policy, Standing
from services.directory.rules import Freshness
from shared.errors import NotFound

TABLES = {
    EntryKind.ORGANISATION: "organisations",
    EntryKind.ACTIVITY: "activities",
    EntryKind.PREMISES: "premises",
}
# There is a letter about it, and no answer yet.
_ASKED = """exists (
    select from freshness_questions q where q.tenant = e.tenant and q.entry_id = e.id and q.answer is null
)"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a step may be due for."""

    id: UUID
    organisation_id: UUID | None
    title: str
    standing: Standing


async def tenants(session: AsyncSession) -> Sequence[str]:
    found = await (await session.connection()).execute(text("select distinct tenant from directory_entries"))
    return found.scalars().all()


async def one_at_a_time(session: AsyncSession, tenant: str) -> None:
    """Whoever comes second waits for the first one's commit, and then finds done what was due."""
    await (await session.connection()).execute(
        text("select pg_advisory_xact_lock(hashtextextended('freshness/' || :tenant, 0))"), {"tenant": tenant}
    )


async def policy(session: AsyncSession, tenant: str) -> Policy:
    found = (await session.exec(select(FreshnessPolicy).where(FreshnessPolicy.tenant == tenant))).first()
    return Policy(found.organisation, found.activity, found.premises) if found else Policy()


async def put_policy(session: AsyncSession, tenant: str, policy: Policy) -> None:
    values = {kind.value: policy.months(kind) for kind in EntryKind}
    statement = insert(FreshnessPolicy).values(tenant=tenant, **values)
    await (await session.connection()).execute(statement.on_conflict_do_update(index_elements=["tenant"], set_=values))


async def candidates(session: AsyncSession, tenant: str, policy: Policy, until: date) -> list[Candidate]:
    """Entries that fall due by that day, and those that are on their way from there; the longest unassured first."""
    rows = await (await session.connection()).execute(
        text(
            f"select e.*, {_ASKED} as asked from directory_entries e"  # noqa: S608
            " where e.tenant = :tenant and e.freshness <> 'hidden' and (e.freshness <> 'fresh' or"
            " (case when e.imported and e.assured_on is null then e.entered_on"
            "  else (coalesce(e.assured_on, e.entered_on) + make_interval(months => case e.kind"
            "   when 'organisation' then cast(:organisation as int) when 'activity' then cast(:activity as int)"
            "   else cast(:premises as int) end))::date end) <= :until)"
            " order by coalesce(e.assured_on, e.entered_on), e.id"
        ),
        {"tenant": tenant, "until": until, **{kind.value: policy.months(kind) for kind in EntryKind}},
    )
    return [Candidate(row["id"], row["organisation_id"], row["title"], _standing(row)) for row in rows.mappings()]


def _standing(row: RowMapping) -> Standing:
    return Standing(
        kind=EntryKind(row["kind"]),
        freshness=Freshness(row["freshness"]),
        since=row["freshness_since"],
        entered_on=row["entered_on"],
        assured_on=row["assured_on"],
        imported=row["imported"],
        asked=row["asked"],
    )


async def move(
    session: AsyncSession,
    tenant: str,
    kind: EntryKind,
    ids: Collection[UUID],
    steps: tuple[Freshness, Freshness],
    on: date,
) -> set[UUID]:
    """Those that were still on their way: whoever has been confirmed in the meantime stays where it is."""
    rows = await (await session.connection()).execute(
        text(
            f"update {TABLES[kind]} set freshness = :became, freshness_since = :on"  # noqa: S608
            f" where tenant = :tenant and id in (select id from {TABLES[kind]} where tenant = :tenant"
            " and id = any(:ids) and freshness = :was order by id for update)"
            " returning id"
        ),
        {"tenant": tenant, "ids": list(ids), "was": steps[0].value, "became": steps[1].value, "on": on},
    )
    return set(rows.scalars())


async def speakers(session: AsyncSession, tenant: str) -> Sequence[ContactRole]:
    """Of all organisations, the longest standing first."""
    query = select(ContactRole).where(ContactRole.tenant == tenant, col(ContactRole.ended_on).is_(None))
    return (await session.exec(query.order_by(col(ContactRole.id)))).all()


async def speaks_still(session: AsyncSession, asking: Asking) -> bool:
    query = select(ContactRole.id).where(
        ContactRole.tenant == asking.tenant,
        ContactRole.id == asking.contact_role_id,
        col(ContactRole.ended_on).is_(None),
    )
    return (await session.exec(query)).first() is not None


async def role(session: AsyncSession, asking: Asking) -> ContactRole:
    query = select(ContactRole).where(ContactRole.tenant == asking.tenant, ContactRole.id == asking.contact_role_id)
    if found := (await session.exec(query)).first():
        return found
    raise NotFound


async def asked_on(session: AsyncSession, tenant: str, day: date) -> int:
    rows = await (await session.connection()).execute(
        text("select count(*) from freshness_askings where tenant = :tenant and asked_on = :day"),
        {"tenant": tenant, "day": day},
    )
    return int(rows.scalar_one())


async def asking(session: AsyncSession, tenant: str, id: UUID) -> Asking:
    query = select(Asking).where(Asking.tenant == tenant, Asking.id == id)
    if found := (await session.exec(query)).first():
        return found
    raise NotFound


async def questions(session: AsyncSession, asking: Asking) -> Sequence[Question]:
    query = select(Question).where(Question.tenant == asking.tenant, Question.asking_id == asking.id)
    return (await session.exec(query.order_by(col(Question.id)))).all()


async def question(session: AsyncSession, asking: Asking, entry_id: UUID) -> Question:
    query = select(Question).where(
        Question.tenant == asking.tenant, Question.asking_id == asking.id, Question.entry_id == entry_id
    )
    if found := (await session.exec(query.with_for_update())).first():
        return found
    raise NotFound


async def open_about(session: AsyncSession, tenant: str, entries: Collection[UUID]) -> Sequence[Question]:
    """Locked."""
    query = select(Question).where(
        Question.tenant == tenant, col(Question.entry_id).in_(entries), col(Question.answer).is_(None)
    )
    return (await session.exec(query.order_by(col(Question.id)).with_for_update())).all()


async def letters(session: AsyncSession, tenant: str, ids: Collection[UUID]) -> Sequence[Asking]:
    query = select(Asking).where(Asking.tenant == tenant, col(Asking.id).in_(ids))
    return (await session.exec(query.order_by(col(Asking.id)).with_for_update())).all()


async def settled_letters(session: AsyncSession, tenant: str) -> Sequence[Asking]:
    """Letters whose every question has an answer, and that notify still knows an address for."""
    unanswered = select(Question.id).where(
        Question.tenant == Asking.tenant, Question.asking_id == Asking.id, col(Question.answer).is_(None)
    )
    query = select(Asking).where(Asking.tenant == tenant, col(Asking.contact_id).is_not(None), ~unanswered.exists())
    return (await session.exec(query.order_by(col(Asking.id)).with_for_update())).all()


async def letters_to_nobody(session: AsyncSession, tenant: str) -> Sequence[Asking]:
    """Letters with open questions to somebody who speaks for the organisation no longer."""
    speaks = select(ContactRole.id).where(
        ContactRole.tenant == Asking.tenant,
        ContactRole.id == Asking.contact_role_id,
        col(ContactRole.ended_on).is_(None),
    )
    unanswered = select(Question.id).where(
        Question.tenant == Asking.tenant, Question.asking_id == Asking.id, col(Question.answer).is_(None)
    )
    query = select(Asking).where(Asking.tenant == tenant, unanswered.exists(), ~speaks.exists())
    return (await session.exec(query.order_by(col(Asking.id)).with_for_update())).all()


async def moot(session: AsyncSession, tenant: str) -> Sequence[Question]:
    """Open questions about what the directory shows no longer: withdrawn, closed, or merged into another."""
    rows = await (await session.connection()).execute(
        text(
            "select q.id from freshness_questions q where q.tenant = :tenant and q.answer is null and not exists"
            " (select from directory_entries e where e.tenant = q.tenant and e.id = q.entry_id)"
        ),
        {"tenant": tenant},
    )
    query = select(Question).where(Question.tenant == tenant, col(Question.id).in_(rows.scalars().all()))
    return (await session.exec(query.order_by(col(Question.id)).with_for_update())).all()


async def shares(session: AsyncSession, tenant: str) -> list[tuple[EntryKind, Freshness, int]]:
    rows = await (await session.connection()).execute(
        text(
            "select kind, freshness, count(*) from directory_entries where tenant = :tenant"
            " group by kind, freshness order by kind, freshness"
        ),
        {"tenant": tenant},
    )
    return [(EntryKind(kind), Freshness(freshness), number) for kind, freshness, number in rows]


async def to_call(session: AsyncSession, tenant: str, limit: int) -> Sequence[RowMapping]:
    """What staff have to see to, with what was said last; the longest unassured first."""
    rows: Any = await (await session.connection()).execute(
        text(
            f"select e.*, o.name as organisation, o.public_phone, {_ASKED} as asked, q.answer, q.changed_on, q.note"  # noqa: S608
            " from directory_entries e"
            " left join organisations o on o.tenant = e.tenant and o.id = e.organisation_id"
            " left join lateral (select answer, changed_on, note from freshness_questions q"
            "  where q.tenant = e.tenant and q.entry_id = e.id and q.answer is distinct from 'elsewhere'"
            "  order by q.id desc limit 1) q on true"
            " where e.tenant = :tenant and (e.freshness in ('ask', 'sunk', 'hidden')"
            "  or (q.changed_on is not null and q.answer is null))"
            " order by coalesce(e.assured_on, e.entered_on), e.id limit :limit"
        ),
        {"tenant": tenant, "limit": limit},
    )
    found: Sequence[RowMapping] = rows.mappings().all()
    return found
