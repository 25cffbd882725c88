"""What a word may become while somebody types it, and titles that say it: asked at each letter, so it is quick."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

import numpy as np

from services.directory.search.catalogue import Catalogue, Part
from services.directory.search.danish import SILENT, stem, words_of
from services.directory.search.finding import Ranked, page
from services.directory.search.meaning import Meaning, understand
from services.directory.search.saying import Said, everything
from services.directory.search.segment import Bits
from services.directory.search.vocabulary import beginning

SUGGESTED = 5
MOST_LOOKED_AT = 200
# By how much a word may weigh less than where it weighs most: less and less, until there are enough titles.
REACHES = (1.25, 2.5, np.inf)


def suggest(catalogue: Catalogue, typed: str, day: date) -> tuple[list[str], list[str]]:
    """How the last word may go on, and titles of what says one of these, and what was typed before."""
    words = words_of(typed)
    if not words:
        return [], []
    *before, last = words
    completed = _completed(catalogue, last)
    said_before = understand(before, catalogue.vocabulary, catalogue.synonyms)
    return [" ".join([*before, word]) for word in completed], _titles(catalogue, said_before, completed, day)


def _completed(catalogue: Catalogue, last: str) -> list[str]:
    found = dict(islice(catalogue.vocabulary.beginning(last), MOST_LOOKED_AT))
    found = dict.fromkeys(beginning(catalogue.synonyms.in_order, last), 1) | found
    best: dict[str, str] = {}
    for _, _, word in sorted((-used, len(word), word) for word, used in found.items() if word not in SILENT):
        best.setdefault(stem(word), word)
        if len(best) == SUGGESTED:
            break
    corrections = [] if best else catalogue.vocabulary.corrections(last, catalogue.synonyms.words)
    return [*best.values(), *(word for word, _ in corrections)]


def _titles(catalogue: Catalogue, said_before: Meaning, words: Sequence[str], day: date) -> list[str]:
    numbers = [number for word in words if (number := catalogue.vocabulary.find(stem(word))) is not None]
    fitting = [_fitting(part, said_before, day) for part in catalogue.parts]
    weights = [part.segment.weightiest(number, 0)[1] for part in catalogue.parts for number in numbers]
    most = max((float(each[-1]) for each in weights if len(each)), default=1.0)
    hits: list[Ranked] = []
    for reach in REACHES:
        hits = [
            _weightiest(part, bits, numbers, most / reach) for part, bits in zip(catalogue.parts, fitting, strict=True)
        ]
        if sum(len(each.docs) for each in hits) >= 2 * SUGGESTED:
            break
    entries = page(catalogue, hits, most, 2 * SUGGESTED, day, None)[0]
    return list(dict.fromkeys(entry.title for _, entry in entries))[:SUGGESTED]


def _fitting(part: Part, said_before: Meaning, day: date) -> Bits:
    shown = part.shown_on(day)
    if said_before.groups:
        shown &= everything([Said.of(part.segment, ways) for ways in said_before.groups])
    return shown


def _weightiest(part: Part, fitting: Bits, numbers: Sequence[int], least: float) -> Ranked:
    found = [part.segment.weightiest(number, least) for number in numbers]
    docs = np.concatenate([np.empty(0, np.int32), *(docs for docs, _ in found)])
    weights = np.concatenate([np.empty(0, np.float32), *(weights for _, weights in found)])
    shown = part.segment.among(fitting, docs)
    docs, weights = docs[shown], weights[shown]
    return Ranked(part, docs, weights, np.zeros_like(weights))
