"""Rules for activities, and how words that somebody types become a search. Pure."""

import re
from dataclasses import dataclass

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
