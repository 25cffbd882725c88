"""What counting stores and reads, in bulk: one statement for all rows of a batch, whatever their number.

Statements go to psycopg directly, and those that need not wait for each other's answers go together: a batch of one
fact is as many statements as one of thousands, and SQLAlchemy would take longer over each than PostgreSQL does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import astuple
from psycopg import AsyncCursor
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.counter import ONE
from services.kpi.counting.fact import Fact, View
from services.kpi.counting.keys import GoalKey, Tallies, TallyKey
from services.kpi.counting.ledger import NOWHERE, Delta, Entry, Ledger, States
from services.kpi.counting.registry import Looked
from services.kpi.ingest import statements
from shared.database import driver
from shared.ids import uuid7

OF_GOAL = {"tenant": "text", "plan": "text", "goal": "text"}
OF_TALLY = OF_GOAL | {"part": "text", "dimension": "text"}
NUMBER = {"number": "bigint"}
OWNED = {"tenant": "text"} | NUMBER
NUMBERS = {"place": "int", "number": "bigint", "tenant": "text"}
THINGS = {
    "place": "int",
    "key": "text",
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
PACK = {
    "tenant": "text",
    "pack": "uuid",
    "type": "text",
    "event_ids": "uuid[]",
    "subjects": "text[]",
    "times": "timestamptz[]",
    "recorded": "timestamptz[]",
    "amounts": "numeric[]",
}
PACKED = OWNED | {"pack": "uuid"}
TALLY = OF_TALLY | {"value": "numeric", "as_of": "timestamptz", "events": "bigint"}

Rows = Iterable[Iterable[Any]]
Cursor = AsyncCursor[tuple[Any, ...]]
Moved = dict[Tallies, list[tuple[str, Entry]]]


async def send(session: AsyncSession, statement: str, types: Mapping[str, str], rows: Rows) -> Cursor | None:
    """Run a statement in which `{rows}` stands for these rows, sent as one array a column; None without rows.

    Within a pipeline nothing is waited for before the answer is asked for.
    """
    return await _send(session, statement, (types, zip(*rows, strict=True)))


async def send_things(
    session: AsyncSession, statement: str, things: Mapping[Tallies, Sequence[str]], entries: Iterable[Entry] = ()
) -> Cursor | None:
    """The same for things that stand alike in several numbers: each is sent once, and has the place of its `{numbers}`.

    With or without their entries, in the order of the things.
    """
    places = [place for place, keys in enumerate(things.values()) for _ in keys]
    columns: list[Sequence[Any]] = [places, list(chain.from_iterable(things.values()))]
    columns += zip(*map(astuple, entries), strict=True)
    numbers = [(place, tally.number, tally.tenant) for place, tallies in enumerate(things) for tally in tallies]
    return await _send(session, statement, (THINGS, columns if places else []), (NUMBERS, zip(*numbers, strict=True)))


async def _send(
    session: AsyncSession, statement: str, *sources: tuple[Mapping[str, str], Iterable[Sequence[Any]]]
) -> Cursor | None:
    kinds, written = [], []
    for types, columns in sources:
        sent = [_array(*each) for each in zip(columns, types.values(), strict=False)]
        if not sent:
            return None
        kinds.append(tuple(types.items())[: len(sent)])
        written += sent
    return await (await driver(session)).execute(_written(statement, *kinds), written)


async def ask(session: AsyncSession, statement: str, types: Mapping[str, str], rows: Rows) -> list[tuple[Any, ...]]:
    """The same, and its answer."""
    return await answer(await send(session, statement, types, rows))


async def answer(cursor: Cursor | None) -> list[tuple[Any, ...]]:
    return await cursor.fetchall() if cursor else []


@cache
def _written(statement: str, *sources: tuple[tuple[str, str], ...]) -> str:
    for place, alias, types in zip(("{rows}", "{numbers}"), "rn", sources, strict=False):
        statement = statement.replace(place, f"{_source(types)} as {alias}")
    return statement


def _source(types: tuple[tuple[str, str], ...]) -> str:
    names = ", ".join(name for name, _ in types)
    # PostgreSQL has no arrays of arrays of different lengths: those travel as text.
    arrays = ", ".join(f"cast(%s as {'text' if kind.endswith('[]') else kind}[])" for _, kind in types)
    typed = ", ".join(f"cast({name} as {kind}) as {name}" if kind.endswith("[]") else name for name, kind in types)
    return f"(select {typed} from unnest({arrays}) as written({names}))"  # noqa: S608 - all of them ours


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


async def known(session: AsyncSession, looked: Looked) -> dict[str, States]:
    """Where every thing stands that the facts may move; nobody else changes one of these goals' until we commit."""
    things, series = looked.things(), looked.series()
    tallies = {tally.number: tally for several in things for tally in several}
    goals = {tally.owner for tally in tallies.values()}
    async with (await driver(session)).pipeline():
        await send(session, statements.LOCK_GOALS, OF_GOAL, sorted(goals))
        asked = await send_things(session, statements.ENTRIES, {of: list(keys) for of, keys in things.items()})
        whole = await send(session, statements.SERIES, NUMBER, ((tally.number,) for tally in series))
        found: dict[str, States] = {}
        for number, key, *entry in await answer(asked) + await answer(whole):
            found.setdefault(key, {})[tallies[number]] = Entry(*entry)
    return found


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
    new = await send(session, statements.ADD_RECEIPTS, RECEIPT, _receipts(ledger))
    reweighed = ((*_of(key), amount) for key, amount in ledger.reweighed.items())
    await send(session, statements.REWEIGH_RECEIPTS, OF_RECEIPT | {"amount": "numeric"}, reweighed)
    fresh, changed = _moved(ledger)
    for statement, moved in ((statements.ADD_ENTRIES, fresh), (statements.CHANGE_ENTRIES, changed)):
        keys = {tallies: [key for key, _ in of] for tallies, of in moved.items()}
        await send_things(session, statement, keys, (entry for of in moved.values() for _, entry in of))
    packs = {of: uuid7() for of in ledger.filed}
    await send(session, statements.PACK_RECEIPTS, PACK, _packs(ledger, packs))
    packed = ((tally.tenant, tally.number, pack) for (tallies, _), pack in packs.items() for tally in tallies)
    await send(session, statements.NUMBER_PACKS, PACKED, packed)
    events: dict[int, int] = {}
    for (tallies, _), filed in ledger.filed.items():
        for tally in tallies:
            events[tally.number] = events.get(tally.number, 0) + len(filed)
    for number, times in await answer(new):
        events[number] = events.get(number, 0) + times
    # Also of those where nothing changed: an entry belongs to a number.
    deltas = {tally: Delta() for tallies in fresh for tally in tallies} | ledger.deltas
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


