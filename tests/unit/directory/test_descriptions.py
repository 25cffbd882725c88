"""Which two descriptions may be of one activity, and which only look like it."""

from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.directory.duplicates.descriptions import COMMON, LARGE, Described, alike, described
from services.directory.duplicates.rules import Why

HOUSE, CAFE = uuid4(), uuid4()
TUESDAY = [{"weekday": 1, "from": "17:00", "to": "19:00"}]
LATER = [{"weekday": 1, "from": "18:00", "to": "20:00"}]
THURSDAY = [{"weekday": 3, "from": "17:00", "to": "19:00"}]
MAY_FIRST = [{"date": "2027-05-01", "from": "17:00", "to": "19:00"}]


def says(title: str, owner: UUID = HOUSE, times: Any = (), postcode: str | None = "5240") -> Described:
    return described("odense", uuid4(), owner, title, postcode, "Vollsmose", times)


def found(*known: Described) -> list[tuple[int, Why]]:
    return [(pair.score, pair.why) for pair in alike(known)]


@pytest.mark.parametrize(
    ("one", "other", "score", "why"),
    [
        (says("Fællesspisning", times=TUESDAY), says("Faellesspisning!", times=TUESDAY), 100, Why.NAME),
        (says("Fællesspisning"), says("Fællesspisning i Vollsmose"), 94, Why.SIMILAR),
        (says("Fællesspisning", times=TUESDAY), says("Fællesspisning", times=LATER), 95, Why.NAME),
        (says("Fællesspisning", times=TUESDAY), says("Fælles spisning i huset", times=TUESDAY), 81, Why.SIMILAR),
        (says("Fællesspisning", times=TUESDAY), says("Fællesspisning", CAFE, TUESDAY), 95, Why.NAME),
        (says("Fællesspisning", times=TUESDAY), says("Fællespisning", CAFE, TUESDAY), 92, Why.SIMILAR),
        (says("Fællesspisning"), says("Fællesspisning", CAFE), 90, Why.NAME),
    ],
)
def test_what_may_be_one_is_found_and_how_sure_it_is(one: Described, other: Described, score: int, why: Why) -> None:
    assert found(one, other) == [(score, why)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (says("Yoga hold 1"), says("Yoga hold 2")),
        (says("Yoga", times=TUESDAY), says("Yoga", times=THURSDAY)),
        (says("Sommerfest", times=MAY_FIRST), says("Sommerfest", times=TUESDAY)),
        (says("Yoga", postcode="5240"), says("Yoga", postcode="5000")),
        (says("Strik", times=TUESDAY), says("Skak", times=TUESDAY)),
        (says("Fællesspisning"), says("Fællespisning", CAFE)),
    ],
    ids=["numbers", "days", "a day and a weekday", "places", "titles", "two organisations, and nobody says when"],
)
def test_what_only_looks_alike_is_two(one: Described, other: Described) -> None:
    assert found(one, other) == []


def test_what_many_call_the_same_says_nothing_of_two_of_them() -> None:
    many = [says("Åben rådgivning", uuid4()) for _ in range(COMMON + 1)]

    assert len(found(*many[:3])) == 3
    assert found(*many) == []


def test_of_very_many_those_are_compared_whose_titles_begin_alike() -> None:
    """So that no block is a square of thousands: at a hundred thousand that would take hours."""
    drawn = Random(20261121)
    many = [says("".join(drawn.choices("bcdghjklmnprstv", k=12))) for _ in range(LARGE)]
    twice, once_wrong = says("Fællesspisning"), says("Fællespisning")

    pairs = alike([*many, twice, once_wrong])

    assert {(min(twice.id, once_wrong.id), max(twice.id, once_wrong.id))} == {(pair.one, pair.other) for pair in pairs}
