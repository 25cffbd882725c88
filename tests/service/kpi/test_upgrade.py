"""A database in which was counted before numbers had one word instead of five: counting goes on where it stood."""

from collections.abc import Iterable
from typing import Any

from alembic import command
from alembic.config import Config
from msgspec.structs import astuple
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.kpi.counting.fact import Fact
from services.kpi.goals.repository import tallies
from services.kpi.ingest import repository
from services.kpi.ingest.usecases import fold
from shared.database import Database
from shared.migrations import SERVICES_FOLDER, upgrade
from shared.tenancy import EVERY_TENANT
from tests.support.databases import Databases, disposing
from tests.unit.kpi.cast import Memory, fact, registry

TALK = {"resource_kind": "conversation", "purpose": "seeking_community"}
COMPANY = "01856f8a-1c00-7a10-8a51-3d2f60b7c402"
EVIDENCE = (
    "select goal, part, dimension, event_id, type, subject, time, amount, recorded from evidence order by 1, 2, 3, 4"
)


def view(visitor: str, number: int) -> Fact:
    data: dict[str, Any] = {"site": "socialkompas", "page": "/tema/ledelse", "visitor": visitor * 32, "unit": None}
    return fact("page.viewed", f"view-{number}", "2023-05-04", **data)


BEFORE = [
    fact("booking.confirmed", "one", "2023-05-02", sequence=2, **TALK),
    # Undone before it was done: remembered, though no number has it.
    fact("booking.cancelled", "two", "2023-05-03", sequence=3, **TALK),
    fact("engagement.held", "help", "2023-05-03", company_id=COMPANY, kind="pro_bono", held_on="2023-05-03"),
    view("a", 1),
]
AFTER = [
    fact("booking.confirmed", "two", "2023-05-02", sequence=2, **TALK),
    fact("booking.cancelled", "one", "2023-05-05", sequence=3, **TALK),
    fact("engagement.held", "more", "2023-04-03", company_id=COMPANY, kind="pro_bono", held_on="2023-04-03"),
    view("a", 2),
    view("b", 3),
]


async def test_what_was_counted_under_five_words_is_known_under_one(make_database: Databases) -> None:
    url, memory = await make_database.empty("kpi"), Memory(registry())
    for each in BEFORE:
        memory.hear([each])
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_to_0008)
        await connection.execute(text("select set_config('app.tenant', '*', true)"))
        for table, columns, rows in _stored(memory):
            marks = ", ".join(f":{name}" for name in columns)
            statement = text(f"insert into {table} ({', '.join(columns)}) values ({marks})")
            await connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in rows])
        evidence = [tuple(row) for row in await connection.execute(text(EVIDENCE))]

    await upgrade("kpi", url)

    async with disposing(Database(url)) as database:
        async with database.transaction(EVERY_TENANT) as session:
            assert [tuple(row) for row in await (await session.connection()).execute(text(EVIDENCE))] == evidence
            for told in (BEFORE, AFTER):
                await fold(session, memory.registry, told)
        for each in AFTER:
            memory.hear([each])
        async with database.transaction("odense") as session:
            found = await tallies(session, "odense")
            for key in memory.registry.goals:
                wanted = [tally for of, tally in memory.tallies.items() if of.owner == key]
                assert sorted(found.get(key, ()), key=repr) == sorted(wanted, key=repr), key
            connection = await session.connection()
            ids = text("select count(*), count(distinct id) from evidence")
            [(receipts, different)] = await connection.execute(ids)
            assert receipts == different == len(memory.receipts)
            # A fact may be in one pack for several goals: each is forgotten without the others.
            goals = sorted(memory.registry.goals)
            for done, goal in enumerate(goals, 1):
                await repository.forget(session, [goal])
                kept = {key for key in memory.receipts if key.tally.owner in goals[done:]}
                [(left, _)] = await connection.execute(ids)
                assert left == len(kept), goal
            for table in ("entries", "marks", "receipts", "packs", "packed", "tallies"):
                remaining = await connection.execute(text(f"select count(*) from {table}"))
                assert remaining.scalar_one() == 0, table


def _stored(memory: Memory) -> Iterable[tuple[str, list[str], list[tuple[Any, ...]]]]:
    name = ["tenant", "plan", "goal", "part", "dimension"]
    entry = [*name, "key", "event_id", "sequence", "time", "recorded", "day", "counts", "amount"]
    receipt = [*name, "event_id", "type", "subject", "time", "amount", "recorded"]
    yield (
        "entries",
        entry,
        [(*tally, key, *astuple(each)) for key, states in memory.entries.items() for tally, each in states.items()],
    )
    yield "marks", [*name, "hash"], [(*tally, member) for tally, member in memory.marks]
    filed = [(key, each) for key, each in memory.receipts.items() if each.type == BEFORE[0].type]
    loose = [(key, each) for key, each in memory.receipts.items() if each.type != BEFORE[0].type]
    pack = [*name, "type", "event_ids", "subjects", "times", "amounts", "recorded"]
    yield (
        "packs",
        pack,
        [(*key.tally, each.type, [key.event_id], *([part] for part in each[1:])) for key, each in filed],
    )
    yield "receipts", receipt, [(*key.tally, key.event_id, *each) for key, each in loose]
    numbers = [(*key, each.value, each.as_of, each.events) for key, each in memory.tallies.items()]
    yield "tallies", [*name, "value", "as_of", "events"], numbers


def _to_0008(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / "kpi" / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "0008")
