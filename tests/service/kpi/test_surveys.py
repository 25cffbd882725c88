"""Tal fra din forening: one answer an association, the newest counts, and only numbers and yes or no become facts."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.clock import today
from shared.events.kpi import SurveyClosed, SurveyOpened, SurveyResponseSubmitted
from tests.service.kpi.centre import CITIZEN, Centre, Json
from tests.support.people import bearer, fresh_tenant

QUESTIONS = [
    {"key": "help_leadership", "kind": "yes_no", "text": "Har I fået hjælp inden for emnet ledelse?"},
    {"key": "new_volunteers", "kind": "number", "text": "Hvor mange nye frivillige har I fået?"},
    {"key": "channel", "kind": "choice", "text": "Hvordan hørte I om os?", "choices": ["avis", "nabo"]},
    {"key": "wish", "kind": "text", "text": "Hvad ønsker I jer?"},
]
SURVEY = {"slug": "tal-fra-din-forening-2023", "title": "Tal fra din forening", "questions": QUESTIONS}


async def opened(centre: Centre) -> Json:
    survey = (await centre.post("surveys", SURVEY)).json()
    answer = await centre.post(f"surveys/{survey['id']}/open")
    assert answer.status_code == 200, answer.text
    return dict(survey)


async def answered(
    centre: Centre, survey: Json, organisation: UUID, who: dict[str, str] | None = None, **answers: Any
) -> Any:
    on = answers.pop("answered_on", None)
    body = {"organisation_id": str(organisation), "answers": answers} | ({"answered_on": on} if on else {})
    return await centre.post(f"surveys/{survey['id']}/responses", body, who=who)


async def values(centre: Centre) -> tuple[float, float]:
    await centre.count_own_facts()
    leadership, volunteers = [(await centre.goal(goal))["value"] for goal in ("5.1", "A.2")]
    return leadership, volunteers


async def test_a_survey_is_a_draft_until_it_is_opened(centre: Centre) -> None:
    survey = (await centre.post("surveys", SURVEY)).json()
    association = centre.association(uuid4())

    hidden = await centre.client.get(f"/kpi/{centre.tenant}/surveys/{survey['id']}", headers=association)
    early = await answered(centre, survey, uuid4(), new_volunteers=4)
    await centre.post(f"surveys/{survey['id']}/open")
    shown = await centre.get(f"surveys/{survey['id']}", association)

    assert (survey["state"], hidden.status_code, early.status_code) == ("draft", 404, 409)
    assert (shown["state"], [question["key"] for question in shown["questions"]]) == (
        "open",
        ["help_leadership", "new_volunteers", "channel", "wish"],
    )
    assert SurveyOpened in {type(event) for event in await centre.stated()}


async def test_only_numbers_and_yes_or_no_become_facts(centre: Centre) -> None:
    survey, organisation = await opened(centre), uuid4()

    answer = await answered(
        centre,
        survey,
        organisation,
        help_leadership=True,
        new_volunteers=4,
        channel="nabo",
        wish="Flere unge, hilsen Åse",
    )

    assert answer.status_code == 201
    assert answer.json()["answers"]["wish"] == "Flere unge, hilsen Åse"
    [told] = [event for event in await centre.stated() if isinstance(event, SurveyResponseSubmitted)]
    assert told.answers == {"help_leadership": True, "new_volunteers": 4}
    assert (told.organisation_id, told.survey, told.answered_on) == (organisation, SURVEY["slug"], today())


async def test_an_associations_newest_answer_counts(centre: Centre) -> None:
    survey, first, second = await opened(centre), uuid4(), uuid4()

    await answered(centre, survey, first, help_leadership=True, new_volunteers=4, answered_on="2023-11-01")
    await answered(centre, survey, second, help_leadership=True, new_volunteers=3, answered_on="2023-11-01")
    before = await values(centre)
    again = await answered(centre, survey, first, help_leadership=False, new_volunteers=9, answered_on="2023-11-01")
    late = await answered(centre, survey, second, help_leadership=False, new_volunteers=0, answered_on="2023-10-01")

    assert (before, await values(centre)) == ((2, 7), (1, 12))
    assert (again.json()["version"], again.json()["current"]) == (2, True)
    assert (late.json()["current"], late.json()["answers"]["new_volunteers"]) == (False, 3)
    responses = await centre.get(f"surveys/{survey['id']}/responses", centre.staff)
    assert sorted(each["answers"]["new_volunteers"] for each in responses["items"]) == [3, 9]


async def test_two_people_who_answer_for_one_association_at_once_are_one_answer(centre: Centre) -> None:
    survey, organisation = await opened(centre), uuid4()
    who = centre.association(organisation)

    answers = await asyncio.gather(
        *(answered(centre, survey, organisation, who, new_volunteers=number) for number in range(8))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["version"] for answer in answers) == list(range(1, 9))
    assert len((await centre.get(f"surveys/{survey['id']}/responses", centre.staff))["items"]) == 1


async def test_an_association_answers_and_sees_for_itself_only(centre: Centre) -> None:
    survey, ours, theirs = await opened(centre), uuid4(), uuid4()
    await answered(centre, survey, theirs, new_volunteers=4)

    own = await answered(centre, survey, ours, centre.association(ours), new_volunteers=1)
    foreign = await answered(centre, survey, theirs, centre.association(ours), new_volunteers=1)
    seen = await centre.get(f"surveys/{survey['id']}/responses", centre.association(ours))

    assert (own.status_code, foreign.status_code) == (201, 403)
    assert foreign.json()["errors"][0]["field"] == "organisation_id"
    assert [each["organisation_id"] for each in seen["items"]] == [str(ours)]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"colour": True}, "answers.colour"),
        ({"help_leadership": 1}, "answers.help_leadership"),
        ({"help_leadership": "ja"}, "answers.help_leadership"),
        ({"new_volunteers": True}, "answers.new_volunteers"),
        ({"new_volunteers": -1}, "answers.new_volunteers"),
        ({"new_volunteers": 10**400}, "answers.new_volunteers"),
        ({"new_volunteers": None}, "answers.new_volunteers"),
        ({"new_volunteers": "4"}, "answers.new_volunteers"),
        ({"channel": "radio"}, "answers.channel"),
        ({"wish": "x" * 2001}, "answers.wish"),
        ({}, "answers"),
        ({"new_volunteers": 4, "answered_on": "2999-01-01"}, "answered_on"),
    ],
)
async def test_a_wrong_answer_is_named(centre: Centre, answers: Json, field: str) -> None:
    survey = await opened(centre)

    refused = await answered(centre, survey, uuid4(), **answers)

    assert refused.status_code == 422, refused.text
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert all(not isinstance(event, SurveyResponseSubmitted) for event in await centre.stated())


async def test_only_staff_date_an_answer_back(centre: Centre) -> None:
    survey, ours = await opened(centre), uuid4()
    yesterday = str(today() - timedelta(days=1))

    refused = await answered(centre, survey, ours, centre.association(ours), new_volunteers=1, answered_on=yesterday)
    taken = await answered(centre, survey, ours, new_volunteers=1, answered_on=yesterday)

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "answered_on")
    assert taken.status_code == 201


async def test_a_closed_survey_takes_no_answers_until_it_is_opened_again(centre: Centre) -> None:
    survey = await opened(centre)

    await centre.post(f"surveys/{survey['id']}/close")
    refused = await answered(centre, survey, uuid4(), new_volunteers=1)
    twice = await centre.post(f"surveys/{survey['id']}/close")
    await centre.post(f"surveys/{survey['id']}/open")
    taken = await answered(centre, survey, uuid4(), new_volunteers=1)

    assert (refused.status_code, twice.status_code, taken.status_code) == (409, 409, 201)
    assert SurveyClosed in {type(event) for event in await centre.stated()}


async def test_an_answer_can_be_corrected_until_the_survey_closes(centre: Centre) -> None:
    survey, organisation = await opened(centre), uuid4()
    who = centre.association(organisation)
    await answered(centre, survey, organisation, who, new_volunteers=4)

    corrected = await answered(centre, survey, organisation, who, new_volunteers=5)
    await centre.post(f"surveys/{survey['id']}/close")
    too_late = await answered(centre, survey, organisation, who, new_volunteers=6)

    assert (corrected.status_code, too_late.status_code) == (201, 409)
    kept = await centre.get(f"surveys/{survey['id']}/responses", who)
    assert [each["answers"]["new_volunteers"] for each in kept["items"]] == [5]


async def test_a_survey_tells_how_many_have_answered_of_those_that_were_asked(centre: Centre) -> None:
    survey = (await centre.post("surveys", SURVEY)).json()
    await centre.post(f"surveys/{survey['id']}/open", {"invited": 3})
    organisation = uuid4()
    await answered(centre, survey, organisation, new_volunteers=4)
    await answered(centre, survey, uuid4(), new_volunteers=1)
    await answered(centre, survey, organisation, new_volunteers=5)

    shown = await centre.get(f"surveys/{survey['id']}", centre.staff)
    await centre.post(f"surveys/{survey['id']}/close")
    await centre.post(f"surveys/{survey['id']}/open")
    again = await centre.get(f"surveys/{survey['id']}", centre.staff)

    assert (survey["responses"], survey["response_rate"]) == (0, None)
    assert (shown["responses"], shown["invited"], shown["response_rate"]) == (2, 3, 66.7)
    assert (again["invited"], again["response_rate"]) == (3, 66.7)


async def test_without_the_number_of_the_invited_there_is_no_rate(centre: Centre) -> None:
    survey = await opened(centre)
    await answered(centre, survey, uuid4(), new_volunteers=4)

    shown = await centre.get(f"surveys/{survey['id']}", centre.staff)

    assert (shown["responses"], shown["invited"], shown["response_rate"]) == (1, None, None)


@pytest.mark.parametrize("invited", [0, -1, "mange", 10**9])
async def test_a_number_of_invited_that_is_none_is_named(centre: Centre, invited: Any) -> None:
    survey = (await centre.post("surveys", SURVEY)).json()

    answer = await centre.post(f"surveys/{survey['id']}/open", {"invited": invited})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "invited")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "Tal fra"}, "slug"),
        ({"questions": []}, "questions"),
        ({"questions": [QUESTIONS[0], QUESTIONS[0]]}, "body"),
        ({"questions": [{"key": "a", "kind": "choice", "text": "?"}]}, "questions[0]"),
        ({"questions": [{"key": "a b", "kind": "number", "text": "?"}]}, "questions[0].key"),
        ({"questions": [{"key": "a", "kind": "stars", "text": "?"}]}, "questions[0].kind"),
    ],
)
async def test_a_wrong_survey_is_told_where(centre: Centre, changes: Json, field: str) -> None:
    answer = await centre.post("surveys", SURVEY | changes)

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_name_is_used_once(centre: Centre) -> None:
    first = await centre.post("surveys", SURVEY)

    answer = await centre.post("surveys", SURVEY)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "slug")
    assert answer.json()["id"] == first.json()["id"]


@pytest.mark.parametrize(("who", "status"), [("citizen", 401), ("association", 403), ("stranger", 404)])
async def test_only_staff_ask(centre: Centre, who: str, status: int) -> None:
    callers = {"citizen": CITIZEN, "association": centre.association(uuid4()), "stranger": bearer(fresh_tenant())}

    answer = await centre.post("surveys", SURVEY, who=callers[who])

    assert answer.status_code == status