def _moved(ledger: Ledger) -> tuple[Moved, Moved]:
    """What is new, and what stood elsewhere before."""
    fresh: Moved = {}
    changed: Moved = {}
    for key, states in ledger.entries.items():
        before = ledger.known.get(key, NOWHERE)
        if before is NOWHERE and len({id(entry) for entry in states.values()}) == 1:
            # As nearly always: one fact, to all its numbers.
            fresh.setdefault(tuple(states), []).append((key, next(iter(states.values()))))
            continue
        alike: dict[tuple[int, bool], tuple[Entry, list[TallyKey]]] = {}
        for tally, entry in states.items():
            alike.setdefault((id(entry), tally in before), (entry, []))[1].append(tally)
        for (_, was_known), (entry, tallies) in alike.items():
            (changed if was_known else fresh).setdefault(tuple(tallies), []).append((key, entry))
    return fresh, changed


def _receipts(ledger: Ledger) -> Rows:
    return [(*_of(key), key.tally.tenant, *ledger.receipts[key]) for key in sorted(ledger.receipts)]


def _packs(ledger: Ledger, packs: Mapping[tuple[Tallies, str], UUID]) -> Rows:
    for (tallies, wire), filed in ledger.filed.items():
        facts, subjects = [each.fact for each in filed], [each.subject for each in filed]
        amounts = [each.amount for each in filed]
        yield (
            tallies[0].tenant,
            packs[tallies, wire],
            wire,
            _array([fact.id for fact in facts], "uuid"),
            None if subjects[0] is None else _array(subjects, "text"),
            _array([fact.time for fact in facts], "timestamptz"),
            _array([fact.recordedtime or fact.time for fact in facts], "timestamptz"),
            # Most facts add one.
            None if amounts.count(ONE) == len(amounts) else _array(amounts, "numeric"),
        )
