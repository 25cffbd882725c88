"""What was reported to the board stays as it was; what changes afterwards is told beside it, fact by fact."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from sqlalchemy import text

from services.kpi.repository import backfilling, change_version, set_live
from shared.clock import today
from shared.database import Database
from shared.events.bookings import BookingCancelled, BookingConfirmed
from tests.service.kpi.centre import Centre, Json, Log
from tests.service.kpi.test_versions import PLAN, ROOMS, TALKS, Planner, town
from tests.support.people import fresh_tenant

YEAR_END = {"reporting_date": "2023-12-31"}


class Board(Planner):
    """A centre that counts, and reports to its board."""

    def __init__(self, centre: Centre) -> None:
        super().__init__(centre)
        self.log: Log = centre.log()

    async def goes_by(self, plan: str, **query: Any) -> None:
        await self.adopted(plan, **query)
        await self.live()

    async def told(self, subject: UUID, *, cancelled: bool = False, on: str = "2023-05-01") -> UUID:
        data = {
            "resource_id": uuid4(),
            "resource_kind": "conversation",
            "purpose": "seeking_community",
            "channel": "self",
            "starts_at": "2023-05-02T09:00:00Z",
            "ends_at": "2023-05-02T09:30:00Z",
        }
        event = BookingCancelled(**data, cancelled_by="citizen") if cancelled else BookingConfirmed(**data)
        fact = uuid4()
        told = self.centre.told(event, subject=subject, sequence=3 if cancelled else 2, on=on, id=fact)
        record = self.log.put(told)
        await self.centre.ingest().take([record])
        return fact

    async def freeze(self, **body: Any) -> Json:
        answer = await self.centre.post(f"plans/{PLAN}/reports", YEAR_END | body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def report(self, report: Json) -> Json:
        return await self.centre.get(f"plans/{PLAN}/reports/{report['id']}", self.centre.staff)


@pytest_asyncio.fixture(loop_scope="session")
async def board(client: httpx2.AsyncClient, database: Database) -> Board:
    board = Board(Centre(client, database, fresh_tenant()))
    await board.goes_by(town(TALKS, ROOMS))
    return board


async def test_a_report_holds_every_goal_as_it_stood(board: Board) -> None:
    for _ in range(3):
        await board.told(uuid4())

    report = await board.freeze()

    assert (report["title"], report["plan_version"]) == ("Byens plan, 31. december 2023", 1)
    assert [(goal["id"], goal["value"], goal["result"]) for goal in report["goals"]] == [
        ("1.1", 3, "not_reached"),
        ("1.2", 0, "not_started"),
    ]
    assert report["restatements"] == []
    listed = (await board.centre.get(f"plans/{PLAN}/reports", board.centre.staff))["items"]
    assert [each["id"] for each in listed] == [report["id"]]


async def test_a_late_fact_leaves_the_report_as_it_was_and_is_named_beside_it(board: Board) -> None:
    await board.told(uuid4())
    report = await board.freeze(title="Til bestyrelsen")

    late = await board.told(uuid4(), on="2023-12-30")

    found = await board.report(report)
    assert found["goals"] == report["goals"]
    assert found["restatements"] == [
        {
            "goal": "1.1",
            "causes": ["late_fact"],
            "before": 1,
            "after": 2,
            "known": True,
            "reason": None,
            "facts": [{"event_id": str(late), "cause": "late_fact", "before": None, "after": 1}],
        }
    ]
    assert (await board.centre.goal("1.1", PLAN))["value"] == 2


async def test_what_is_taken_back_is_a_correction(board: Board) -> None:
    subject = uuid4()
    await board.told(subject)
    await board.told(uuid4())
    report = await board.freeze()

    undone = await board.told(subject, cancelled=True, on="2024-01-15")

    restated = (await board.report(report))["restatements"][0]
    assert (restated["causes"], restated["before"], restated["after"]) == (["correction"], 2, 1)
    assert [each["event_id"] for each in restated["facts"]] == [str(undone)]


async def test_a_fact_that_is_gone_is_an_erasure(board: Board, database: Database) -> None:
    fact = await board.told(uuid4())
    report = await board.freeze()
    async with database.transaction(board.centre.tenant) as session:
        connection = await session.connection()
        await connection.execute(text("delete from packs where :fact = any(event_ids)"), {"fact": fact})
        await connection.execute(text("update tallies set value = 0, events = 0 where goal = '1.1'"))

    restated = (await board.report(report))["restatements"][0]

    assert (restated["causes"], restated["before"], restated["after"]) == (["erasure"], 1, 0)
    assert [each["event_id"] for each in restated["facts"]] == [str(fact)]


async def test_a_new_definition_is_a_cause_of_its_own(board: Board) -> None:
    await board.told(uuid4())
    report = await board.freeze()

    await board.adopted(town(TALKS.replace("conversation}", "room}"), ROOMS), reason="Lokaler tæller nu")
    waiting = (await board.report(report))["restatements"]
    async with board.centre.database.transaction(board.centre.tenant) as session:
        await set_live(session, await backfilling(session))
        await change_version(session)
    whole = (await board.report(report))["restatements"]

    assert [(each["causes"], each["known"], each["after"]) for each in waiting] == [(["new_definition"], False, None)]
    assert [(each["causes"], each["known"], each["before"]) for each in whole] == [(["new_definition"], True, 1)]
    assert whole[0]["reason"] == "Lokaler tæller nu"


async def test_a_repeat_and_a_fact_of_another_goal_restate_nothing(board: Board) -> None:
    subject = uuid4()
    await board.told(subject)
    report = await board.freeze()

    await board.centre.ingest().take([board.log.put(board.log.records[-1].value)])

    assert (await board.report(report))["restatements"] == []


async def test_no_report_is_made_of_the_future_or_of_half_a_history(board: Board) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()

    future = await board.centre.post(f"plans/{PLAN}/reports", {"reporting_date": tomorrow})
    await board.adopted(town(TALKS.replace("conversation}", "room}"), ROOMS), reason="Lokaler")
    half = await board.centre.post(f"plans/{PLAN}/reports", YEAR_END)

    assert (future.status_code, future.json()["errors"][0]["field"]) == (422, "reporting_date")
    assert (half.status_code, half.json()["type"]) == (409, "urn:kompas:problem:history-not-whole")


async def test_a_number_that_needs_the_log_is_not_invented_without_it(board: Board) -> None:
    await board.told(uuid4(), on="2023-05-01")
    await board.told(uuid4(), on="2023-09-01")

    answer = await board.centre.post(f"plans/{PLAN}/reports", {"reporting_date": "2023-06-30"})

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:kompas:problem:log-out-of-reach")


@pytest.mark.parametrize("path", ["reports", "reports/0190a0a0-0000-7000-8000-000000000000"])
async def test_reports_are_for_the_centres_own_people(board: Board, path: str) -> None:
    answer = await board.centre.client.get(f"/kpi/{board.centre.tenant}/plans/{PLAN}/{path}")

    assert answer.status_code == 401
