"""Plans as living data: seen before they are adopted, adopted as a version, and no version lost."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from services.kpi.counting.keys import GoalKey
from services.kpi.definition.parse import parse_plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.goals.gauges import standings
from services.kpi.ingest.repository import forget
from services.kpi.repository import backfilling, change_version, set_live
from shared.database import Database
from shared.events.bookings import BookingConfirmed
from shared.events.kpi import PlanAdopted
from shared.tenancy import EVERY_TENANT
from tests.service.kpi.centre import Centre, Json
from tests.support.people import bearer, fresh_tenant

PLAN = "town-2023"
TALKS = """
  - id: "1.1"
    theme: "1"
    statement: "Bookede samtaler"
    statement_en: "Conversations booked"
    target: 10
    unit: "samtaler"
    unit_en: "conversations"
    measured_by: "bookingsystem"
    source: live
    period: {start: 2023-01-01, end: 2023-12-31}
    measure: {kind: count, of: booking.confirmed, where: {resource_kind: conversation}, minus: booking.cancelled}
"""
ROOMS = TALKS.replace("1.1", "1.2").replace("samtaler", "lokaler").replace("conversation}", "room}")


def town(*goals: str, year: int = 2023, extra: str = "") -> str:
    head = f"plan: town\nyear: {year}\ntenants: [odense]\ntitle: Byens plan\ntitle_en: The town's plan\n{extra}"
    return head + 'themes: {"1": "Tema"}\ngoals:' + "".join(goals)


class Planner:
    """A centre whose staff send plans."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre

    async def put(self, text: str, plan: str = PLAN, **query: Any) -> httpx2.Response:
        headers = self.centre.staff | {"content-type": "text/yaml"}
        path = f"/kpi/{self.centre.tenant}/plans/{plan}"
        return await self.centre.client.put(path, content=text.encode(), headers=headers, params=query)

    async def adopted(self, text: str, **query: Any) -> Json:
        answer = await self.put(text, **query)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    async def live(self) -> None:
        async with self.centre.database.transaction(self.centre.tenant) as session:
            await set_live(session, await backfilling(session))
            await change_version(session)

    async def talks(self, times: int) -> None:
        log = self.centre.log()
        for _ in range(times):
            booked = BookingConfirmed(
                resource_id=uuid4(),
                resource_kind="conversation",
                purpose="seeking_community",
                channel="self",
                starts_at="2023-05-02T09:00:00Z",
                ends_at="2023-05-02T09:30:00Z",
            )
            log.put(self.centre.told(booked, subject=uuid4()))
        await self.centre.ingest().take(log.records)


@pytest_asyncio.fixture(loop_scope="session")
async def planner(client: httpx2.AsyncClient, database: Database) -> Planner:
    return Planner(Centre(client, database, fresh_tenant()))


async def test_a_plan_that_was_put_is_the_plan_the_centre_goes_by(planner: Planner) -> None:
    answer = await planner.put(town(TALKS, ROOMS))

    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    found = answer.json()
    assert (found["adopted"], found["version"], found["unchanged"]) == (True, 1, 0)
    assert [(each["goal"], each["kind"]) for each in found["changes"]] == [("1.1", "added"), ("1.2", "added")]
    goals = (await planner.centre.get(f"plans/{PLAN}/goals"))["items"]
    assert [(goal["id"], goal["status"], goal["changed"]) for goal in goals] == [
        ("1.1", "backfilling", None),
        ("1.2", "backfilling", None),
    ]
    facts = [event for event in await planner.centre.stated() if isinstance(event, PlanAdopted)]
    assert [(event.plan, event.year, event.goals) for event in facts] == [(PLAN, 2023, ["1.1", "1.2"])]


async def test_the_same_plan_put_twice_is_one_version(planner: Planner) -> None:
    await planner.adopted(town(TALKS))

    again = await planner.adopted(town(TALKS))

    assert (again["adopted"], again["version"], again["changes"], again["unchanged"]) == (False, 1, [], 1)
    assert len((await planner.centre.get(f"plans/{PLAN}/versions"))["items"]) == 1


