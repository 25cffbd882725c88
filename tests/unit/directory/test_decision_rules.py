"""When editors are told of decisions, of what there is nothing to tell, and in what words."""

from datetime import UTC, datetime, timedelta

import pytest

from services.directory.changes.rules import State
from services.directory.decisions.rules import Outcome, outcome, ripe, undone, words

NOW = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # In the hour that comes twice in Denmark.


@pytest.mark.parametrize(
    ("minutes_ago", "expected"),
    [
        pytest.param([9], False, id="staff may be at it"),
        pytest.param([10], True, id="they have been quiet"),
        pytest.param([40, 25, 9], False, id="they go on"),
        pytest.param([60, 45, 30, 15, 1], True, id="nobody waits longer than an hour"),
    ],
)
def test_staff_are_told_of_as_having_decided_when_they_have_been_quiet(minutes_ago: list[int], expected: bool) -> None:
    assert ripe([NOW - timedelta(minutes=each) for each in minutes_ago], NOW) is expected


@pytest.mark.parametrize(
    ("state", "shown", "planned", "taken_back", "expected"),
    [
        pytest.param(State.APPROVED, True, False, False, Outcome.SHOWN, id="shown"),
        pytest.param(State.APPROVED, False, True, False, Outcome.PLANNED, id="on its day"),
        pytest.param(State.APPROVED, False, False, False, None, id="taken down again"),
        pytest.param(State.APPROVED, True, False, True, None, id="undone"),
        pytest.param(State.RETURNED, True, False, False, Outcome.RETURNED, id="sent back"),
        pytest.param(State.RETURNED, False, False, False, Outcome.RETURNED, id="a draft sent back"),
        pytest.param(State.DRAFT, True, False, False, None, id="written again"),
        pytest.param(State.SUBMITTED, True, False, False, None, id="sent in again"),
        pytest.param(State.DROPPED, True, False, False, None, id="given up"),
    ],
)
def test_what_there_is_to_tell(
    state: State, shown: bool, planned: bool, taken_back: bool, expected: Outcome | None
) -> None:
    assert outcome(state, shown=shown, planned=planned, undone=taken_back) is expected


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        pytest.param({"title": "Spis", "price": None, "form": "both"}, True, id="as before"),
        pytest.param({"title": "Spis sammen", "price": 25}, False, id="as it was approved"),
        pytest.param({"title": "Spis sammen!", "price": None}, False, id="put right"),
    ],
)
def test_an_approval_is_undone_when_every_field_says_what_it_said_before(
    current: dict[str, object], expected: bool
) -> None:
    decided: list[dict[str, object]] = [
        {"field": "title", "before": "Spis", "after": "Spis sammen"},
        {"field": "price", "before": None, "after": 25},
    ]

    assert undone(decided, current) is expected


def test_each_entry_is_named_once_by_what_became_of_it() -> None:
    told = [(Outcome.PLANNED, "Syng"), (Outcome.SHOWN, "Spis"), (Outcome.SHOWN, "Spis"), (Outcome.SHOWN, "Strik")]

    assert words(told, "da") == "Vises nu: Spis, Strik\nVises fra den valgte dag: Syng"
    assert words(told, "en") == "Shown now: Spis, Strik\nShown from the chosen day: Syng"
