"""Rules for reading a change: which texts it changes, and which of their words. Pure."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from services.directory.changes.rules import FieldChange

# A word with the signs within it ("19:00-21:30"), the space between words, or signs.
_WORDS = re.compile(r"\w(?:\S*\w)?|\s+|[^\w\s]+")
# What stays between two changes and is as short as "og" is read more easily as a part of them.
SHORTEST_KEPT = 4


@dataclass
class Piece:
    """A stretch of a text; `changed`: it is gone from the text before, or new in the text after."""

    text: str
    changed: bool


def compared(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, so that whoever reads them sees which words differ. Together they are the texts again."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    steps = Indel.opcodes(old, new)
    olds: list[Piece] = []
    news: list[Piece] = []
    for place, step in enumerate(steps):
        gone, came = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        between = 0 < place < len(steps) - 1
        changed = step.tag != "equal" or (between and len(gone.strip()) < SHORTEST_KEPT)
        _add(olds, gone, changed=changed)
        _add(news, came, changed=changed)
    return olds, news


def parts(change: FieldChange) -> list[FieldChange]:
    """What a field's change is read as: each text in another language by itself, anything else as it is."""
    if change.field != "translations":
        return [change]
    before, after = change.before or {}, change.after or {}
    return [
        FieldChange(f"translations.{language}.{name}", was, becomes)
        for language in dict.fromkeys([*before, *after])
        for name in dict.fromkeys([*before.get(language, {}), *after.get(language, {})])
        if (was := before.get(language, {}).get(name)) != (becomes := after.get(language, {}).get(name))
    ]


def _add(pieces: list[Piece], text: str, *, changed: bool) -> None:
    if pieces and pieces[-1].changed is changed:
        pieces[-1].text += text
    elif text:
        pieces.append(Piece(text, changed))
