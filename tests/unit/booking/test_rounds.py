"""The rule by which a season is shared, as tables and as a law: whoever gets nothing was never passed over."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count, permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.resources.rules import Days, Period, Span
from services.booking.rounds.rules import (
    IN_WORDS,
    TAKEN_IN_ROUND,
    Outcome,
    Rule,
    Spot,
    Want,
    allocate,
    collisions,
    hours,
    lot,
    overlap,
)
from services.booking.rounds.seasons import Weeks, weekly, written

SEED = "lod"
START = datetime(2027, 8, 30, 16, tzinfo=UTC)
HALL = Spot(UUID(int=1), Span.whole(1))
HALF = Spot(UUID(int=2), Span.whole(1).part(0))
OTHER_HALF = Spot(UUID(int=3), Span.whole(1).part(1))
ROOM = Spot(UUID(int=4), Span.whole(2))


def week(n: int, length: int = 2) -> Period:
    return Period(START + timedelta(weeks=n), START + timedelta(weeks=n, hours=length))


def want(who: int, weeks: Sequence[int], *spots: Spot, id: int = 0, priority: int = 1, length: int = 2) -> Want:
    times = [week(n, length) for n in weeks]
    return Want(UUID(int=1000 * who + id), UUID(int=who), priority, spots or (HALL,), times)


def shares(wants: Sequence[Want], outcomes: dict[UUID, list[Outcome]]) -> dict[int, float]:
    found = dict.fromkeys((each.organisation_id.int for each in wants), 0.0)
    for each in wants:
        found[each.organisation_id.int] += sum(hours(o.period) for o in outcomes[each.id] if o.resource_id)
    return found


@pytest.mark.parametrize(
    ("wants", "hours_given"),
    [
        ([want(1, range(4))], {1: 8}),
        ([want(1, range(4)), want(2, range(4))], {1: 4, 2: 4}),
        ([want(1, range(6)), want(2, range(6)), want(3, range(6))], {1: 4, 2: 4, 3: 4}),
        ([want(1, range(40)), want(2, [0, 1])], {1: 76, 2: 4}),
        ([want(1, range(4), id=n) for n in range(5)] + [want(2, range(4))], {1: 4, 2: 4}),
        ([want(1, range(4), HALF), want(2, range(4), OTHER_HALF)], {1: 8, 2: 8}),
        ([want(1, range(4), HALF), want(2, range(4), HALL)], {1: 4, 2: 4}),
        ([want(1, [0]), want(2, [0, 1], ROOM, HALL)], {1: 2, 2: 4}),
        ([want(1, [0, 1]), want(2, [0, 1, 2], HALL, ROOM)], {1: 4, 2: 6}),
    ],
    ids=[
        "alone, everything",
        "two who wish the same have every other week",
        "three have a third each",
        "who wishes little gets it all",
        "wishing for the same five times is no advantage",
        "halves do not disturb each other",
        "a hall and its half do",
        "who goes elsewhere disturbs nobody",
        "a second choice gives both everything",
    ],
)
def test_hours_are_shared(wants: list[Want], hours_given: dict[int, float]) -> None:
    outcomes = allocate(wants, SEED, {})

    assert shares(wants, outcomes) == hours_given


def test_an_association_s_own_priorities_come_in_order() -> None:
    dear, cheap = want(1, range(3), id=9, priority=1), want(1, range(3), ROOM, id=1, priority=2)

    outcomes = allocate([cheap, dear], SEED, {})

    turns = [outcome.turn for wish in (dear, cheap) for outcome in outcomes[wish.id]]
    assert turns == [1, 2, 3, 4, 5, 6]


def test_what_cannot_be_had_keeps_its_reason_and_costs_no_turn() -> None:
    one, two = want(1, range(2), id=1), want(2, [1, 0])

    outcomes = allocate([one, two], SEED, {(HALL.resource_id, week(0)): "not-open"})

    assert outcomes[one.id][0].reason == outcomes[two.id][0].reason == "not-open"
    lost = {outcome.reason for outcome in (outcomes[one.id][1], outcomes[two.id][1])}
    assert lost == {None, TAKEN_IN_ROUND}


def test_buffers_lie_between_those_who_follow_each_other() -> None:
    air = HALL._replace(after=timedelta(minutes=30))
    early = want(1, [0], air)
    late = Want(UUID(int=2000), UUID(int=2), 1, (air,), [Period(week(0).ends_at, week(0).ends_at + timedelta(hours=2))])

    outcomes = allocate([early, late], SEED, {})

    assert sorted(shares([early, late], outcomes).values()) == [0, 2]


def test_the_seed_decides_ties_and_nothing_else() -> None:
    wants = [want(1, [0]), want(2, [0])]
    winners = {}
    for n in range(20):
        found = shares(wants, allocate(wants, f"seed-{n}", {}))
        winners[n] = max(found, key=lambda who: found[who])

    assert set(winners.values()) == {1, 2}
    assert all(winners[n] == min((1, 2), key=lambda who: lot(f"seed-{n}", UUID(int=who))) for n in winners)
    unequal = [want(1, range(3)), want(2, [0])]
    assert {tuple(shares(unequal, allocate(unequal, f"seed-{n}", {})).values()) for n in range(20)} == {(4.0, 2.0)}


def test_the_order_in_which_wishes_come_makes_no_difference() -> None:
    wants = [want(1, range(3)), want(2, range(4), HALF, ROOM), want(2, [1], id=5), want(3, [0, 2], OTHER_HALF)]

    results = [allocate(order, SEED, {}) for order in permutations(wants)]

    assert all(result == results[0] for result in results)


def test_nobody_below_the_average_gets_nothing_while_another_gets_everything() -> None:
    modest, hungry = want(1, range(3)), want(2, range(20))
    equals = [want(3, range(4), id=n) for n in range(2)]
    wants = [modest, hungry, *equals]

    found = shares(wants, allocate(wants, SEED, {}))

    assert found[1] > 0
    assert found[3] > 0
    assert found[2] < hungry.hours


ids = count(1)
WANTS = st.lists(
    st.builds(
        lambda who, weeks, spots, priority, length, id: want(
            who, sorted(weeks), *spots, id=id, priority=priority, length=length
        ),
        st.integers(1, 5),
        st.sets(st.integers(0, 7), min_size=1),
        st.lists(st.sampled_from([HALL, HALF, OTHER_HALF, ROOM]), min_size=1, max_size=3, unique=True),
        st.integers(1, 3),
        st.integers(1, 3),
        st.integers(0, 999),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)


@given(WANTS, st.text(max_size=5), st.randoms())
def test_the_law_of_turns(wants: list[Want], seed: str, chance: object) -> None:
    """No place twice; every time answered; and whoever was refused had never been given more than who took it."""
    shuffled = wants[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    outcomes = allocate(wants, seed, {})
    spots = {spot.resource_id: spot for each in wants for spot in each.spots}
    owner = {each.id: each.organisation_id for each in wants}
    taken = sorted(
        (outcome.turn or 0, owner[id], outcome) for id, all_of in outcomes.items() for outcome in all_of if outcome.turn
    )

    assert outcomes == allocate(shuffled, seed, {})
    assert {id: sorted(o.period for o in all_of) for id, all_of in outcomes.items()} == {
        each.id: sorted(each.times) for each in wants
    }
    assert [turn for turn, _, _ in taken] == list(range(1, len(taken) + 1))
    for turn, _, one in taken:
        for later, _, other in taken:
            if later > turn and one.resource_id and other.resource_id:
                here, there = spots[one.resource_id], spots[other.resource_id]
                assert not overlap(here.span, one.period, there.span, other.period)
    so_far = dict.fromkeys(owner.values(), 0.0)
    for turn, who, outcome in taken:
        for behind in (each for each in so_far if so_far[each] < so_far[who]):
            # Whoever has less than the one whose turn it is can be given nothing any more.
            assert all(later < turn for later, whose, _ in taken if whose == behind)
        so_far[who] += hours(outcome.period)


def test_collisions_are_told_once_a_pair_with_how_often() -> None:
    hall, half, room = want(1, range(4)), want(2, [1, 3], HALF), want(3, range(4), ROOM)

    [found] = collisions([half, room, hall])

    assert [each.id for each in found.wishes] == [hall.id, half.id]
    assert (found.times, found.resource_ids) == ({week(1), week(3)}, {HALL.resource_id, HALF.resource_id})


@pytest.mark.parametrize(
    ("weeks", "days"),
    [
        (Weeks.EVERY, ["12-14", "12-21", "12-28", "01-04", "01-11"]),
        (Weeks.EVEN, ["12-14", "12-28", "01-11"]),
        (Weeks.ODD, ["12-21", "01-04"]),
    ],
)
def test_even_and_odd_are_the_calendar_s_weeks(weeks: Weeks, days: list[str]) -> None:
    season = Days(date(2027, 12, 13), date(2028, 1, 16))

    found = weekly(1, weeks, season, timedelta(hours=18), timedelta(hours=20))

    assert [f"{each.period.starts_at:%m-%d}" for each in found] == days


def test_a_year_of_53_weeks_has_two_odd_ones_in_a_row() -> None:
    season = Days(date(2026, 12, 21), date(2027, 1, 17))

    found = weekly(0, Weeks.ODD, season, timedelta(hours=18), timedelta(hours=24))

    assert [f"{each.period.starts_at:%m-%d}" for each in found] == ["12-28", "01-04"]
    assert "BYWEEKNO=1,3," in written(0, Weeks.ODD, season)
    assert ",53;BYDAY=MO;UNTIL=20270117" in written(0, Weeks.ODD, season)


def test_the_rule_is_told_in_both_languages() -> None:
    assert "lodtrækning" in IN_WORDS[Rule.TURNS].da
    assert "fewest hours" in IN_WORDS[Rule.TURNS].en
