"""Rules for choosing between two entries: what is chosen together. Pure."""

from collections.abc import Sequence

from services.directory.merges.rules import PLACE


def choices(fields: Sequence[str]) -> list[list[str]]:
    """A place is chosen whole: a street of one entry with the postcode of the other would be an address where nobody
    is."""
    place = [field for field in fields if field in PLACE]
    return [place if field in PLACE else [field] for field in fields if field not in place[1:]]
