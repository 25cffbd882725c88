"""What counting stores and reads, in bulk: one statement for all rows of a batch, whatever their number.

Statements go to psycopg directly, and those that need not wait for each other's answers go together: a batch of one
fact is as many statements as one of thousands, and SQLAlchemy would take longer over each than PostgreSQL does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from psycopg import AsyncCursor
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.fact import Fact, View
from services.kpi.counting.keys import EntryKey, GoalKey, TallyKey
from services.kpi.counting.ledger import Delta, Entry, Ledger
from services.kpi.counting.registry import Looked
from services.kpi.ingest import statements
from shared.database import driver

OF_GOAL = {"tenant": "text", "plan": "text", "goal": "text"}
OF_TALLY = OF_GOAL | {"part": "text", "dimension": "text"}
NUMBER = {"number": "bigint"}
OWNED = {"tenant": "text"} | NUMBER
ENTRY = NUMBER | {"key": "text"}
ENTRIES = ENTRY | {
    "tenant": "text",
    "event_id": "uuid",
    "sequence": "int",
    "time": "timestamptz",
    "recorded": "timestamptz",
    "day": "date",
    "counts": "boolean",
    "amount": "numeric",
}
MARKS = OWNED | {"hash": "bigint"}
OF_RECEIPT = NUMBER | {"event_id": "uuid"}
RECEIPT = OF_RECEIPT | {
    "tenant": "text",
    "type": "text",
    "subject": "text",
    "time": "timestamptz",
    "amount": "numeric",
    "recorded": "timestamptz",
}
PACK = OWNED | {
    "type": "text",
    "event_ids": "uuid[]",
    "subjects": "text[]",
    "times": "timestamptz[]",
    "recorded": "timestamptz[]",
    "amounts": "numeric[]",
}
TALLY = OF_TALLY | {"value": "numeric", "as_of": "timestamptz", "events": "bigint"}

by_name = attrgetter("key")
Rows = Iterable[Iterable[Any]]
Cursor = AsyncCursor[tuple[Any, ...]]


async def send(session: AsyncSession, statement: str, types: Mapping[str, str], rows: Rows) -> Cursor | None:
    """Run a statement in which `{rows}` stands for these rows, sent as one array a column; None without rows.

    Within a pipeline nothing is waited for before the answer is asked for.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return None
    written = [_array(column, kind) for column, kind in zip(columns, types.values(), strict=True)]
    return await driver(session).execute(_written(statement, tuple(types.items())), written)


async def ask(session: AsyncSession, statement: str, types: Mapping[str, str], rows: Rows) -> list[tuple[Any, ...]]:
    """The same, and its answer."""
    return await answer(await send(session, statement, types, rows))


async def answer(cursor: Cursor | None) -> list[tuple[Any, ...]]:
    return await cursor.fetchall() if cursor else []


@cache
def _written(statement: str, types: tuple[tuple[str, str], ...]) -> str:
    names = ", ".join(name for name, _ in types)
    # PostgreSQL has no arrays of arrays of different lengths: those travel as text.
    arrays = ", ".join(f"cast(%s as {'text' if kind.endswith('[]') else kind}[])" for _, kind in types)
    typed = ", ".join(f"cast({name} as {kind}) as {name}" if kind.endswith("[]") else name for name, kind in types)
    source = f"(select {typed} from unnest({arrays}) as written({names})) as r"  # noqa: S608 - all of them ours
    return statement.replace("{rows}", source)


def _array(values: Sequence[Any], kind: str) -> str:
    """As PostgreSQL writes an array. JSON is written likewise, ten times as fast as value by value in Python."""
    written = msgspec.json.encode(values).decode()
    if kind.startswith("text") and "\\" in written:
        # Also a control character, which PostgreSQL takes as it is, and JSON does not.
        quoted = [
            "null" if each is None else '"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in values
        ]
        return "{" + ",".join(quoted) + "}"
    return "{" + written[1:-1] + "}"


