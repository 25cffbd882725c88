"""Rules for asking: who is reminded and when, and how long an address is kept. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

# By the plan and by hand together: an association is asked, reminded, reminded once more, and then left in peace.
MOST_REMINDERS = 2
# Nobody is reminded at night (a Danish clock).
REMIND_FROM = time(9)
# After closing, so that a survey that is opened again for a fortnight can still remind.
KEEP_ADDRESSES_FOR = timedelta(days=30)


class PassedOver(StrEnum):
    """Why somebody was not reminded."""

    NOT_INVITED = "not_invited"
    NO_ADDRESS = "no_address"
    ANSWERED = "answered"
    REMINDED_TODAY = "reminded_today"
    REMINDED_TWICE = "reminded_twice"


@dataclass(frozen=True, slots=True)
class Asking:
    """One invitation as the rules see it; days are Danish."""

    has_address: bool
    answered: bool
    invited_on: date
    reminded_on: date | None
    reminders: int


def why_not(asking: Asking, today: date) -> PassedOver | None:
    """None if the association may be reminded today."""
    if asking.answered:
        return PassedOver.ANSWERED
    if not asking.has_address:
        return PassedOver.NO_ADDRESS
    if asking.reminders >= MOST_REMINDERS:
        return PassedOver.REMINDED_TWICE
    if asking.reminded_on == today:
        return PassedOver.REMINDED_TODAY
    return None


def reminder_is_due(asking: Asking, closes_on: date | None, days_before: Sequence[int], now: datetime) -> bool:
    """Whether a day to remind has come since the association was last written to. `now` is on a Danish clock.

    A day that passed while nothing ran is made up for, once; one before the invitation is no day for it.
    """
    today = now.date()
    if closes_on is None or today > closes_on or now.time() < REMIND_FROM or why_not(asking, today):
        return False
    told_on = max(asking.invited_on, asking.reminded_on or asking.invited_on)
    return any(told_on < mark <= today for mark in marks(closes_on, days_before))


def marks(closes_on: date, days_before: Sequence[int]) -> list[date]:
    return [closes_on - timedelta(days=days) for days in days_before]


def needs_a_look(closes_on: date | None, days_before: Sequence[int], today: date) -> bool:
    """Whether an open survey is to be closed, or is so near its end that somebody may have to be reminded."""
    return closes_on is not None and (today > closes_on or any(mark <= today for mark in marks(closes_on, days_before)))
