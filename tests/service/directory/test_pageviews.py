"""Page views: counted at once, written soon, and nothing kept of whoever looked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import httpx2
import psycopg
import pytest
import pytest_asyncio
import time_machine
from fastapi import FastAPI
from psycopg import OperationalError
from sqlalchemy import event, text

from services.directory.main import create_app
from services.directory.pageviews.buffer import Pageviews
from shared.clock import today
from shared.database import Database
from shared.metrics import Metrics
from shared.settings import Settings
from tests.service.directory.centre import BROWSER, Centre, Json, fields_of
from tests.support.databases import Databases, disposing
from tests.support.people import fresh_tenant, jwks
from tests.support.waiting import eventually

VIEW = {"site": "socialkompas", "page": "/tema/ledelse"}
ADDRESS = "203.0.113.77"


@asynccontextmanager
async def running(url: str, address: str = ADDRESS) -> AsyncIterator[tuple[FastAPI, Centre]]:
    """A process of its own on that database, and a browser at that address."""
    app = create_app(Settings(database_url=url, jwks=jwks()))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=(address, 50_000))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://directory") as client,
    ):
        await eventually(lambda: app.state.pageviews.keys._held)
        yield app, Centre(client, app.state.database, fresh_tenant())


@pytest.fixture
async def own(make_database: Databases) -> str:
    """A database whose keys no other test throws away."""
    return await make_database.fresh("directory")


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def keyed(app: FastAPI) -> None:
    """The shared process lives through other tests' journeys in time, and gets today's key back after each."""
    await eventually(lambda: app.state.pageviews.keys.of(today()) is not None)


async def view(centre: Centre, body: Json | None = None, /, **headers: Any) -> int:
    answer = await centre.post("pageviews", body or VIEW, {}, **BROWSER | headers)
    return answer.status_code


async def viewed(centre: Centre, number: int) -> list[Json]:
    """What is stated about page views, once it is as many as expected."""

    async def subjects() -> list[str]:
        async with centre.database.transaction(centre.tenant) as session:
            rows = await (await session.connection()).execute(text("select key from outbox order by id"))
            keys = [row.key for row in rows]
        assert len(keys) == number, f"{len(keys)} page views, not {number}"
        return keys

    keys: list[str] = await eventually(subjects)
    return [fact for key in dict.fromkeys(keys) for fact in await centre.stated(key)]


async def test_a_view_becomes_a_fact_of_its_visitor(centre: Centre) -> None:
    answer = await centre.post("pageviews", VIEW | {"unit": "Sundhedsforvaltningen"}, {}, **BROWSER)

    assert (answer.status_code, answer.content) == (202, b"")
    (fact,) = await viewed(centre, 1)
    assert fact["type"] == "kompas.web.page.viewed.v1"
    assert fact["source"] == f"/{centre.tenant}/web"
    assert fact["data"] == VIEW | {"visitor": fact["subject"], "unit": "Sundhedsforvaltningen"}


async def test_a_browser_is_one_visitor_of_a_site_all_day(own: str) -> None:
    async with running(own) as (_, centre), running(own, "203.0.113.78") as (_, neighbour):
        first = [await view(centre), await view(centre, VIEW | {"page": "/"})]
        await view(centre, VIEW | {"site": "frivilligcenter"})
        await view(centre, **{"user-agent": BROWSER["user-agent"] + " Mobile"})
        await view(Centre(neighbour.client, neighbour.database, centre.tenant))
        facts = await viewed(centre, 5)

    assert first == [202, 202]
    assert len({fact["subject"] for fact in facts}) == 4
    (amina,) = [fact["subject"] for fact in facts if fact["data"]["page"] == "/"]
    assert [fact["data"]["page"] for fact in facts if fact["subject"] == amina] == ["/tema/ledelse", "/"]


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"},
        {"user-agent": ""},
        {"dnt": "1"},
        {"sec-gpc": "1"},
    ],
    ids=str,
)
async def test_whoever_is_a_crawler_or_asks_not_to_be_is_not_counted(centre: Centre, headers: dict[str, str]) -> None:
    assert await view(centre, **headers) == 202
    assert await view(centre, dnt="0") == 202

    await viewed(centre, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"site": "Social Kompas"}, "site"),
        ({"site": None}, "site"),
        ({"page": "tema"}, "page"),
        ({"page": "/amina@example.com"}, "page"),
        ({"page": "/" + "x" * 200}, "page"),
        ({"unit": "ring 20123456"}, "unit"),
        ({"unit": ""}, "unit"),
        ({"visitor": "a" * 32}, "visitor"),
        ({"viewed_on": "2023-02-01"}, "viewed_on"),
        ({"viewed_on": "9999-01-01"}, "viewed_on"),
        ({"viewed_on": "i går"}, "viewed_on"),
    ],
    ids=str,
)
async def test_what_is_wrong_is_named(centre: Centre, wrong: Json, field: str) -> None:
    answer = await centre.post("pageviews", VIEW | wrong, {}, **BROWSER)

    assert (answer.status_code, fields_of(answer)) == (422, [field])


async def test_staff_record_the_past_at_its_own_day(centre: Centre) -> None:
    for day in ("2023-02-01", "2023-02-01", "2023-02-02"):
        answer = await centre.post("pageviews", VIEW | {"viewed_on": day}, **BROWSER)
        assert answer.status_code == 202

    facts = await viewed(centre, 3)

    assert [fact["time"] for fact in facts] == ["2023-02-01T11:00:00Z"] * 2 + ["2023-02-02T11:00:00Z"]
    assert len({fact["subject"] for fact in facts}) == 2


async def test_a_repetition_with_its_key_is_the_same_view(centre: Centre) -> None:
    key = {"idempotency-key": "visit/7/0"}
    assert [await view(centre, **key) for _ in range(2)] == [202, 202]
    await viewed(centre, 1)

    assert await view(centre, **key) == 202
    assert await view(centre.neighbour(), **key) == 202
    assert await view(centre) == 202

    assert len(await viewed(centre, 2)) == 2
    assert len(await viewed(centre.neighbour(), 1)) == 1


async def test_a_key_that_is_none_is_refused(centre: Centre) -> None:
    answer = await centre.post("pageviews", VIEW, {}, **BROWSER, **{"idempotency-key": "x" * 201})

    assert (answer.status_code, fields_of(answer)) == (422, ["Idempotency-Key"])


async def test_tomorrow_the_same_browser_is_somebody_else_and_todays_key_is_gone(own: str) -> None:
    with time_machine.travel("2026-03-10T22:59:00Z", tick=True):  # A minute to midnight in Denmark.
        async with running(own) as (app, centre):
            await view(centre)
            (before,) = await viewed(centre, 1)
            used = app.state.pageviews.keys.of(date(2026, 3, 10))

    with time_machine.travel("2026-03-10T23:00:01Z", tick=True):
        async with running(own) as (app, after):
            centre = Centre(after.client, after.database, centre.tenant)
            await view(centre)
            both = await viewed(centre, 2)
            async with centre.database.transaction("*") as session:
                kept = (await (await session.connection()).execute(text("select day, key from pageview_keys"))).all()

    assert before["subject"] != both[1]["subject"]
    assert sorted(row.day for row in kept) == [date(2026, 3, 11), date(2026, 3, 12)]
    assert used not in [bytes(row.key) for row in kept]
    assert app.state.pageviews.keys.of(date(2026, 3, 10)) is None


async def test_midnight_passes_without_a_pause_even_while_the_database_is_away(own: str) -> None:
    async with disposing(Database(own)) as database:
        views = Pageviews(database, Metrics("directory"))
        with time_machine.travel("2026-03-10T22:59:00Z", tick=False):
            await views.keys.keep()
            tonight, tomorrow = views.keys.of(date(2026, 3, 10)), views.keys.of(date(2026, 3, 11))
    views.keys._database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")

    with time_machine.travel("2026-03-10T23:00:01Z", tick=False), pytest.raises(Exception, match="refused"):
        await views.keys.keep()

    assert tonight
    assert tomorrow
    assert views.keys.of(date(2026, 3, 10)) is None
    assert views.keys.of(date(2026, 3, 11)) == tomorrow


async def test_a_restart_and_a_second_process_count_nobody_twice(own: str) -> None:
    async with running(own) as (_, one), running(own) as (_, two):
        await view(one)
        await view(Centre(two.client, two.database, one.tenant))
        await viewed(one, 2)
    async with running(own) as (_, three):
        again = Centre(three.client, three.database, one.tenant)
        await view(again)
        facts = await viewed(again, 3)

    assert len({fact["subject"] for fact in facts}) == 1


async def test_a_key_that_the_database_lost_is_put_back_by_whoever_holds_it(own: str) -> None:
    with time_machine.travel("2026-03-10T12:00:00Z", tick=True):
        async with running(own) as (app, _):
            held = app.state.pageviews.keys.of(date(2026, 3, 10))
            async with app.state.database.transaction("*") as session:
                await (await session.connection()).execute(text("delete from pageview_keys"))
            app.state.pageviews.keys._held.pop(date(2026, 3, 11))
            await app.state.pageviews.keys.keep()
            async with running(own) as (other, _):
                assert other.state.pageviews.keys.of(date(2026, 3, 10)) == held


async def test_nothing_of_the_visitor_is_kept_anywhere(own: str, capfd: pytest.CaptureFixture[str]) -> None:
    agent = "Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/128.0 Kendetegn42"
    async with running(own) as (app, centre):
        await view(centre, **{"user-agent": agent, "x-forwarded-for": "198.51.100.9", "referer": "http://x/amina"})
        await viewed(centre, 1)
        metrics = (await centre.client.get("/directory/metrics")).text
        everything = metrics + "".join(capfd.readouterr())
        async with app.state.database.transaction("*") as session:
            connection = await session.connection()
            tables = await connection.execute(
                text("select table_name from information_schema.tables where table_schema = 'public'")
            )
            for table in tables.scalars():
                for row in await connection.execute(text(f"select * from {table}")):
                    everything += " ".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in row)

    assert VIEW["page"] in everything
    for trace in (ADDRESS, "Kendetegn42", "198.51.100.9", "amina"):
        assert trace not in everything


async def test_a_request_asks_no_database() -> None:
    """With the writer standing still and no database there at all, views are accepted until there is no more room."""
    app = create_app(Settings(database_url="postgresql+psycopg://nobody@127.0.0.1:1/{service}"))
    app.state.pageviews = views = Pageviews(app.state.database, Metrics("directory"), room=50)
    asked: list[str] = []
    event.listen(app.state.database.engine.sync_engine, "do_connect", lambda *_: asked.append("connect"))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://directory") as client:
        centre = Centre(client, app.state.database, "odense")
        unkeyed = await view(centre)
        with time_machine.travel("2026-03-10T12:00:00Z", tick=False):
            views.keys._held = {date(2026, 3, 10): b"k" * 32}
            accepted = [await view(centre) for _ in range(50)]
            full = await centre.post("pageviews", VIEW, {}, **BROWSER)

    assert unkeyed == 503
    assert accepted == [202] * 50
    assert (full.status_code, full.headers["retry-after"]) == (503, "2")
    assert (len(views._rows), asked) == (50, [])


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
async def test_views_wait_for_the_database_and_are_written_once(
    own: str, committed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(own) as (app, centre):
        whole, failures = Database.transaction, 0

        @asynccontextmanager
        async def broken(self: Database, tenant: str) -> AsyncIterator[Any]:
            nonlocal failures
            failures += 1
            if not committed:
                raise OperationalError("away")
            async with whole(self, tenant) as session:
                yield session
            raise OperationalError("the answer to the commit was lost")

        monkeypatch.setattr(Database, "transaction", broken)
        for number in range(7):
            assert await view(centre, VIEW | {"page": f"/side/{number}"}) == 202
        await eventually(lambda: failures >= 2)
        held = len(app.state.pageviews._rows)
        monkeypatch.undo()

        facts = await viewed(centre, 7)
        await eventually(lambda: not app.state.pageviews._rows)

    assert held == 7
    assert sorted(fact["data"]["page"] for fact in facts) == [f"/side/{number}" for number in range(7)]


async def test_a_batch_is_one_insert_in_the_order_of_the_views(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with disposing(Database(own)) as database:
        views = Pageviews(database, Metrics("directory"))
        await views.keys.keep()
        app = create_app(Settings(database_url=own))
        app.state.pageviews = views
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://directory") as client:
            centre = Centre(client, database, fresh_tenant())
            for number in range(300):
                await view(centre, VIEW | {"page": f"/side/{number}"})
        inserts, execute = list[str](), psycopg.AsyncCursor.execute

        async def noted(cursor: Any, statement: Any, *arguments: Any, **options: Any) -> Any:
            if "insert into outbox" in str(statement).lower():
                inserts.append(str(statement))
            return await execute(cursor, statement, *arguments, **options)

        monkeypatch.setattr(psycopg.AsyncCursor, "execute", noted)

        await views.write()

        assert len(inserts) == 1
        facts = await viewed(centre, 300)
        assert [fact["data"]["page"] for fact in facts] == [f"/side/{number}" for number in range(300)]


async def test_a_stopping_process_writes_what_it_holds(own: str) -> None:
    async with running(own) as (_, centre):
        await asyncio.gather(*(view(centre) for _ in range(20)))

    async with disposing(Database(own)) as database:
        assert len(await viewed(Centre(centre.client, database, centre.tenant), 20)) == 20


async def test_what_became_of_the_views_is_on_the_metrics(own: str) -> None:
    async with running(own) as (_, centre):
        await view(centre)
        await view(centre, **{"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"})
        await view(centre, dnt="1")
        metrics = (await centre.client.get("/directory/metrics")).text

    for outcome in ("counted", "bot", "opted_out"):
        assert f'kompas_pageviews_total{{outcome="{outcome}",service="directory"}} 1.0' in metrics