async def known(session: AsyncSession, looked: Looked) -> dict[EntryKey, Entry]:
    """The state of every entry that the facts may change; nobody else changes one of these goals' until we commit."""
    entries, series = looked.entries(), looked.series()
    tallies = {tally.number: tally for tally in {key.tally for key in entries}}
    async with driver(session).pipeline():
        await send(session, statements.LOCK_GOALS, OF_GOAL, sorted(looked.goals()))
        asked = await send(session, statements.ENTRIES, ENTRY, ((key.tally.number, key.key) for key in entries))
        whole = await send(session, statements.SERIES, NUMBER, ((tally.number,) for tally in series))
        found = await answer(asked), await answer(whole)
    return {EntryKey(tallies[row[0]], row[1]): Entry._make(row[2:]) for rows in found for row in rows}


async def join(session: AsyncSession, sets: Mapping[TallyKey, Mapping[int, Fact | View]]) -> dict[TallyKey, list[int]]:
    """Add these to their sets; answers those that were not in them. In order, so that no two workers deadlock."""
    of = {tally.number: tally for tally in sets}
    rows = ((tally.tenant, tally.number, hash) for tally in sorted(sets) for hash in sorted(sets[tally]))
    new: dict[TallyKey, list[int]] = {}
    for number, hash in await ask(session, statements.ADD_MARKS, MARKS, rows):
        new.setdefault(of[number], []).append(hash)
    return new


async def store(session: AsyncSession, ledger: Ledger) -> None:
    """Rows in order: two workers that lock rows in the same order never deadlock. To be called within a pipeline."""
    events: dict[int, int] = {}
    for (tally, _), filed in ledger.filed.items():
        events[tally.number] = events.get(tally.number, 0) + len(filed)
    new = await send(session, statements.ADD_RECEIPTS, RECEIPT, _receipts(ledger))
    reweighed = ((*_of(key), amount) for key, amount in ledger.reweighed.items())
    await send(session, statements.REWEIGH_RECEIPTS, OF_RECEIPT | {"amount": "numeric"}, reweighed)
    fresh = ledger.entries.keys() - ledger.known.keys()
    await send(session, statements.ADD_ENTRIES, ENTRIES, _entries(ledger, fresh))
    await send(session, statements.CHANGE_ENTRIES, ENTRIES, _entries(ledger, ledger.entries.keys() - fresh))
    await send(session, statements.PACK_RECEIPTS, PACK, _packs(ledger))
    for number, times in await answer(new):
        events[number] = events.get(number, 0) + times
    # Also of those where nothing changed: an entry belongs to a number.
    deltas = {tally: Delta() for tally in {key.tally for key in fresh}} | ledger.deltas
    rows = ((*key, deltas[key].value, deltas[key].as_of, events.get(key.number, 0)) for key in sorted(deltas))
    await send(session, statements.CHANGE_TALLIES, TALLY, rows)
    exact = ((key.number, deltas[key].as_of) for key in sorted(deltas) if deltas[key].exactly)
    await send(session, statements.DATE_TALLIES, NUMBER | {"as_of": "timestamptz"}, exact)


async def forget(session: AsyncSession, goals: Collection[GoalKey]) -> None:
    """Everything that was counted for these goals, so that they can be counted from the beginning."""
    for statement in statements.FORGET:
        await send(session, statement, OF_GOAL, goals)


def _of(key: tuple[TallyKey, Any]) -> tuple[int, Any]:
    return key[0].number, key[1]


def _entries(ledger: Ledger, keys: Iterable[EntryKey]) -> Rows:
    of: dict[TallyKey, list[EntryKey]] = {}
    for key in keys:
        of.setdefault(key.tally, []).append(key)
    for tally in sorted(of):
        number, tenant = tally.number, tally.tenant
        for key in sorted(of[tally], key=by_name):
            yield number, key.key, tenant, *ledger.entries[key]


def _receipts(ledger: Ledger) -> Rows:
    return [(*_of(key), key.tally.tenant, *ledger.receipts[key]) for key in sorted(ledger.receipts)]


def _packs(ledger: Ledger) -> Rows:
    for (tally, wire), filed in ledger.filed.items():
        event_ids, subjects, *rest = zip(*filed, strict=True)
        named = None if subjects[0] is None else _array(subjects, "text")
        yield tally.tenant, tally.number, wire, _array(event_ids, "uuid"), named, *(_array(each, "") for each in rest)
