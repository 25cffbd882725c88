"""The year that `kompas demo` plays: the same every time, and one that the doors can accept."""

import itertools
from collections import Counter, defaultdict
from typing import Any

import pytest

from kompas.demo.commands import Ref, Story
from kompas.demo.expected import expected_goals
from kompas.demo.story import tell

TARGETS = {
    "1.1": 1, "1.2": 1, "2.1": 6000, "2.2": 270, "3.1": 3, "3.2": 6, "4.1": 100, "4.2": 150, "5.1": 10, "5.2": 500,
    "6.1": 30, "6.2": 350, "A.1": 100, "A.2": 70, "B.1": 165, "B.2": 1000, "K.1": 11000, "K.2": 1900, "K.3": 900,
    "K.4": 420,
}  # fmt: skip


@pytest.fixture(scope="module")
def year() -> Story:
    return tell()


def references(value: Any) -> list[str]:
    match value:
        case Ref(key=key):
            return [key]
        case dict():
            return [key for each in value.values() for key in references(each)]
        case list():
            return [key for each in value for key in references(each)]
    return []


def test_the_same_seed_tells_the_same_story(year: Story) -> None:
    assert tell() == year


def test_another_seed_is_another_story_under_other_keys(year: Story) -> None:
    other = tell(seed=7)

    assert other.name != year.name
    assert other != year


def test_another_scale_has_other_keys_because_its_bodies_differ(year: Story) -> None:
    assert tell(scale=0.1).name != year.name


@pytest.mark.parametrize("scale", [0.01, 0.1, 1.0])
def test_every_key_is_used_once_and_fits_into_a_header(scale: float) -> None:
    story = tell(scale=scale)

    keys = Counter(command.key for command in story.commands())

    assert keys.most_common(1)[0][1] == 1
    assert all(f"{story.name}/{key}".isascii() and " " not in key and len(key) < 100 for key in keys)


@pytest.mark.parametrize("scale", [0.01, 0.1, 1.0])
def test_a_command_refers_only_to_what_an_earlier_step_has_answered(scale: float) -> None:
    answered: set[str] = set()

    for chapter in tell(scale=scale).chapters:
        for step in chapter.steps:
            for command in step:
                wanted = references(command.body) + ([command.of] if command.of else [])
                assert answered.issuperset(wanted), command.key
            answered.update(command.key for command in step)


@pytest.mark.parametrize("scale", [0.1, 1.0])
def test_no_two_bookings_of_a_place_overlap(scale: float) -> None:
    taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for command in tell(scale=scale).commands():
        if command.path == "booking/bookings":
            taken[command.body["resource_id"].key].append((command.body["starts_at"], command.body["ends_at"]))

    for times in taken.values():
        times.sort()
        assert all(ends <= starts for (_, ends), (starts, _) in itertools.pairwise(times))


def test_everything_happens_in_2023_in_danish_time(year: Story) -> None:
    for command in year.commands():
        if command.path.startswith("booking/") and "starts_at" in command.body:
            assert "2023-01-01T00" <= command.body["starts_at"] < command.body["ends_at"] < "2023-12-31T23"


def test_a_visitor_comes_on_one_day_only_so_that_no_midnight_makes_two_of_one(year: Story) -> None:
    days = defaultdict(set)
    for command in year.commands():
        if command.visitor and "bot" not in command.visitor:
            days[command.visitor].add(command.body["viewed_on"])

    assert all(len(seen) == 1 for seen in days.values())


def test_only_volunteers_leave_their_address_and_it_leads_nowhere(year: Story) -> None:
    with_contact = [command for command in year.commands() if "contact" in command.body]

    assert {command.path for command in with_contact} == {"matching/volunteers"}
    assert all(command.body["contact"]["email"].endswith("@example.org") for command in with_contact)


def test_the_year_is_as_large_as_the_centre_tells_it(year: Story) -> None:
    doors = Counter(command.path for command in year.commands())

    assert doors["directory/organisations"] > 180
    assert doors["directory/activities"] > 290
    assert doors["booking/bookings"] > 1_100
    assert doors["directory/pageviews"] > 15_000
    assert doors["directory/memberships/{id}/end"] > 6
    assert doors["directory/activities/{id}/withdraw"] == 9
    assert doors["booking/bookings/{id}/cancel"] == 18


def test_most_goals_are_reached_and_a_few_are_not(year: Story) -> None:
    expected = expected_goals(year)

    assert {goal for goal, target in TARGETS.items() if expected[goal] < target} == {"4.1", "K.1", "K.4"}
    assert expected.keys() == TARGETS.keys()


def test_what_is_undone_is_not_counted(year: Story) -> None:
    expected = expected_goals(year)
    doors = Counter(command.path for command in year.commands())

    assert expected["B.2"] + expected["A.1"] == doors["booking/bookings"] - doors["booking/bookings/{id}/cancel"]
    assert expected["2.2"] == doors["directory/activities/{id}/publish"] - 8 - 9  # The municipality's, the withdrawn.
    assert expected["3.1"] == 4  # Seven friends: two old ones, one that comes back, four new.
    assert expected["4.1"] == pytest.approx(100 * 10 / 11)
