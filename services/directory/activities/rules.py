"""Rules for activities, and how words that somebody types become a search. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from services.directory.rules import State
from shared.errors import Invalid

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
