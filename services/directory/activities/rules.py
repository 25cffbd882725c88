"""Rules for activities, and how words that somebody types become a search. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.directory.rules import State
from shared.errors import Invalid, Text
from shared.events.kinds import Form

# More words than this narrow nothing down; they only cost.
MOST_WORDS = 10
# Shorter ones occur inside nearly every title.
SHORTEST_PIECE = 3


@dataclass(frozen=True)
class Search:
    """`words` as the database's text search takes them: all of them must occur, the last one may be unfinished.

    `pieces` are those of some length, to be looked for anywhere in a title or theme, because Danish writes compounds
    as one word, and stemming does not take them apart: "spisning" must find "fællesspisning".
    """

    words: str
    pieces: tuple[str, ...]


def search_for(typed: str | None) -> Search | None:
    """Only letters and digits reach the query's own syntax, so nothing that is typed can be an operator."""
    found = re.findall(r"[^\W_]+", (typed or "").lower())[:MOST_WORDS]
    if not found:
        return None
    return Search(words=" & ".join(found) + ":*", pieces=tuple(word for word in found if len(word) >= SHORTEST_PIECE))


def coming_days(today: date, state: State, publish_on: date | None, expires_on: date | None) -> None:
    """Days on which something will happen by itself, so none of them has been yet, and the end comes last."""
    if publish_on is not None:
        if state is State.PUBLISHED:
            raise Invalid.field("publish_on", "er allerede offentliggjort", "is published already")
        if publish_on <= today:
            raise Invalid.field("publish_on", "skal ligge i fremtiden", "must lie in the future")
    if expires_on is not None:
        if expires_on <= today:
            raise Invalid.field("expires_on", "skal ligge i fremtiden", "must lie in the future")
        if publish_on is not None and expires_on <= publish_on:
            raise Invalid.field("expires_on", "skal ligge efter publish_on", "must lie after publish_on")


def seen(state: State, publish_on: date | None) -> bool:
    """Whether the public sees it, or will without anybody doing anything more."""
    return state is State.PUBLISHED or publish_on is not None


# What a citizen asks first. None of it is required: a title is enough to begin with, and the rest may come later.
HINTS = {
    "description": Text("Hvad foregår der?", "What goes on?"),
    "schedules": Text("Hvornår er det?", "When is it?"),
    "place": Text("Hvor er det?", "Where is it?"),
    "target_groups": Text("Hvem er det for?", "Whom is it for?"),
    "themes": Text("Hvad handler det om?", "What is it about?"),
    "how_to_join": Text("Hvordan kommer man med?", "How does one join?"),
    "price": Text("Hvad koster det?", "What does it cost?"),
    "accessibility": Text("Hvem kan komme ind?", "Who can get in?"),
}
PLACES = ("locality", "address", "postcode", "premises_id")


def missing(said: Mapping[str, object]) -> list[str]:
    """What a citizen would ask, and the description does not answer, in the order in which they would."""
    somewhere = said["form"] is Form.DIGITAL or any(said[place] for place in PLACES)
    answered = {field: said.get(field) not in (None, "", []) for field in HINTS} | {"place": somewhere}
    if said["form"] is Form.DIGITAL:
        answered["accessibility"] = True
    return [field for field, known in answered.items() if not known]
