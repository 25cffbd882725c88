"""Who gets which seat, and how long an offer stands, as tables."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.booking.gatherings import rules as gatherings
from services.booking.gatherings.rules import Admission, Criterion, GatheringState
from services.booking.signups import rules
from services.booking.signups.rules import Room
from shared.errors import Forbidden, Invalid, Problem

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YOUNG, NEWCOMER, MEMBER = Criterion("ung", False, 2), Criterion("ny-i-byen", False, 1), Criterion("medlem", True, 0)
# Seats 1 and 2 are kept for the young, 3 for newcomers, 4 and 5 are anybody's.
ROOM = Room(5, [YOUNG, NEWCOMER, MEMBER])


@pytest.mark.parametrize(
    ("meets", "taken", "seat"),
    [
        (set(), set(), 4),
        (set(), {4}, 5),
        (set(), {4, 5}, None),
        ({"ung"}, set(), 1),
        ({"ung"}, {1, 2}, 4),
        ({"ung"}, {1, 2, 4, 5}, None),
        ({"ny-i-byen"}, set(), 3),
        ({"ung", "ny-i-byen"}, {1, 2}, 3),
        ({"medlem"}, set(), 4),
    ],
    ids=["anybody", "the next", "none is anybody's", "kept for them", "beyond what is kept", "not the newcomers'",
         "another kept one", "either", "what all must meet keeps nothing"],
)  # fmt: skip
def test_kept_seats_are_for_those_they_are_kept_for(meets: set[str], taken: set[int], seat: int | None) -> None:
    assert ROOM.seat_for(meets, taken) == seat


def test_whoever_has_a_seat_keeps_one_in_a_smaller_room_or_the_room_is_too_small() -> None:
    holders: list[tuple[UUID, set[str]]] = [(uuid4(), {"ung"}), (uuid4(), set()), (uuid4(), set())]

    assert list((Room(4, [YOUNG]).seat_all(holders) or {}).values()) == [1, 3, 4]
    assert Room(3, [YOUNG]).seat_all(holders) is None
    assert list((Room(3).seat_all(holders) or {}).values()) == [1, 2, 3]


@pytest.mark.parametrize(
    ("left", "stands"),
    [(10 * DAY, DAY), (2 * DAY, DAY), (10 * HOUR, 5 * HOUR), (HOUR, 30 * MINUTE), (59 * MINUTE, None), (-HOUR, None)],
    ids=["long before", "two days before", "the same day", "just in time", "too late", "begun"],
)
def test_an_offer_stands_a_day_or_half_of_what_is_left(left: timedelta, stands: timedelta | None) -> None:
    assert rules.offer_until(NOW, NOW + left) == (stands and NOW + stands)


@pytest.mark.parametrize(
    ("state", "admission", "left", "staff", "slug"),
    [
        (GatheringState.SCHEDULED, Admission.SIGNUP, HOUR, False, None),
        (GatheringState.SCHEDULED, Admission.SIGNUP, -HOUR, True, None),
        (GatheringState.SCHEDULED, Admission.SIGNUP, timedelta(), False, "already-begun"),
        (GatheringState.SCHEDULED, Admission.DROP_IN, HOUR, True, "no-signup"),
        (GatheringState.HELD, Admission.SIGNUP, -HOUR, True, "already-held"),
        (GatheringState.CANCELLED, Admission.SIGNUP, HOUR, False, "already-cancelled"),
    ],
)
def test_one_signs_up_for_what_is_to_come(
    state: GatheringState, admission: Admission, left: timedelta, staff: bool, slug: str | None
) -> None:
    if slug is None:
        return rules.check_open(state, admission, NOW + left, NOW, staff=staff)
    with pytest.raises(Problem) as error:
        rules.check_open(state, admission, NOW + left, NOW, staff=staff)
    assert error.value.slug == slug
    return None


@pytest.mark.parametrize(
    ("meets", "field"),
    [(["medlem"], None), (["medlem", "ung"], None), ([], "meets"), (["medlem", "gammel"], "meets[1]")],
)
def test_what_all_must_meet_is_met_and_nothing_else_is_claimed(meets: list[str], field: str | None) -> None:
    if field is None:
        return rules.check_meets(meets, ROOM.criteria)
    with pytest.raises(Invalid) as error:
        rules.check_meets(meets, ROOM.criteria)
    assert [each.field for each in error.value.errors] == [field]
    return None


@pytest.mark.parametrize(
    ("criteria", "capacity", "fields"),
    [
        ([YOUNG, NEWCOMER], 3, []),
        ([YOUNG, NEWCOMER], 2, ["criteria"]),
        ([YOUNG], None, ["criteria"]),
        ([MEMBER], None, []),
        ([MEMBER, MEMBER], None, ["criteria[1].key"]),
        ([Criterion("medlem", True, 2)], 5, ["criteria[0].places"]),
    ],
)
def test_no_more_seats_are_kept_than_there_are(
    criteria: list[Criterion], capacity: int | None, fields: list[str]
) -> None:
    if not fields:
        return gatherings.check_criteria(criteria, capacity)
    with pytest.raises(Invalid) as error:
        gatherings.check_criteria(criteria, capacity)
    assert [each.field for each in error.value.errors] == fields
    return None


@pytest.mark.parametrize(
    ("told", "recorded", "came"), [(17, None, 17), (None, 17, 17), (17, 17, 17), (0, None, 0), (None, 0, 0)]
)
def test_heads_and_list_are_one_number(told: int | None, recorded: int | None, came: int) -> None:
    assert gatherings.how_many_came(told, recorded) == came


@pytest.mark.parametrize(("told", "recorded"), [(None, None), (16, 17), (0, 17)])
def test_two_numbers_of_one_gathering_are_refused(told: int | None, recorded: int | None) -> None:
    with pytest.raises(Invalid):
        gatherings.how_many_came(told, recorded)


def test_an_association_signs_up_its_own_people_only() -> None:
    own, other = uuid4(), uuid4()

    assert [rules.organisation_of(None, own), rules.organisation_of(own, own)] == [own, own]
    assert [rules.organisation_of(other, None), rules.organisation_of(None, None)] == [other, None]
    with pytest.raises(Forbidden):
        rules.organisation_of(other, own)


@pytest.mark.parametrize(("minutes", "wrong"), [((0, 10, 60), None), ((20, 10), 1), ((-1,), 0), ((61,), 0)])
def test_a_bus_passes_its_stops_in_order_and_on_its_way(minutes: tuple[int, ...], wrong: int | None) -> None:
    stops = [NOW + each * MINUTE for each in minutes]

    if wrong is None:
        return gatherings.check_stops(stops, NOW, NOW + HOUR)
    with pytest.raises(Invalid) as error:
        gatherings.check_stops(stops, NOW, NOW + HOUR)
    assert [each.field for each in error.value.errors] == [f"stops[{wrong}].at"]
    return None
