"""The rules of asking: who is reminded and when, and what all answers say together."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.kpi.invitations.rules import (
    Asking,
    PassedOver,
    needs_a_look,
    reminder_is_due,
    why_not,
)
from services.kpi.surveys.results import totals
from services.kpi.surveys.rules import Asked, takes_answers
from shared.clock import DANISH
from shared.links import hashed, new_token, opens

LAST = date(2026, 11, 30)
WEEK, TWO_DAYS = date(2026, 11, 23), date(2026, 11, 28)
TODAY = date(2026, 11, 24)


def asking(
    *,
    invited_on: date = date(2026, 11, 2),
    reminded_on: date | None = None,
    reminders: int = 0,
    answered: bool = False,
    has_address: bool = True,
) -> Asking:
    return Asking(has_address, answered, invited_on, reminded_on, reminders)


def clock(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=DANISH)


DUE: dict[str, tuple[Asking, datetime, bool]] = {
    "long before": (asking(), clock(WEEK - timedelta(days=1)), False),
    "a week before": (asking(), clock(WEEK), True),
    "at night": (asking(), clock(WEEK, 8), False),
    "from nine": (asking(), clock(WEEK, 9), True),
    "days later, where nothing ran on the day": (asking(), clock(WEEK + timedelta(days=3)), True),
    "reminded this morning": (asking(reminded_on=WEEK, reminders=1), clock(WEEK, 15), False),
    "the day after": (asking(reminded_on=WEEK, reminders=1), clock(WEEK + timedelta(days=1)), False),
    "two days before": (asking(reminded_on=WEEK, reminders=1), clock(TWO_DAYS), True),
    "both days passed while nothing ran: once": (asking(reminded_on=TWO_DAYS, reminders=1), clock(LAST), False),
    "by hand the day before": (asking(reminded_on=WEEK - timedelta(days=1), reminders=1), clock(WEEK), True),
    "twice already": (asking(reminded_on=WEEK, reminders=2), clock(TWO_DAYS), False),
    "answered": (asking(answered=True), clock(WEEK), False),
    "without an address": (asking(has_address=False), clock(WEEK), False),
    "invited on the day": (asking(invited_on=WEEK), clock(WEEK), False),
    "invited after the first day": (asking(invited_on=WEEK), clock(TWO_DAYS), True),
    "on the last day": (asking(), clock(LAST), True),
    "after it": (asking(), clock(LAST + timedelta(days=1)), False),
}


@pytest.mark.parametrize("case", DUE)
def test_a_reminder_is_due(case: str) -> None:
    asked, now, due = DUE[case]

    assert reminder_is_due(asked, LAST, [7, 2], now) is due


@pytest.mark.parametrize(("closes_on", "days"), [(None, [7, 2]), (LAST, [])])
def test_without_a_last_day_or_days_to_remind_nobody_is_reminded(closes_on: date | None, days: list[int]) -> None:
    assert not reminder_is_due(asking(), closes_on, days, clock(TWO_DAYS))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (asking(), None),
        (asking(reminded_on=WEEK, reminders=1), None),
        (asking(invited_on=TODAY), None),
        (asking(answered=True, has_address=False), PassedOver.ANSWERED),
        (asking(has_address=False), PassedOver.NO_ADDRESS),
        (asking(reminded_on=TODAY, reminders=1), PassedOver.REMINDED_TODAY),
        (asking(reminded_on=WEEK, reminders=2), PassedOver.REMINDED_TWICE),
    ],
)
def test_who_may_be_reminded_by_hand(asked: Asking, why: PassedOver | None) -> None:
    assert why_not(asked, TODAY) is why


@pytest.mark.parametrize(
    ("closes_on", "today", "looks"),
    [(None, WEEK, False), (LAST, WEEK - timedelta(days=1), False), (LAST, WEEK, True), (LAST, date(2027, 1, 1), True)],
)
def test_a_survey_is_looked_at_when_its_end_is_near(closes_on: date | None, today: date, looks: bool) -> None:
    assert needs_a_look(closes_on, [7, 2], today) is looks


@pytest.mark.parametrize(
    ("state", "closes_on", "takes"),
    [
        ("draft", None, False),
        ("open", None, True),
        ("open", TODAY, True),
        ("open", TODAY - timedelta(days=1), False),
        ("closed", LAST, False),
    ],
)
def test_a_survey_takes_answers_until_its_last_day_is_over(state: str, closes_on: date | None, takes: bool) -> None:
    assert takes_answers(state, closes_on, TODAY) is takes


def test_a_link_proves_itself_and_no_other() -> None:
    token = new_token()
    token_hash = hashed(token)

    assert opens(token, token_hash)
    assert not opens(token[:-1], token_hash)
    assert not opens(token, hashed("another"))
    assert not opens(token, None)
    assert token.encode() not in token_hash


def test_answers_are_added_up_by_kind_and_texts_only_counted() -> None:
    asked = [
        Asked("n", "number", None, "Hvor mange?"),
        Asked("y", "yes_no", None, "Har I?"),
        Asked("c", "choice", ["avis", "nabo"], "Hvordan?"),
        Asked("t", "text", None, "Hvad?"),
    ]
    given: list[dict[str, Any]] = [
        {"n": 4, "y": True, "c": "nabo", "t": "Flere unge"},
        {"n": 0, "y": False},
        {"y": True, "c": "nabo"},
    ]

    numbers, yes_no, choice, text = totals(asked, given)

    assert numbers == {"key": "n", "kind": "number", "text": "Hvor mange?", "answers": 2} | {
        "sum": 4, "mean": 2, "smallest": 0, "largest": 4,
    }  # fmt: skip
    assert (yes_no["answers"], yes_no["yes"], yes_no["no"]) == (3, 2, 1)
    assert (choice["answers"], choice["choices"]) == (2, {"avis": 0, "nabo": 2})
    assert text == {"key": "t", "kind": "text", "text": "Hvad?", "answers": 1}
    assert totals(asked, [])[0]["mean"] is None
