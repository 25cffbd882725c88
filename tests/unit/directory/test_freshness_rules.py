"""When an entry is asked about, what follows from silence, and whom to ask."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from services.directory.freshness.rules import (
    EntryKind,
    Policy,
    Standing,
    asked_along,
    due_on,
    letters_a_day,
    named,
    next_step,
    note,
    owner,
)
from services.directory.rules import Freshness

F = Freshness
TODAY = date(2026, 11, 21)


def entry(freshness: F = F.FRESH, *, days: int = 0, kind: EntryKind = EntryKind.ACTIVITY, **more: Any) -> Standing:
    """`days` in that state, and old enough to be asked about unless it says otherwise."""
    facts: dict[str, Any] = {"entered_on": date(2020, 1, 1), **more}
    return Standing(kind=kind, freshness=freshness, since=TODAY - timedelta(days=days), **facts)


DUE = {
    "half a year after an activity was assured": (entry(assured_on=date(2026, 5, 21)), date(2026, 11, 21)),
    "at the end of a shorter month": (entry(assured_on=date(2026, 8, 31)), date(2027, 2, 28)),
    "a year after an organisation was": (
        entry(kind=EntryKind.ORGANISATION, assured_on=date(2026, 5, 21)),
        date(2027, 5, 21),
    ),
    "after it was entered, as long as nobody assured it": (entry(entered_on=date(2026, 6, 1)), date(2026, 12, 1)),
    "at once when it came from elsewhere": (entry(entered_on=TODAY, imported=True), TODAY),
    "like others once what came from elsewhere was assured": (
        entry(entered_on=date(2026, 1, 1), imported=True, assured_on=date(2026, 6, 1)),
        date(2026, 12, 1),
    ),
}


@pytest.mark.parametrize(("standing", "day"), DUE.values(), ids=DUE)
def test_an_entry_falls_due(standing: Standing, day: date) -> None:
    assert due_on(standing, Policy()) == day


def test_a_kind_that_the_centre_never_asks_about_never_falls_due() -> None:
    assert due_on(entry(), Policy(activity=None)) is None
    assert next_step(entry(), Policy(activity=None), TODAY, reachable=True) is None


ASSURED: dict[str, Any] = {"assured_on": date(2026, 11, 1)}
STEPS = {
    "what was assured is left alone": (entry(**ASSURED), True, None),
    "the day before it falls due": (entry(assured_on=date(2026, 5, 22)), True, None),
    "the day on which it falls due": (entry(assured_on=date(2026, 5, 21)), True, F.ASK),
    "its owner is asked": (entry(F.ASK), True, F.ASKED),
    "nobody to ask: staff have four weeks to find somebody": (entry(F.ASK, days=27), False, None),
    "nobody to ask for four weeks: it sinks": (entry(F.ASK, days=28), False, F.SUNK),
    "the centre has become more patient": (entry(F.ASK, **ASSURED), True, F.FRESH),
    "asked thirteen days ago": (entry(F.ASKED, days=13, asked=True), True, None),
    "asked a fortnight ago": (entry(F.ASKED, days=14, asked=True), True, F.ASKED_AGAIN),
    "asked again thirteen days ago": (entry(F.ASKED_AGAIN, days=13, asked=True), True, None),
    "asked again a fortnight ago": (entry(F.ASKED_AGAIN, days=14, asked=True), True, F.SUNK),
    "sunk for less than sixty days": (entry(F.SUNK, days=59, asked=True), True, None),
    "sunk for sixty days": (entry(F.SUNK, days=60, asked=True), True, F.HIDDEN),
    "sunk, and nobody was ever asked": (entry(F.SUNK, days=900), False, None),
    "sunk, and somebody to ask was found": (entry(F.SUNK, days=900), True, F.ASKED),
    "hidden stays hidden": (entry(F.HIDDEN, days=900, asked=True), True, None),
    "a worker that was away for a year skips no step": (entry(F.ASKED, days=365, asked=True), True, F.ASKED_AGAIN),
    "asking goes on although the policy would not ask any more": (
        entry(F.ASKED_AGAIN, days=14, asked=True, **ASSURED),
        True,
        F.SUNK,
    ),
}


@pytest.mark.parametrize(("standing", "reachable", "became"), STEPS.values(), ids=STEPS)
def test_the_next_step(standing: Standing, reachable: bool, became: F | None) -> None:
    assert next_step(standing, Policy(), TODAY, reachable=reachable) == became


def test_what_falls_due_within_a_month_is_asked_along() -> None:
    assert asked_along(entry(assured_on=date(2026, 6, 21)), Policy(), TODAY)
    assert not asked_along(entry(assured_on=date(2026, 6, 22)), Policy(), TODAY)
    assert not asked_along(entry(F.SUNK), Policy(), TODAY)


@pytest.mark.parametrize(("owners", "letters"), [(0, 10), (300, 10), (301, 11), (3000, 100)])
def test_all_owners_are_asked_in_the_course_of_a_month(owners: int, letters: int) -> None:
    assert letters_a_day(owners) == letters


@dataclass
class Somebody:
    role: str
    name: str


@pytest.mark.parametrize(
    ("roles", "asked"),
    [
        ([], None),
        ([Somebody("contact", "a"), Somebody("editor", "b"), Somebody("editor", "c")], "b"),
        ([Somebody("contact", "a"), Somebody("chair", "b")], "b"),
        ([Somebody("contact", "a")], "a"),
    ],
    ids=["nobody", "the editor of longest standing", "else the chair", "else the contact"],
)
def test_whoever_answers_for_an_entry_is_one_person(roles: list[Somebody], asked: str | None) -> None:
    found = owner(roles)

    assert (found and found.name) == asked


def test_a_letter_names_what_it_is_about_as_far_as_there_is_room() -> None:
    assert named(["Spis sammen"], "da") == "Spis sammen"
    assert named(["Spis sammen", "Café Klare"], "en") == "Spis sammen, Café Klare"
    assert named(["x" * 90] * 3, "da") == f"{'x' * 90}, {'x' * 90} og 1 andet"
    assert named(["x" * 180, "y" * 30, "z"], "en") == f"{'x' * 180} and 2 others"
    assert named(["x" * 201, "y"], "da") == "x" * 199 + "…"


def test_only_what_is_hidden_has_a_note() -> None:
    assert note(F.SUNK, TODAY) is None
    hidden = note(F.HIDDEN, date(2026, 3, 5))
    assert hidden
    assert "siden den 5.3.2026" in hidden.da
    assert "since 5 March 2026" in hidden.en
    never = note(F.HIDDEN, None)
    assert never
    assert "siden" not in never.da