async def test_every_mistake_is_told_with_its_line_and_reason(planner: Planner) -> None:
    broken = town(
        TALKS.replace("booking.confirmed", "booking.dreamt").replace("target: 10", "target: -1"),
        ROOMS.replace("    statement_en", "    staement_en"),
    )
    lines = broken.splitlines()

    answer = await planner.put(broken, dry_run=True)

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert problem["type"] == "urn:kompas:problem:plan-invalid"
    told = {(int(each["field"].removeprefix("line ")), each["message"]) for each in problem["errors"]}
    assert (lines.index("    target: -1") + 1, "goals.1.1.target: skal være større end 0") in told
    misspelt = next(number for number, line in enumerate(lines, 1) if "staement_en" in line)
    assert (misspelt, "goals.1.2.staement_en: er ikke et ord i plansproget") in told
    assert any(reason == "goals.1.2.statement_en: mangler" for _, reason in told)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("plan: [", 1, "expected the node content"),
        ("", 1, "filen er tom"),
        ("a: &a [x]\nb: *a\n", 2, "en plan har ingen henvisninger (*)"),
        (town(TALKS, year=2024), 1, "plan: dette er town-2024 og ikke town-2023"),
        (town(TALKS.replace("booking.confirmed", "booking.dreamt")), 18, "ingen hændelse hedder booking.dreamt"),
        ("[" * 5000, 1, ""),
    ],
)
async def test_what_is_no_plan_is_refused_with_its_line(planner: Planner, text: str, line: int, reason: str) -> None:
    answer = await planner.put(text)

    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert errors[0]["field"] == f"line {line}"
    assert reason in errors[0]["message"]


async def test_a_plan_comes_as_json_too_and_as_nothing_else(planner: Planner) -> None:
    url, staff = f"/kpi/{planner.centre.tenant}/plans/{PLAN}", planner.centre.staff

    form = await planner.centre.client.put(url, content=b"x=1", headers=staff | {"content-type": "text/html"})
    wrong = await planner.centre.client.put(url, json={"yml": "x"}, headers=staff)
    right = await planner.centre.client.put(url, json={"yaml": town(TALKS)}, headers=staff)

    deep = await planner.centre.client.put(
        url, content=b"[" * 100_000, headers=staff | {"content-type": "application/json"}
    )

    assert (form.status_code, wrong.status_code, right.status_code, deep.status_code) == (415, 422, 201, 422)
    assert [each.json()["errors"][0]["field"] for each in (wrong, deep)] == ["yaml", "yaml"]


async def test_only_staff_change_plans(planner: Planner) -> None:
    url, text = f"/kpi/{planner.centre.tenant}/plans/{PLAN}", town(TALKS).encode()
    yaml = {"content-type": "text/yaml"}

    stranger = await planner.centre.client.put(url, content=text, headers=yaml)
    association = bearer(planner.centre.tenant, "association", uuid4())
    member = await planner.centre.client.put(url, content=text, headers=yaml | association)

    assert (stranger.status_code, member.status_code) == (401, 403)


async def test_a_dry_run_shows_the_difference_and_adopts_nothing(planner: Planner) -> None:
    await planner.adopted(town(TALKS, ROOMS))
    await planner.live()
    await planner.talks(3)

    found = await planner.adopted(town(TALKS.replace("target: 10", "target: 20")), dry_run=True)

    assert (found["adopted"], found["version"], found["wants_reason"], found["values_known"]) == (False, 1, True, True)
    changed, retired = found["changes"]
    assert (changed["goal"], changed["kind"], changed["redefined"], changed["recounted"]) == (
        "1.1", "changed", True, False,
    )  # fmt: skip
    assert changed["fields"] == [{"field": "target", "before": 10.0, "after": 20.0}]
    assert (changed["value"], changed["would_be"]) == (3, 3)
    assert (retired["goal"], retired["kind"], retired["would_be"]) == ("1.2", "retired", None)
    assert (await planner.centre.get(f"plans/{PLAN}"))["version"] == 1
    assert (await planner.centre.goal("1.1", PLAN))["target"] == 10


async def test_without_the_log_a_dry_run_says_that_it_does_not_know_the_values(planner: Planner) -> None:
    found = await planner.adopted(town(TALKS), dry_run=True)

    assert (found["values_known"], found["changes"][0]["would_be"], found["version"]) == (False, None, None)


async def test_whoever_changes_or_retires_a_goal_says_why(planner: Planner) -> None:
    await planner.adopted(town(TALKS, ROOMS))
    fewer = town(TALKS.replace("target: 10", "target: 8"))

    silent = await planner.put(fewer)
    spoken_ = await planner.adopted(fewer, reason="Byrådet har skåret ned")

    assert silent.status_code == 422
    assert silent.json()["errors"][0]["field"] == "reason"
    assert [(each["goal"], each["reason"]) for each in spoken_["changes"]] == [
        ("1.1", "Byrådet har skåret ned"),
        ("1.2", "Byrådet har skåret ned"),
    ]


