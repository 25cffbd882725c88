"""The year wheel: what is due in each month, for everybody, and as a calendar that keeps its entries apart."""

from typing import Any

import pytest
import pytest_asyncio
from icalendar import Calendar

from services.kpi.adoption import adopt
from shared.clock import today
from tests.service.kpi.centre import Centre, Json
from tests.service.kpi.steps import STEPS, go_by_steps, steps

SURVEY = {
    "slug": "tal-fra-din-forening",
    "title": "Tal fra din forening",
    "questions": [{"key": "new_volunteers", "kind": "number", "text": "Hvor mange nye frivillige?"}],
}


@pytest_asyncio.fixture(loop_scope="session")
async def town(centre: Centre) -> Centre:
    await go_by_steps(centre.database, centre.tenant)
    return centre


async def due(town: Centre, **query: Any) -> dict[int, list[Json]]:
    wheel = await town.get("yearwheel", **query)
    return {month["month"]: month["due"] for month in wheel["months"]}


async def feed(town: Centre, **query: Any) -> dict[str, Any]:
    """By uid, as a calendar program reads it."""
    answer = await town.client.get(f"/kpi/{town.tenant}/yearwheel.ics", params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    calendar = Calendar.from_ical(answer.content)
    assert (calendar["version"], "prodid" in calendar) == ("2.0", True)
    events = calendar.walk("VEVENT")
    found = {str(event["uid"]): event for event in events}
    assert len(found) == len(events)
    return found


async def test_each_month_says_what_is_due_in_it(town: Centre) -> None:
    wheel = await due(town, year=2023, plan=STEPS)

    assert list(wheel) == list(range(1, 13))
    assert {
        month: [(item["id"], item["on"], item["window"]) for item in items] for month, items in wheel.items() if items
    } == {
        3: [("1.3", "2023-03-31", "2023-Q1")],
        6: [("1.1", "2023-06-30", None), ("1.3", "2023-06-30", "2023-Q2")],
        9: [("1.3", "2023-09-30", "2023-Q3")],
        12: [("1.2", "2023-12-31", None), ("1.3", "2023-12-31", "2023-Q4")],
    }
    assert wheel[6][0]["title"].startswith("Handlingsplanen godkendes af bestyrelsen")
    assert (wheel[6][0]["kind"], wheel[6][1]["kind"]) == ("goal", "goal_window")


async def test_the_last_day_of_an_open_survey_is_due(town: Centre) -> None:
    survey = (await town.post("surveys", SURVEY)).json()
    last = today().replace(year=today().year + 1, month=3, day=14)
    await town.post(f"surveys/{survey['id']}/open", {"closes_on": str(last)})

    async def due() -> list[tuple[str, str]]:
        wheel = await town.get("yearwheel", year=last.year)
        return [(item["kind"], item["on"]) for month in wheel["months"] for item in month["due"] if not item["plan"]]

    ahead = await due()
    await town.post(f"surveys/{survey['id']}/close")

    assert (ahead, await due()) == ([("survey_last_day", str(last))], [])


async def test_without_a_year_it_is_this_one_and_has_every_plan_and_the_surveys(town: Centre) -> None:
    survey = (await town.post("surveys", SURVEY)).json()
    draft = await due(town)
    await town.post(f"surveys/{survey['id']}/open")
    await town.post(f"surveys/{survey['id']}/close")

    wheel = await due(town)

    own = [(item["kind"], item["id"], item["plan"]) for item in wheel[today().month] if "survey" in item["kind"]]
    assert own == [("survey_opened", SURVEY["slug"], None), ("survey_closed", SURVEY["slug"], None)]
    assert not [item for items in draft.values() for item in items if "survey" in item["kind"]]
    assert {item["plan"] for items in wheel.values() for item in items} == {None, f"odense-{today().year}"}


async def test_the_feed_reads_as_a_calendar_of_whole_days(town: Centre) -> None:
    events = await feed(town, plan=STEPS)

    event = events[f"goal-{STEPS}-1.1@{town.tenant}.kompas"]
    assert (str(event["dtstart"].dt), event["transp"]) == ("2023-06-30", "TRANSPARENT")
    assert event["summary"] == "Frist: Handlingsplanen godkendes af bestyrelsen medio 2023; på dansk, med komma"
    assert f"goal_window-{STEPS}-1.3-2023-Q4@{town.tenant}.kompas" in events
    assert len(events) == 6


async def test_an_entry_that_moves_stays_the_same_entry(town: Centre) -> None:
    before = await feed(town, plan=STEPS)
    again = await feed(town, plan=STEPS)
    plan = steps()
    moved = plan.goals[0].model_copy(update={"due": plan.goals[0].due and plan.goals[0].due.replace(month=8)})
    async with town.database.transaction(town.tenant) as session:
        await adopt(session, town.tenant, plan.model_copy(update={"goals": [moved, *plan.goals[1:]]}), 2023)

    after = await feed(town, plan=STEPS)

    uid = f"goal-{STEPS}-1.1@{town.tenant}.kompas"
    assert before == again
    assert set(after) == set(before)
    assert (str(after[uid]["dtstart"].dt), after[uid]["sequence"]) == ("2023-08-30", before[uid]["sequence"] + 1)


async def test_a_year_can_be_chosen_for_the_feed_too(town: Centre) -> None:
    assert len(await feed(town, year=2023, plan=STEPS)) == 6
    assert await feed(town, year=2031) == {}


@pytest.mark.parametrize("path", ["yearwheel?plan=nothing-2023", "yearwheel.ics?plan=nothing-2023"])
async def test_a_plan_that_is_not_there_is_not_found(town: Centre, path: str) -> None:
    assert (await town.client.get(f"/kpi/{town.tenant}/{path}")).status_code == 404


@pytest.mark.parametrize("year", ["1", "soon", "99999"])
async def test_a_year_that_is_none_is_named(town: Centre, year: str) -> None:
    answer = await town.client.get(f"/kpi/{town.tenant}/yearwheel", params={"year": year})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "year")
