"""Rules for how many times somebody may keep. Pure."""

import hashlib
from datetime import timedelta

from shared.errors import Problem, Text

# A family at one table, a handful of people at a library's computers; whoever gets none can book without.
MOST_AT_ONCE = 5
# Nobody fills in so many forms; whoever keeps a time again and again does not want it.
MOST_AN_HOUR = 30
REMEMBERED = timedelta(hours=1)


class TooManyHolds(Problem):
    status, slug = 429, "too-many-holds"
    title = Text(
        "Du holder allerede så mange tider, som man kan: book en af dem, eller vent lidt",
        "You keep as many times as one can: book one of them, or wait a little",
    )


def digest(holder: str) -> bytes:
    return hashlib.sha256(holder.encode()).digest()


def check_share(at_once: int, within_the_hour: int) -> None:
    if at_once >= MOST_AT_ONCE or within_the_hour >= MOST_AN_HOUR:
        raise TooManyHolds(headers={"Retry-After": "600"})
