"""What counting stores and reads, in bulk: one statement for all rows of a batch, whatever their number."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import EntryKey, GoalKey, MarkKey, TallyKey
from services.kpi.counting.ledger import Delta, Entry, Ledger
from services.kpi.ingest import statements

OF_GOAL = {"tenant": "text", "plan": "text", "goal": "text"}
OF_TALLY = OF_GOAL | {"part": "text", "dimension": "text"}
OF_RECEIPT = OF_TALLY | {"event_id": "uuid"}
KEYS = OF_TALLY | {"keys": "text[]"}
MARKS = OF_TALLY | {"hashes": "bigint[]"}
ENTRIES = KEYS | {
    "event_ids": "uuid[]",
    "sequences": "int[]",
    "times": "timestamptz[]",
    "recorded": "timestamptz[]",
    "days": "date[]",
    "counts": "boolean[]",
    "amounts": "numeric[]",
}
RECEIPT = OF_RECEIPT | {
    "type": "text",
    "subject": "text",
    "time": "timestamptz",
    "amount": "numeric",
    "recorded": "timestamptz",
}
PACK = OF_TALLY | {
    "type": "text",
    "event_ids": "uuid[]",
    "subjects": "text[]",
    "times": "timestamptz[]",
    "recorded": "timestamptz[]",
    "amounts": "numeric[]",
}
TALLY = OF_TALLY | {"value": "numeric", "as_of": "timestamptz", "events": "bigint"}


async def run(
    session: AsyncSession, statement: str, types: Mapping[str, str], rows: Iterable[Iterable[Any]]
) -> list[tuple[Any, ...]]:
    """Run a statement in which `{rows}` stands for these rows, sent as one JSON list a column.

    As PostgreSQL's own arrays they would take ten times as long to write: that is done item by item, in Python.
    """
    columns = [msgspec.json.encode(column).decode() for column in zip(*rows, strict=True)]
    if not columns:
        return []
    parameters = dict(zip(types, columns, strict=True))
    result = await (await session.connection()).execute(_written(statement, tuple(types.items())), parameters)
    return [tuple(row) for row in result] if result.returns_rows else []


@cache
def _written(statement: str, types: tuple[tuple[str, str], ...]) -> TextClause:
    """The same object each time: SQLAlchemy looks through a text for its parameters whenever it is made."""
    names = [name for name, _ in types]
    lists = ", ".join(f"json_array_elements_text(cast(:{name} as json))" for name in names)
    typed = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types)
    source = f"(select {typed} from rows from ({lists}) as written({', '.join(names)})) as r"  # noqa: S608 - all of them ours
    return text(statement.replace("{rows}", source))


async def lock_goals(session: AsyncSession, goals: Collection[GoalKey]) -> None:
    """Batches of other workers that change the same goals wait: an entry may be touched from two partitions."""
    await run(session, statements.LOCK_GOALS, OF_GOAL, sorted(goals))


async def entries(
    session: AsyncSession, keys: Collection[EntryKey], series: Collection[TallyKey]
) -> dict[EntryKey, Entry]:
    """The state of these entries, and of every entry of these series."""
    asked = ((*tally, _texts(sorted(names))) for tally, names in _by_tally(keys).items())
    found = await run(session, statements.ENTRIES, KEYS, asked)
    whole = await run(session, statements.SERIES, OF_TALLY, series)
    return {EntryKey._make(row[:6]): Entry._make(row[6:]) for row in (*found, *whole)}


async def new_marks(session: AsyncSession, keys: Collection[MarkKey]) -> list[MarkKey]:
    """Add these to their sets; answers those that were not in them. In order, so that no two workers deadlock."""
    sets = _by_tally(keys)
    rows = await run(
        session, statements.ADD_MARKS, MARKS, ((*each, _array(sorted(sets[each]))) for each in sorted(sets))
    )
    return [MarkKey._make((*row[:5], mark)) for row in rows for mark in row[5]]


async def store(session: AsyncSession, ledger: Ledger) -> None:
    await run(session, statements.PUT_ENTRIES, ENTRIES, _entries(ledger))
    new = await run(session, statements.ADD_RECEIPTS, RECEIPT, _flat(ledger.receipts))
    reweighed = ((*key, amount) for key, amount in ledger.reweighed.items())
    await run(session, statements.REWEIGH_RECEIPTS, OF_RECEIPT | {"amount": "numeric"}, reweighed)
    await run(session, statements.PACK_RECEIPTS, PACK, _packs(ledger))
    events = Counter({TallyKey._make(row[:5]): row[5] for row in new})
    for (tally, _), filed in ledger.filed.items():
        events[tally] += len(filed)
    await _change_tallies(session, ledger.deltas, events)


async def _change_tallies(
    session: AsyncSession, deltas: Mapping[TallyKey, Delta], events: Mapping[TallyKey, int]
) -> None:
    rows = ((*key, deltas[key].value, deltas[key].as_of, events.get(key, 0)) for key in sorted(deltas))
    await run(session, statements.CHANGE_TALLIES, TALLY, rows)
    exact = ((*key, delta.as_of) for key, delta in deltas.items() if delta.exactly)
    await run(session, statements.DATE_TALLIES, OF_TALLY | {"as_of": "timestamptz"}, exact)


async def forget(session: AsyncSession, goals: Collection[GoalKey]) -> None:
    """Everything that was counted for these goals, so that they can be counted from the beginning."""
    for statement in statements.FORGET:
        await run(session, statement, OF_GOAL, goals)


def _flat(rows: Mapping[Any, Any]) -> Iterable[Iterable[Any]]:
    """Keys and their records side by side, in order: two workers that lock rows in the same order never deadlock."""
    return ((*key, *rows[key]) for key in sorted(rows))


def _by_tally(keys: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], list[Any]]:
    """The last word of each key, by all those before: sent once and not for each row."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for key in keys:
        found.setdefault(key[:5], []).append(key[5])
    return found


def _entries(ledger: Ledger) -> Iterable[Iterable[Any]]:
    for tally, names in sorted(_by_tally(ledger.entries).items()):
        names.sort()
        columns = zip(*[ledger.entries[EntryKey._make((*tally, name))] for name in names], strict=True)
        yield *tally, _texts(names), *map(_array, columns)


def _packs(ledger: Ledger) -> Iterable[Iterable[Any]]:
    for (tally, wire), filed in ledger.filed.items():
        event_ids, subjects, times, recorded, amounts = zip(*filed, strict=True)
        named = None if subjects[0] is None else _texts(subjects)
        yield *tally, wire, _array(event_ids), named, _array(times), _array(recorded), _array(amounts)


def _array(values: Sequence[Any]) -> str:
    """As PostgreSQL writes an array: of what JSON writes likewise, such as ids, moments and numbers."""
    return "{" + msgspec.json.encode(values).decode()[1:-1] + "}"


def _texts(values: Sequence[str]) -> str:
    """As PostgreSQL writes an array of any words. It takes a control character as it is, and JSON does not."""
    written = [each.replace("\\", "\\\\").replace('"', '\\"') for each in values]
    return '{"' + '","'.join(written) + '"}'
