"""What the door to the database promises, tried on a real PostgreSQL."""

import select
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from shared.database import Database, ask
from shared.tenancy import EVERY_TENANT
from tests.service.kit.toy import make_schema
from tests.support.databases import Databases
from tests.support.waiting import eventually

PUT = "insert into toys values (gen_random_uuid(), %(tenant)s, %(name)s, 1) returning name"
PUT_A_CAR = text("insert into toys values (gen_random_uuid(), 'slagelse', 'bil', 1)")
NAMES = "select name from toys order by name"


class Interrupted(Exception):
    """Something that goes wrong between two statements."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def url(make_database: Databases) -> str:
    url = await make_database.empty()
    await make_schema(url)
    return url


@pytest_asyncio.fixture(loop_scope="session")
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=1)
    yield database
    await database.dispose()


async def names(database: Database, tenant: str) -> list[str]:
    async with database.transaction(tenant) as session:
        return [name for (name,) in await ask(session, NAMES, {})]


async def test_whoever_asks_nothing_of_it_has_no_transaction_and_no_connection(database: Database) -> None:
    taken: list[object] = []
    event.listen(database.engine.sync_engine, "checkout", lambda *arguments: taken.append(arguments))

    async with database.transaction("odense") as session:
        assert not session.in_transaction()

    assert taken == []


async def test_past_sqlalchemy_a_session_sees_and_writes_what_its_tenant_may(database: Database) -> None:
    async with database.transaction("odense") as session:
        assert await ask(session, PUT, {"tenant": "odense", "name": "bold"}) == [("bold",)]
        # One transaction, whichever way it is asked.
        assert (await (await session.connection()).execute(text(NAMES))).scalars().all() == ["bold"]

    async def put_with_somebody_else() -> None:
        async with database.transaction("faxe") as session:
            await ask(session, PUT, {"tenant": "odense", "name": "dukke"})

    with pytest.raises(DBAPIError, match="row-level security"):
        await put_with_somebody_else()
    assert await names(database, "faxe") == []
    assert await names(database, "odense") == ["bold"]


async def test_what_raises_leaves_nothing_behind_whichever_way_it_was_written(database: Database) -> None:
    async def put_two_and_fail() -> None:
        async with database.transaction("slagelse") as session:
            await (await session.connection()).execute(PUT_A_CAR)
            await ask(session, PUT, {"tenant": "slagelse", "name": "tog"})
            raise Interrupted

    async def begin_by_hand_and_fail() -> None:
        async with database.engine.begin() as connection:
            await connection.execute(text("select set_config('app.tenant', '*', true)"))
            await connection.execute(PUT_A_CAR)
            raise Interrupted

    for failing in (put_two_and_fail, begin_by_hand_and_fail):
        with pytest.raises(Interrupted):
            await failing()

    assert await names(database, "slagelse") == []


async def test_its_errors_are_those_of_any_other_statement(database: Database) -> None:
    async def put_a_toy_without_a_name() -> None:
        async with database.transaction("kalundborg") as session:
            await ask(session, PUT, {"tenant": "kalundborg", "name": None})

    with pytest.raises(IntegrityError):
        await put_a_toy_without_a_name()

    assert await names(database, "kalundborg") == []


async def test_a_connection_that_the_server_closed_is_replaced_before_anybody_notices(database: Database) -> None:
    async with database.transaction(EVERY_TENANT) as session:
        connection = await session.connection()
        driver = (await connection.get_raw_connection()).driver_connection
        [(before,)] = await ask(session, "select pg_backend_pid()", {})
    assert driver is not None
    ended = select.poll()
    ended.register(driver.pgconn.socket, select.POLLIN)

    other = await database.connection()
    await other.execute("select pg_terminate_backend(%s)", (before,))
    await other.close()
    await eventually(lambda: bool(ended.poll(0)))

    async with database.transaction("odense") as session:
        [(after,)] = await ask(session, "select pg_backend_pid()", {})
    assert after != before