async def test_the_reason_may_stand_in_the_plan_or_at_the_goal(planner: Planner) -> None:
    await planner.adopted(town(TALKS, ROOMS))
    own = "    changed: {reason: Kun forår, reason_en: Spring only}\n"
    rooms = ROOMS.replace("target: 10", "target: 5") + own

    await planner.adopted(town(TALKS.replace("target: 10", "target: 8"), rooms, extra="reason: Ny aftale\n"))

    changed = {goal["id"]: goal["changed"] for goal in (await planner.centre.get(f"plans/{PLAN}/goals"))["items"]}
    assert (changed["1.1"]["reason"], changed["1.2"]["reason"]) == ("Ny aftale", "Kun forår")
    assert (changed["1.1"]["version"], changed["1.1"]["at"] is not None) == (2, True)


async def test_other_words_for_the_same_goal_need_no_reason_and_leave_no_mark(planner: Planner) -> None:
    await planner.adopted(town(TALKS))

    found = await planner.adopted(town(TALKS.replace("Conversations booked", "Booked conversations")))

    assert (found["version"], found["changes"][0]["redefined"]) == (2, False)
    goal = await planner.centre.goal("1.1", PLAN)
    assert (goal["statement_en"], goal["changed"], goal["definition_version"]) == ("Booked conversations", None, 1)


async def test_a_changed_goal_is_shown_as_before_until_its_history_is_whole(planner: Planner) -> None:
    await planner.adopted(town(TALKS))
    await planner.live()
    await planner.talks(4)

    await planner.adopted(town(TALKS.replace("conversation}", "room}")), reason="Lokaler tæller nu")
    # As the worker does before it reads the log; what comes now is counted anew, and not beside the old.
    async with planner.centre.database.transaction(EVERY_TENANT) as session:
        await forget(session, [GoalKey(planner.centre.tenant, PLAN, "1.1")])
    await planner.adopted(town(TALKS.replace("conversation}", "equipment}")), reason="Udstyr tæller nu")

    goal = await planner.centre.goal("1.1", PLAN)
    assert (goal["status"], goal["value"], goal["events"], goal["definition_version"]) == ("backfilling", 4, 4, 1)
    assert (goal["changed"]["version"], goal["changed"]["reason"]) == (3, "Udstyr tæller nu")
    shown = await planner.centre.get(f"plans/{PLAN}/goals/1.1")
    assert (shown["value"], shown["shown"]) == (None, "1–4")
    # What it had come to is what was last whole, and so it is on the dashboards.
    version = await planner.centre.get(f"plans/{PLAN}/versions/3", planner.centre.staff)
    assert [each["value"] for each in version["changes"]] == [4]
    async with planner.centre.database.transaction(EVERY_TENANT) as session:
        gauged = {each.key: each.reading.value for each in await standings(session)}
    assert gauged[GoalKey(planner.centre.tenant, PLAN, "1.1")] == 4
    await planner.live()
    goal = await planner.centre.goal("1.1", PLAN)
    assert (goal["status"], goal["value"], goal["events"], goal["definition_version"]) == ("live", 0, 0, 3)


async def test_a_changed_goal_keeps_what_it_had_come_to(planner: Planner) -> None:
    await planner.adopted(town(TALKS))
    await planner.live()
    await planner.talks(4)

    await planner.adopted(town(TALKS.replace("conversation}", "room}")), reason="Lokaler tæller nu")

    goal = await planner.centre.goal("1.1", PLAN)
    assert (goal["status"], goal["definition_version"], goal["changed"]["reason"]) == (
        "backfilling", 1, "Lokaler tæller nu",
    )  # fmt: skip
    version = await planner.centre.get(f"plans/{PLAN}/versions/2", planner.centre.staff)
    assert [(each["goal"], each["kind"], each["value"]) for each in version["changes"]] == [("1.1", "changed", 4)]
    assert [each["field"] for each in version["changes"][0]["fields"]] == ["measure"]


