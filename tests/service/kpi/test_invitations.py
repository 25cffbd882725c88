"""One link an association: asked by mail, answered and corrected until the survey closes, reminded while silent."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import time_machine

from services.kpi.invitations.rounds import Rounds
from shared.clock import DANISH, now, today
from shared.database import Database
from shared.events.kpi import SurveyClosed, SurveyInvited, SurveyReminded, SurveyResponseSubmitted
from tests.service.kpi.asking import SURVEY, asked, association, contacts
from tests.service.kpi.centre import CITIZEN, Centre, Json
from tests.support.people import bearer, fresh_tenant


@pytest.fixture
def centre(client: httpx2.AsyncClient, database: Database) -> Centre:
    """It goes by no plan: what is asked here is counted in one test only, which adopts one."""
    return Centre(client, database, fresh_tenant())


def noon(days: int) -> datetime:
    """So many days from now."""
    return now().astimezone(DANISH).replace(hour=12, minute=0) + timedelta(days=days)


async def reminded(centre: Centre) -> list[Any]:
    return [event.organisation_id for event in await centre.stated() if isinstance(event, SurveyReminded)]


async def invitations(centre: Centre, survey: Json, **query: Any) -> list[Json]:
    return list((await centre.get(f"surveys/{survey['id']}/invitations", centre.staff, **query))["items"])


async def test_who_is_listed_is_mailed_a_link_of_its_own_and_no_fact_knows_the_address(centre: Centre) -> None:
    chess, choir = association(centre), association(centre, "Dalum Folkekor")
    last = today() + timedelta(days=14)

    survey = await asked(centre, chess, choir, closes_on=str(last))

    told = [each for each in await centre.envelopes() if each.type == SurveyInvited.TYPE]
    shared = await contacts(centre)
    assert [key for key, _ in shared] == [each.data["contact_id"] for each in told]
    assert [data["email"] for _, data in shared] == [chess.listed["email"], choir.listed["email"]]
    link = await chess.link()
    assert link.startswith(f"http://127.0.0.1:8000/kpi/{centre.tenant}/answer#{told[0].subject}.")
    assert await choir.link() != link
    assert [(each.data["closes_on"], each.data["survey"]) for each in told] == [(str(last), survey["slug"])] * 2
    [stored] = await centre.rows("select count(*) from invitations where tenant = :tenant and token_hash is not null")
    assert stored == (2,)
    token = link.rpartition(".")[2]
    for each in await centre.envelopes():
        written = each.to_bytes().decode()
        assert not any(private in written for private in (token, "example.dk", "Skakklub"))


async def test_the_link_shows_the_questions_takes_an_answer_and_its_correction_and_the_newest_counts(
    centre: Centre,
) -> None:
    await centre.adopt()
    chess = association(centre)
    await asked(centre, chess, closes_on=str(today()))
    plan = f"odense-{today().year}"

    fresh = await chess.sees()
    first = await chess.answers(help_leadership=True, new_volunteers=4, channel="nabo", wish="Flere unge")
    await centre.count_own_facts()
    before = [(await centre.goal(goal, plan))["value"] for goal in ("5.1", "A.2")]
    again = await chess.answers(help_leadership=False, new_volunteers=7)
    await centre.count_own_facts()
    after = [(await centre.goal(goal, plan))["value"] for goal in ("5.1", "A.2")]

    assert (fresh["title"], fresh["name"], fresh["open"], fresh["closes_on"], fresh["answers"]) == (
        SURVEY["title"], "Bolbro Skakklub", True, str(today()), None,
    )  # fmt: skip
    assert first.json()["answers"]["wish"] == "Flere unge"
    assert (again.json()["answers"], again.json()["answered_on"]) == (
        {"help_leadership": False, "new_volunteers": 7},
        str(today()),
    )
    assert (before, after) == ([1, 4], [0, 7])
    told = [event for event in await centre.stated() if isinstance(event, SurveyResponseSubmitted)]
    assert {event.organisation_id for event in told} == {chess.organisation}
    assert all("Flere unge" not in str(event) for event in told)


@pytest.mark.parametrize(
    ("answers", "field"),
    [({"new_volunteers": -1}, "answers.new_volunteers"), ({"channel": "radio"}, "answers.channel"), ({}, "answers")],
)
async def test_a_wrong_answer_by_link_is_told_in_words(centre: Centre, answers: Json, field: str) -> None:
    chess = association(centre)
    await asked(centre, chess)

    danish = await chess.ask("PUT", "/answer", {"answers": answers})
    english = await chess.ask("PUT", "/answer", {"answers": answers}, **{"Accept-Language": "en"})

    assert (danish.status_code, [error["field"] for error in danish.json()["errors"]]) == (422, [field])
    assert "skal" in danish.json()["errors"][0]["message"]
    assert english.json()["errors"][0]["message"].split()[0] in ("must", "is")


async def test_a_link_opens_nothing_but_its_own_invitation(centre: Centre) -> None:
    chess, choir = association(centre), association(centre, "Dalum Folkekor")
    await asked(centre, chess, choir)
    id, _, token = (await chess.link()).rpartition("#")[2].partition(".")
    other = (await choir.link()).rpartition("#")[2].partition(".")[0]

    async def looks(id: str, who: dict[str, str], tenant: str = centre.tenant) -> int:
        return (await centre.client.get(f"/kpi/{tenant}/invitations/{id}", headers=who)).status_code

    assert await looks(id, {"X-Survey-Token": token}) == 200
    assert await looks(other, {"X-Survey-Token": token}) == 404
    assert await looks(id, {"X-Survey-Token": token[:-1]}) == 404
    assert await looks(str(uuid4()), {"X-Survey-Token": token}) == 404
    assert await looks(id, {"X-Survey-Token": token}, fresh_tenant()) == 404
    assert await looks(id, {}) == 401


async def test_listed_again_an_association_gets_a_new_link_and_the_old_one_dies(centre: Centre) -> None:
    chess = association(centre)
    survey = await asked(centre, chess)
    old = (await chess.link()).rpartition("#")[2]
    corrected = chess.listed | {"email": "skak@example.dk", "language": "en"}

    made = await centre.post(f"surveys/{survey['id']}/invitations", {"invitations": [corrected]})

    id, _, token = old.partition(".")
    dead = await centre.client.get(f"/kpi/{centre.tenant}/invitations/{id}", headers={"X-Survey-Token": token})
    assert (made.status_code, made.json()) == (201, {"invited": 1, "mailed": 1, "without_address": 0})
    assert dead.status_code == 404
    assert (await chess.sees())["language"] == "en"
    (first, _), (second, data) = await contacts(centre)
    assert (first, data["email"]) == (second, "skak@example.dk")
    told = [each for each in await centre.envelopes() if each.type == SurveyInvited.TYPE]
    assert [(each.subject, each.sequence) for each in told] == [(id, 1), (id, 2)]


async def test_only_the_silent_are_reminded_by_hand_once_a_day_and_twice_at_most(centre: Centre) -> None:
    chess, choir, scouts = (association(centre, name) for name in ("Skak", "Kor", "Spejdere"))
    survey = await asked(centre, chess, choir)
    await choir.answers(new_volunteers=1)

    def why(answer: Any) -> dict[str, str]:
        return {each["organisation_id"]: each["why"] for each in answer.json()["passed_over"]}

    first = await centre.post(f"surveys/{survey['id']}/reminders")
    again = await centre.post(f"surveys/{survey['id']}/reminders")
    stranger = await centre.post(f"surveys/{survey['id']}/reminders", {"organisation_ids": [str(scouts.organisation)]})
    for days in (1, 2):
        with time_machine.travel(now() + timedelta(days=days)):
            later = await centre.post(f"surveys/{survey['id']}/reminders")

    assert first.json()["reminded"] == [str(chess.organisation)]
    assert why(first) == {str(choir.organisation): "answered"}
    assert why(again) == {str(choir.organisation): "answered", str(chess.organisation): "reminded_today"}
    assert why(stranger) == {str(scouts.organisation): "not_invited"}
    assert why(later)[str(chess.organisation)] == "reminded_twice"
    assert await reminded(centre) == [chess.organisation] * 2


async def test_the_silent_are_reminded_by_themselves_before_the_end_and_then_it_closes(centre: Centre) -> None:
    chess, choir = association(centre), association(centre, "Dalum Folkekor")
    survey = await asked(centre, chess, choir, closes_on=str(today() + timedelta(days=14)))
    rounds = Rounds(centre.database)

    told = []
    for days in (0, 6, 7, 8, 12, 13, 14):
        if days == 12:
            await choir.answers(new_volunteers=2)
        for _ in range(2):
            with time_machine.travel(noon(days), tick=False):
                await rounds.go()
        told.append(len(await reminded(centre)))
    with time_machine.travel(noon(15), tick=False):
        late = await chess.answers(new_volunteers=9)
        await rounds.go()
        await rounds.go()

    assert told == [0, 0, 2, 2, 3, 3, 3]
    assert (await reminded(centre))[2] == chess.organisation
    assert late.status_code == 409
    assert [type(event) for event in await centre.stated()].count(SurveyClosed) == 1
    assert (await centre.get(f"surveys/{survey['id']}", centre.staff))["state"] == "closed"
    seen = await choir.sees()
    assert (seen["open"], seen["answers"]) == (False, {"new_volunteers": 2})


async def test_addresses_are_forgotten_a_month_after_closing_and_the_link_still_shows_the_answer(
    centre: Centre,
) -> None:
    chess = association(centre)
    survey = await asked(centre, chess)
    await chess.answers(new_volunteers=2)
    link = (await chess.link()).rpartition("#")[2].partition(".")
    await centre.post(f"surveys/{survey['id']}/close")
    rounds = Rounds(centre.database)

    await rounds.go()
    kept = await invitations(centre, survey)
    with time_machine.travel(now() + timedelta(days=31)):
        await rounds.go()

    assert kept[0]["email"] == chess.listed["email"]
    assert (await invitations(centre, survey))[0]["email"] is None
    (shared, _), (erased, nothing) = await contacts(centre)
    assert (erased, nothing) == (shared, {})
    shown = await centre.client.get(f"/kpi/{centre.tenant}/invitations/{link[0]}", headers={"X-Survey-Token": link[2]})
    assert shown.json()["answers"] == {"new_volunteers": 2}


async def test_an_invitation_that_is_taken_back_forgets_the_address_at_once_and_keeps_the_answer(
    centre: Centre,
) -> None:
    chess, choir = association(centre), association(centre, "Dalum Folkekor")
    survey = await asked(centre, chess, choir)
    await chess.answers(new_volunteers=2)
    [mine, _] = await invitations(centre, survey)
    link = (await chess.link()).rpartition("#")[2].partition(".")

    gone = await centre.client.delete(
        f"/kpi/{centre.tenant}/surveys/{survey['id']}/invitations/{mine['id']}", headers=centre.staff
    )

    dead = await centre.client.get(f"/kpi/{centre.tenant}/invitations/{link[0]}", headers={"X-Survey-Token": link[2]})
    assert (gone.status_code, dead.status_code) == (204, 404)
    assert (await contacts(centre))[-1][1] == {}
    shown = await centre.get(f"surveys/{survey['id']}", centre.staff)
    assert (shown["invited"], shown["responses"]) == (1, 1)


async def test_staff_see_who_has_answered_and_who_was_reminded(centre: Centre) -> None:
    chess, choir = association(centre), association(centre, "Dalum Folkekor")
    survey = await asked(centre, chess, choir)
    await choir.answers(new_volunteers=2)
    await centre.post(f"surveys/{survey['id']}/reminders")

    [silent] = await invitations(centre, survey, answered=False)
    [heard] = await invitations(centre, survey, answered=True)

    assert (silent["name"], silent["reminders"], silent["answered_on"]) == ("Bolbro Skakklub", 1, None)
    assert (heard["name"], heard["reminders"], heard["answered_on"]) == ("Dalum Folkekor", 0, str(today()))
    assert (await centre.get(f"surveys/{survey['id']}", centre.staff))["response_rate"] == 50


@pytest.mark.parametrize(
    ("opening", "field"),
    [
        ({"closes_on": "2020-01-01"}, "closes_on"),
        ({"members": True}, "members"),
        ({"invitations": [{"organisation_id": str(uuid4()), "name": "Kor", "email": "kor"}]}, "invitations[0].email"),
        ({"remind_days_before": [7, 2, 1]}, "remind_days_before"),
        ({"invited": 3, "members": True}, "body"),
    ],
)
async def test_an_opening_that_cannot_be_is_told_where(centre: Centre, opening: Json, field: str) -> None:
    survey = (await centre.post("surveys", SURVEY)).json()

    answer = await centre.post(f"surveys/{survey['id']}/open", opening)

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])
    assert await contacts(centre) == []


async def test_nobody_is_invited_to_a_draft_or_a_closed_survey(centre: Centre) -> None:
    survey = (await centre.post("surveys", SURVEY)).json()
    body = {"invitations": [association(centre).listed]}

    draft = await centre.post(f"surveys/{survey['id']}/invitations", body)
    await centre.post(f"surveys/{survey['id']}/open")
    await centre.post(f"surveys/{survey['id']}/close")
    closed = await centre.post(f"surveys/{survey['id']}/invitations", body)
    hand = await centre.post(f"surveys/{survey['id']}/reminders")

    assert (draft.status_code, closed.status_code, hand.status_code) == (409, 409, 409)


async def test_a_last_day_can_be_moved_and_an_end_that_passed_is_opened_again(centre: Centre) -> None:
    chess = association(centre)
    survey = await asked(centre, chess, closes_on=str(today() + timedelta(days=2)))
    path = f"/kpi/{centre.tenant}/surveys/{survey['id']}"

    moved = await centre.client.patch(
        path, json={"closes_on": str(today()), "remind_days_before": [1, 3]}, headers=centre.staff
    )
    with time_machine.travel(now() + timedelta(days=1)):
        over = await chess.answers(new_volunteers=1)
        opened = await centre.post(f"surveys/{survey['id']}/open")
        taken = await chess.answers(new_volunteers=1)

    assert (moved.json()["closes_on"], moved.json()["remind_days_before"]) == (str(today()), [3, 1])
    assert (over.status_code, opened.status_code, taken.status_code) == (409, 200, 200)
    assert opened.json()["closes_on"] is None


@pytest.mark.parametrize(("who", "status"), [("citizen", 401), ("association", 403), ("stranger", 404)])
async def test_only_staff_invite_remind_see_results_and_take_answers_out(centre: Centre, who: str, status: int) -> None:
    survey = await asked(centre, association(centre))
    headers = {"citizen": CITIZEN, "association": centre.association(uuid4()), "stranger": bearer(fresh_tenant())}[who]
    base = f"/kpi/{centre.tenant}/surveys/{survey['id']}"

    answers = [
        await centre.client.get(f"{base}/{door}", headers=headers)
        for door in ("invitations", "results", "responses.csv")
    ]
    answers.append(await centre.client.post(f"{base}/reminders", headers=headers))

    assert {answer.status_code for answer in answers} == {status}


async def test_answers_are_taken_out_for_a_spreadsheet_in_which_nothing_is_a_formula(centre: Centre) -> None:
    chess = association(centre)
    survey = await asked(centre, chess)
    await chess.answers(help_leadership=True, new_volunteers=2.5, wish='=HYPERLINK("http://x")')
    path = f"/kpi/{centre.tenant}/surveys/{survey['id']}"

    danish = await centre.client.get(f"{path}/responses.csv", headers=centre.staff)
    english = await centre.client.get(f"{path}/responses.csv", headers=centre.staff | {"Accept-Language": "en"})
    totals = await centre.get(f"surveys/{survey['id']}/results", centre.staff)

    head, line, end = danish.content.decode("utf-8-sig").split("\r\n")
    assert head.startswith("Forenings-id;Forening;Besvaret;Har I fået hjælp")
    assert line == f'{chess.organisation};Bolbro Skakklub;{today()};ja;2,5;;"\'=HYPERLINK(""http://x"")"'
    assert end == ""
    assert ";yes;2.5;;" in english.text
    assert (totals["responses"], totals["response_rate"]) == (1, 100)
    assert [each["answers"] for each in totals["questions"]] == [1, 1, 0, 1]
    assert "HYPERLINK" not in str(totals)
