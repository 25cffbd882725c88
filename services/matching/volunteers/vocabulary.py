"""The words that an event may repeat from what the public wrote: whatever else they wrote stays in our database.

Interests and places come from people without a token, and events are kept for ever and read by strangers. A name fits
the shape of both ("karen-hansen", "Karen Hansen"); only a list can tell. A word missing here is missing in the event,
never in the registration that staff see: add it when the centre uses it. Illness, faith and politics stay out of the
list: whoever would help others with theirs has often met them.
"""

from pathlib import Path


def _lines(name: str) -> frozenset[str]:
    return frozenset((Path(__file__).parent / name).read_text("utf-8").split("\n")) - {""}


INTERESTS = _lines("interests.txt")
PLACES = _lines("places.txt")


def publishable_interests(written: list[str]) -> list[str]:
    return [word for word in written if word in INTERESTS]


def publishable_place(written: str | None) -> str | None:
    return written if written in PLACES else None
