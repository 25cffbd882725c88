"""Rules for calendars of one's own. Pure."""

from enum import StrEnum

from shared.errors import Conflict, Text

# A program asks for all of it every half hour.
MOST = 500


class ThingKind(StrEnum):
    """What has a link of its own: a `booking`, a `series` of them, or a `seat` at a gathering."""

    BOOKING = "booking"
    SERIES = "series"
    SEAT = "seat"


class TooMuch(Conflict):
    slug = "calendar-full"
    title = Text("Der kan ikke være mere i den kalender", "There is no room for more in that calendar")
