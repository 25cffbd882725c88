"""Rules for waiting for a time. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from services.booking.resources.rules import Period
from shared.errors import Invalid

# Nobody waits for "some time": the page of free slots shows as many days.
LONGEST_WINDOW = timedelta(days=62)


class WaitingState(StrEnum):
    """`lapsed`: offered and not answered in time. `left`: they no longer wait."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    LEFT = "left"


def check_window(earliest: datetime, latest: datetime, now: datetime) -> None:
    if latest <= now:
        raise Invalid.field("latest", "er allerede forbi", "is already over")
    if not timedelta() < latest - earliest <= LONGEST_WINDOW:
        raise Invalid.field(
            "latest",
            "skal være senere end 'earliest', højst 62 dage",
            "must be later than 'earliest', by 62 days at most",
        )


def fits(earliest: datetime, latest: datetime, length: timedelta, period: Period) -> bool:
    return earliest <= period.starts_at < latest and period.ends_at - period.starts_at == length
