"""Recurring times as a mail tells of them: on which weekdays, at which Danish clock, and why not some of them."""

from datetime import datetime
from typing import Any, Self

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from pydantic import BaseModel

from shared.clock import DANISH
from shared.events.bookings import Refusal, RefusalCause, SeriesDecided
from shared.events.envelope import Event
from shared.events.words import reading

WHY = {
    "da_DK": {
        RefusalCause.TAKEN: "optaget",
        RefusalCause.NOT_OPEN: "ikke åbent for booking",
        RefusalCause.NO_SUCH_TIME: "den time findes ikke, når uret stilles frem",
        RefusalCause.QUOTA_USED: "jeres andel af måneden er brugt",
        RefusalCause.NOT_OPEN_TO_YOU: "kun for andre",
    },
    "en_GB": {
        RefusalCause.TAKEN: "taken",
        RefusalCause.NOT_OPEN: "not open for booking",
        RefusalCause.NO_SUCH_TIME: "that hour does not exist when the clocks go forward",
        RefusalCause.QUOTA_USED: "your share of the month is used",
        RefusalCause.NOT_OPEN_TO_YOU: "for others only",
    },
}
OTHERWISE = {"da_DK": "ikke muligt", "en_GB": "not possible"}


class Season(BaseModel):
    """What of `series.decided` a mail may say of a room."""

    starts_at: datetime
    first_ends_at: datetime
    ends_at: datetime
    weekdays: list[int]
    booked: int
    confirmed: int
    refusals: list[Refusal]

    @classmethod
    def of(cls, event: Event) -> Self | None:
        """Nothing of another event, nor of one that was told before it said so much."""
        if not isinstance(event, SeriesDecided) or event.first_ends_at is None or event.confirmed is None:
            return None
        return cls.read(event.model_dump(mode="json", include=set(cls.model_fields)))

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """As it was told: a cause that only a newer publisher knows is one, too."""
        with reading():
            return cls.model_validate(stored)

    def lines(self, locale: str) -> "Lines":
        return Lines(self, locale)


class Lines:
    """The season in the words of one language, as its template asks for them."""

    def __init__(self, season: Season, locale: str) -> None:
        self._season, self._locale = season, locale
        start, end = _wall(season.starts_at), _wall(season.first_ends_at)
        last = _wall(season.ends_at) - (end - start)
        self.clock = "–".join(format_time(at, "short", locale=locale) for at in (start, end))
        self.first, self.last = (format_date(at, "full", locale) for at in (start, last))
        self.times = season.booked + len(season.refusals)
        self.confirmed, self.waiting = season.confirmed, season.booked - season.confirmed

    @property
    def weekdays(self) -> str:
        names = Locale.parse(self._locale).days["format"]["wide"]
        return format_list([names[day - 1] for day in self._season.weekdays], locale=self._locale)

    @property
    def refused(self) -> list[str]:
        """`mandag den 29. marts 2027: optaget`."""
        words = WHY[self._locale]
        return [
            f"{format_date(_wall(each.starts_at), 'full', self._locale)}: "
            + words.get(each.cause, OTHERWISE[self._locale])
            for each in self._season.refusals
        ]


def _wall(at: datetime) -> datetime:
    """Without its zone: between two of them lies what a clock on the wall shows, also over the night it is set."""
    return at.astimezone(DANISH).replace(tzinfo=None)
