"""Who may take which time, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.booking.bookings import rules
from services.booking.gatherings import rules as gatherings
from services.booking.gatherings.rules import GatheringState
from services.booking.resources.rules import Opening, Period, Taken, Timetable, grid
from shared.errors import Invalid, Problem
from shared.events.bookings import Channel, Purpose, ResourceKind

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # A Monday, eight o'clock in Denmark.
HOUR = timedelta(hours=1)


def in_hours(start: float, length: float = 0.5) -> Period:
    return Period(NOW + start * HOUR, NOW + (start + length) * HOUR)


def refused(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [each.field for each in error.value.errors]


@pytest.mark.parametrize(
    ("given", "staff", "expected"),
    [
        (None, False, Channel.SELF),
        (Channel.SELF, False, Channel.SELF),
        (None, True, Channel.ASSISTED),
        (Channel.SELF, True, Channel.SELF),
        (Channel.ASSISTED, True, Channel.ASSISTED),
    ],
)
def test_the_channel_says_who_pressed_the_button(given: Channel | None, staff: bool, expected: Channel) -> None:
    assert rules.channel_of(given, staff=staff) is expected


def test_a_citizen_cannot_say_that_staff_booked() -> None:
    with pytest.raises(Invalid) as error:
        rules.channel_of(Channel.ASSISTED, staff=False)

    assert refused(error) == ["channel"]


@pytest.mark.parametrize("kind", list(ResourceKind))
def test_only_a_conversation_must_say_what_it_is_for(kind: ResourceKind) -> None:
    assert rules.purpose_of(Purpose.CONSULTANCY, kind) is Purpose.CONSULTANCY
    if kind is ResourceKind.CONVERSATION:
        with pytest.raises(Invalid):
            rules.purpose_of(None, kind)
    else:
        assert rules.purpose_of(None, kind) is Purpose.OTHER


@pytest.mark.parametrize(
    ("wanted", "channel", "fields"),
    [
        (in_hours(1), Channel.SELF, []),
        (in_hours(0), Channel.SELF, ["starts_at"]),
        (in_hours(-1), Channel.SELF, ["starts_at"]),
        (in_hours(-1), Channel.ASSISTED, []),
        (in_hours(-24 * 3000), Channel.ASSISTED, []),
        (in_hours(24 * 731), Channel.ASSISTED, ["starts_at"]),
        (in_hours(1, 0), Channel.SELF, ["ends_at"]),
        (in_hours(1, -1), Channel.SELF, ["ends_at"]),
        (in_hours(1, 24 * 31 + 1), Channel.ASSISTED, ["ends_at"]),
        (in_hours(-1, 0), Channel.SELF, ["starts_at", "ends_at"]),
    ],
    ids=["soon", "now", "past", "past, recorded by staff", "years ago, recorded by staff", "in years", "no time",
         "backwards", "longer than a month", "both wrong"],
)  # fmt: skip
def test_some_times_no_timetable_can_make_right(wanted: Period, channel: Channel, fields: list[str]) -> None:
    if not fields:
        return rules.check_times(wanted, channel, NOW)
    with pytest.raises(Invalid) as error:
        rules.check_times(wanted, channel, NOW)
    assert refused(error) == fields
    return None


@pytest.mark.parametrize(
    ("kind", "wanted", "field"),
    [
        (ResourceKind.CONVERSATION, in_hours(1), None),
        (ResourceKind.CONVERSATION, in_hours(1, 1), "ends_at"),
        (ResourceKind.ROOM, in_hours(1, 1), None),
        (ResourceKind.ROOM, in_hours(1, 7), None),
        (ResourceKind.ROOM, in_hours(1, 7.5), "ends_at"),
        (ResourceKind.ROOM, in_hours(1, 0.75), "ends_at"),
        (ResourceKind.ROOM, in_hours(1.25), "starts_at"),
        (ResourceKind.ROOM, in_hours(0.5), "starts_at"),
    ],
    ids=["one slot", "two slots of a conversation", "two slots", "all day", "past closing", "part of a slot",
         "off the grid", "before opening"],
)  # fmt: skip
def test_what_is_booked_are_slots_in_a_row(kind: ResourceKind, wanted: Period, field: str | None) -> None:
    times = Timetable([Opening(0, 9 * 60, 16 * 60)], timedelta(minutes=30), timedelta())
    slots = grid(times, date(2026, 11, 23), date(2026, 11, 25))

    if field is None:
        return rules.check_grid(wanted, kind, slots)
    with pytest.raises(Invalid) as error:
        rules.check_grid(wanted, kind, slots)
    assert refused(error) == [field]
    return None


def test_nobody_takes_more_than_a_day_of_a_place_that_never_closes() -> None:
    times = Timetable([Opening(day, 0, 1440) for day in range(7)], timedelta(hours=1), timedelta())
    slots = grid(times, date(2026, 11, 23), date(2026, 11, 27))

    assert rules.offered(ResourceKind.ROOM, slots, timedelta(hours=24))
    assert rules.offered(ResourceKind.ROOM, slots, timedelta(hours=25)) == []


def test_the_alternatives_are_the_next_five_of_the_same_length() -> None:
    times = Timetable([Opening(day, 9 * 60, 12 * 60) for day in range(7)], timedelta(hours=1), timedelta())
    slots = grid(times, date(2026, 11, 23), date(2026, 12, 23))
    wanted, taken = in_hours(1, 2), Taken([in_hours(1, 2), in_hours(26, 1)])

    found = rules.alternatives(wanted, ResourceKind.ROOM, slots, taken, times, NOW)

    assert [f"{period.starts_at:%d %H}-{period.ends_at:%H}" for period in found] == [
        "25 08-10", "25 09-11", "26 08-10", "26 09-11", "27 08-10",
    ]  # fmt: skip


@pytest.mark.parametrize(("hours", "expected"), [(-5, NOW - 5 * HOUR), (5, NOW)], ids=["recorded", "to come"])
def test_a_fact_became_true_now_or_when_it_began(hours: int, expected: datetime) -> None:
    assert rules.true_since(NOW + hours * HOUR, NOW) == expected


@pytest.mark.parametrize(
    ("state", "slug"),
    [
        (GatheringState.SCHEDULED, None),
        (GatheringState.HELD, "already-held"),
        (GatheringState.CANCELLED, "already-cancelled"),
    ],
)
def test_a_gathering_that_was_held_or_cancelled_stays_so(state: GatheringState, slug: str | None) -> None:
    if slug is None:
        return gatherings.check_open(state)
    with pytest.raises(Problem) as error:
        gatherings.check_open(state)
    assert error.value.slug == slug
    return None