async def test_a_retired_goal_is_read_as_it_stood(planner: Planner) -> None:
    await planner.adopted(town(TALKS, ROOMS))
    await planner.live()
    await planner.talks(2)

    await planner.adopted(town(ROOMS), reason="Opgaven er overtaget af kommunen")
    await planner.talks(5)

    plan = await planner.centre.get(f"plans/{PLAN}")
    assert plan["retired"] == [{"goal": "1.1", "last_version": 1, "reason": "Opgaven er overtaget af kommunen"}]
    assert [goal["id"] for goal in (await planner.centre.get(f"plans/{PLAN}/goals"))["items"]] == ["1.2"]
    goal = await planner.centre.goal("1.1", PLAN)
    assert (goal["status"], goal["value"]) == ("retired", 2)
    evidence = await planner.centre.get(f"plans/{PLAN}/goals/1.1/evidence", planner.centre.staff)
    assert (len(evidence["items"]), evidence["receipt"]["counted"]) == (2, 2)


async def test_a_goal_that_comes_back_is_counted_from_the_beginning(planner: Planner) -> None:
    await planner.adopted(town(TALKS, ROOMS))
    await planner.adopted(town(ROOMS), reason="Pause")

    await planner.adopted(town(TALKS, ROOMS))

    goal = await planner.centre.goal("1.1", PLAN)
    assert (goal["status"], goal["definition_version"], goal["changed"]) == ("backfilling", 3, None)
    assert (await planner.centre.get(f"plans/{PLAN}"))["retired"] == []


async def test_every_version_can_be_read_as_it_was_written_and_be_sent_again(planner: Planner) -> None:
    first = town(TALKS) + "# en bemærkning\n"
    await planner.adopted(first)
    await planner.adopted(town(TALKS, ROOMS))

    versions = (await planner.centre.get(f"plans/{PLAN}/versions"))["items"]
    old = await planner.centre.get(f"plans/{PLAN}/versions/1")
    back = await planner.adopted(old["yaml"], reason="Fortrudt")

    assert [(each["version"], each["added"]) for each in versions] == [(2, 1), (1, 1)]
    assert old["yaml"] == first
    assert (back["version"], [each["kind"] for each in back["changes"]]) == (3, ["retired"])


async def test_who_adopted_a_version_is_for_the_centres_own_people(planner: Planner) -> None:
    await planner.adopted(town(TALKS))

    public = await planner.centre.get(f"plans/{PLAN}/versions/1")
    staff = await planner.centre.get(f"plans/{PLAN}/versions/1", planner.centre.staff)

    assert public["adopted_by"] is None
    assert staff["adopted_by"]


async def test_a_plan_is_adopted_for_another_year_with_its_dates_shifted(planner: Planner) -> None:
    await planner.adopted(town(TALKS))

    answer = await planner.centre.post(f"plans/{PLAN}/adopt", {"year": 2027})
    never = await planner.centre.post(f"plans/{PLAN}/adopt", {"year": 1999})
    again = await planner.centre.post(f"plans/{PLAN}/adopt", {"year": 2027})

    assert (answer.status_code, answer.json()["plan"], again.status_code) == (201, "town-2027", 200)
    assert (never.status_code, never.json()["errors"][0]["field"]) == (422, "year")
    goal = await planner.centre.goal("1.1", "town-2027")
    assert goal["period"] == {"start": "2027-01-01", "end": "2027-12-31"}
    shifted = await planner.centre.get("plans/town-2027/versions/1")
    assert parse_plan(shifted["yaml"], spoken()).id == "town-2027"


async def test_a_plan_changed_meanwhile_is_not_overwritten(planner: Planner) -> None:
    await planner.adopted(town(TALKS))
    await planner.adopted(town(TALKS, ROOMS))
    headers = planner.centre.staff | {"content-type": "text/yaml", "if-match": '"1"'}

    answer = await planner.centre.client.put(
        f"/kpi/{planner.centre.tenant}/plans/{PLAN}", content=town(TALKS).encode(), headers=headers
    )

    assert answer.status_code == 412


async def test_goals_that_wait_for_their_history_say_how_far_it_is(planner: Planner) -> None:
    await planner.adopted(town(TALKS))

    waiting = (await planner.centre.get(f"plans/{PLAN}"))["progress"]
    await planner.live()
    whole = (await planner.centre.get(f"plans/{PLAN}"))["progress"]

    assert waiting == [{"goal": "1.1", "status": "backfilling", "read": 0, "of": 0}]
    assert whole == []
