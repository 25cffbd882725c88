"""The rules of notify, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.notify.deliveries.rules import (
    Decision,
    Reason,
    Send,
    State,
    Stop,
    Wait,
    after_failure,
    decide,
    language_of,
    last_day,
    names_time_and_place,
    over_after,
    worth_telling,
)
from services.notify.exposures.rules import day_exposed
from shared.errors import Invalid
from shared.events.bookings import ResourceKind

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("starts_at", "worth"),
    [(NOW + HOUR, True), (NOW, False), (NOW - DAY, False)],
    ids=["tomorrow's appointment", "recorded afterwards, so true when it began", "cancelled after it had begun"],
)
def test_people_are_told_of_what_lies_ahead(starts_at: datetime, worth: bool) -> None:
    assert worth_telling(starts_at=starts_at, said_at=NOW) is worth


@pytest.mark.parametrize("kind", ResourceKind)
def test_only_a_room_s_time_and_place_are_written(kind: ResourceKind) -> None:
    assert names_time_and_place(kind) is (kind is ResourceKind.ROOM)


@pytest.mark.parametrize(
    ("contact_known", "ends_in", "age", "decision"),
    [
        (True, HOUR, SECOND, Send()),
        (True, HOUR, 2 * DAY, Send()),
        (True, timedelta(0), SECOND, Stop(State.SUPPRESSED, Reason.TOO_LATE)),
        (False, timedelta(0), SECOND, Stop(State.SUPPRESSED, Reason.TOO_LATE)),
        (False, HOUR, timedelta(0), Wait(NOW + SECOND)),
        (False, HOUR, 90 * SECOND, Wait(NOW + 90 * SECOND)),
        (False, HOUR, 12 * HOUR, Wait(NOW + timedelta(minutes=15))),
        (False, 2 * DAY, DAY, Stop(State.SUPPRESSED, Reason.NO_CONTACT)),
    ],
    ids=[
        "all there",
        "all there after long trying",
        "over",
        "over, and nobody known",
        "the booking came before the contact",
        "still no contact: look less often",
        "but not too seldom",
        "a day without a contact",
    ],
)
def test_what_to_do_with_a_delivery_that_is_due(
    contact_known: bool, ends_in: timedelta, age: timedelta, decision: Decision
) -> None:
    decided = decide(contact_known=contact_known, ends_at=NOW + ends_in, created_at=NOW - age, now=NOW)

    assert decided == decision


def test_what_has_no_end_is_never_too_late() -> None:
    assert decide(contact_known=True, ends_at=None, created_at=NOW - DAY, now=NOW) == Send()


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
    ids=["winter", "the day that lacks an hour", "the day that has one twice"],
)
def test_a_last_day_is_over_at_midnight_on_a_danish_clock(day: date, over: datetime) -> None:
    assert over_after(day) == over
    assert last_day(over) == day


@pytest.mark.parametrize(
    ("attempts", "age", "then"),
    [
        (1, SECOND, Wait(NOW + SECOND)),
        (2, SECOND, Wait(NOW + 2 * SECOND)),
        (6, HOUR, Wait(NOW + 32 * SECOND)),
        (11, HOUR, Wait(NOW + timedelta(minutes=15))),
        (5_000, DAY, Wait(NOW + timedelta(minutes=15))),
        (5_000, 3 * DAY, Stop(State.FAILED, Reason.GAVE_UP)),
    ],
    ids=["soon", "later", "half a minute", "a quarter", "no overflow", "enough"],
)
def test_a_mail_server_that_is_away_is_asked_less_and_less_often(
    attempts: int, age: timedelta, then: Wait | Stop
) -> None:
    assert after_failure(attempts=attempts, created_at=NOW - age, now=NOW) == then


@pytest.mark.parametrize(
    ("language", "written"), [("da", "da"), ("nb", "da"), ("en", "en"), ("so", "en"), ("uk", "en")]
)
def test_whoever_reads_danish_gets_danish(language: str, written: str) -> None:
    assert language_of(language) == written


def test_an_exposure_is_of_a_day_up_to_today() -> None:
    today = date(2026, 11, 21)

    assert day_exposed(None, today=today) == today
    assert day_exposed(date(2023, 5, 2), today=today) == date(2023, 5, 2)
    for wrong in (date(2026, 11, 22), date(203, 5, 2)):
        with pytest.raises(Invalid):
            day_exposed(wrong, today=today)
