"""Finding: what fits the words and filters, in which order, and how many of each kind there are."""

import math
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import and_, itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.directory.search.catalogue import Catalogue, Part
from services.directory.search.entries import Entry, Facet
from services.directory.search.facets import FACETS
from services.directory.search.kernels import choose
from services.directory.search.meaning import Meaning, understand
from services.directory.search.saying import NOTHING_SAID, Said
from services.directory.search.segment import Bits
from shared.errors import Invalid

# Matches that differ by less than this factor are equally good, and a lot decides between them.
EQUALLY_GOOD = 1.25
WORST_BAND = 60
# What nobody has confirmed for long comes after everything else that fits, however near or fitting.
SUNK_BAND = 100_000.0
# At this distance a match counts half of one next door.
HALF_AT_KM = 10.0


@dataclass(frozen=True)
class Question:
    q: str | None = None
    filters: tuple[Facet, ...] = ()
    near: tuple[float, float] | None = None
    radius_km: float | None = None
    open_now: bool = False


@dataclass(frozen=True)
class Turned:
    """Where a page ended: the day whose lots it goes by, the best score it was measured by, and the last key."""

    day: date
    best: float
    key: float

    def cursor(self) -> str:
        packed = struct.pack(">Idd", self.day.toordinal(), self.best, self.key)
        return urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def at(cls, cursor: str) -> "Turned":
        try:
            ordinal, best, key = struct.unpack(">Idd", urlsafe_b64decode(cursor + "=="))
            return cls(date.fromordinal(ordinal), best, key)
        except (ValueError, OverflowError, NotBase64, struct.error):
            raise Invalid.field("cursor", "er ikke fra en tidligere side", "is not from an earlier page") from None


@dataclass(frozen=True)
class Found:
    """`partly`: nothing says all that was asked for, so what says the most of it is shown instead."""

    entries: Sequence[Entry] = ()
    count: int = 0
    following: Turned | None = None
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    corrected: str | None = None
    partly: bool = False


@dataclass
class Hits:
    """What of one part fits: by each filter, by all of them, and by words, too."""

    part: Part
    narrowed: Mapping[str, Bits]
    words: Bits
    said: Said = NOTHING_SAID
    narrow: Bits = field(init=False)
    fitting: Bits = field(init=False)

    def __post_init__(self) -> None:
        self.narrow = reduce(and_, self.narrowed.values())
        self.by(self.words)

    def by(self, words: Bits) -> None:
        self.words, self.fitting = words, self.narrow & words

    def but(self, facet: str) -> Bits:
        """What would fit if this facet narrowed nothing."""
        return reduce(and_, (bits for name, bits in self.narrowed.items() if name != facet), self.words)


@dataclass(frozen=True)
class Banded:
    """Entries of one part, and how far each lies behind the best one, in steps within which all are equal."""

    part: Part
    docs: NDArray[np.int64]
    bands: NDArray[np.float64]


def find(catalogue: Catalogue, question: Question, *, limit: int, now: datetime, after: Turned | None) -> Found:
    """One page. `now` is Danish wall-clock time."""
    day = after.day if after else now.date()
    meaning = understand(question.q, catalogue.vocabulary, catalogue.synonyms) if question.q else Meaning()
    hits = [_narrowed(catalogue, part, question, now) for part in catalogue.parts]
    partly, telling = _by_words(hits, meaning) if meaning.groups else (False, ())
    best, banded = _banded(hits, question, telling, after)
    first, more = page(catalogue, banded, limit, day, after)
    return Found(
        entries=[entry for _, entry in first],
        count=sum(len(each.docs) for each in banded),
        following=Turned(day, best, first[-1][0]) if more else None,
        facets=_counted(catalogue, hits),
        corrected=meaning.corrected,
        partly=partly,
    )


def _narrowed(catalogue: Catalogue, part: Part, question: Question, now: datetime) -> Hits:
    segment = part.segment
    narrowed = {"shown": part.shown_on(now.date())}
    for at, wanted in enumerate(question.filters):
        bits = part.facets.bits.get(wanted.term)
        if bits is None:
            number = catalogue.vocabulary.find(wanted.term)
            bits = segment.bits_of(segment.having(number) if number is not None else np.empty(0, np.int32))
        # Several values of "access" are all needed; of another facet there is only one.
        name = f"{wanted.name}:{at}" if wanted.name == "access" else wanted.name
        narrowed[name] = bits
    if question.near and question.radius_km is not None:
        narrowed["near"] = segment.bits(segment.distances(question.near) <= question.radius_km)
    if question.open_now:
        narrowed["open"] = segment.bits(segment.open_at(now))
    return Hits(part, narrowed, segment.everything)


def _by_words(hits: Sequence[Hits], meaning: Meaning) -> tuple[bool, Sequence[float]]:
    """Who says what is asked for; whether only some of it could be found, and how telling each of it is."""
    said = [Said.of(each.part.segment, meaning.groups, each.narrow) for each in hits]
    total = sum(len(each.part.segment) for each in hits)
    matches = sum((each.each() for each in said), np.zeros(len(meaning.groups), np.int64))
    # Rarer words tell more. In halves, so that one more entry hardly ever changes what others score.
    telling = [round(2 * math.log2(1 + total / max(number, 1))) / 2 for number in matches.tolist()]
    for each, mine in zip(hits, said, strict=True):
        each.said = mine
        each.by(mine.all())
    if any(each.fitting.any() for each in hits):
        return False, telling
    numbers = [mine.number() for mine in said]
    shown = [number[each.part.segment.unpacked(each.narrow)] for each, number in zip(hits, numbers, strict=True)]
    most = max((int(number.max(initial=0)) for number in shown), default=0)
    for each, number in zip(hits, numbers, strict=True):
        each.by(each.part.segment.bits(number >= max(most, 1)))
    return True, telling


def _banded(
    hits: Sequence[Hits], question: Question, telling: Sequence[float], after: Turned | None
) -> tuple[float, Sequence[Banded]]:
    """What the best one scores, and all that fits, by how far it lies behind."""
    if not telling:
        return 1.0, [_by_place(each, question.near) for each in hits]
    found: list[tuple[Part, NDArray[np.int64], NDArray[np.float32]]] = []
    for each in hits:
        docs, scores = each.said.weighed(each.fitting, telling)
        if question.near:
            away = each.part.segment.distances(question.near, docs)
            scores /= np.nan_to_num(1 + away / HALF_AT_KM, nan=HALF_AT_KM)
        found.append((each.part, docs, scores))
    best = after.best if after else max((float(scores.max(initial=0.0)) for _, _, scores in found), default=0.0)
    return best, [Banded(part, docs, bands(part, docs, scores, best)) for part, docs, scores in found]


def _by_place(hits: Hits, near: tuple[float, float] | None) -> Banded:
    """Where no words were asked for: all alike or, near a point, by rings of a kilometre."""
    segment = hits.part.segment
    docs = segment.unpacked(hits.fitting)
    behind = np.asarray(SUNK_BAND * segment.sunk[docs])
    if near:
        behind += np.nan_to_num(np.floor(segment.distances(near, docs).astype(np.float64)), nan=20_000.0)
    return Banded(hits.part, docs, behind)


def bands(part: Part, docs: NDArray[Any], scores: NDArray[Any], best: float) -> NDArray[np.float64]:
    """How far each of these lies behind what scores best."""
    behind: NDArray[np.float64] = np.maximum(scores, 1e-9, dtype=np.float64)
    np.divide(best, behind, out=behind)
    np.log(behind, out=behind)
    behind /= math.log(EQUALLY_GOOD)
    np.floor(behind, out=behind)
    np.clip(behind, 0, WORST_BAND, out=behind)
    behind += SUNK_BAND * part.segment.sunk[docs]
    return behind


def page(
    catalogue: Catalogue, hits: Sequence[Banded], limit: int, day: date, after: Turned | None
) -> tuple[list[tuple[float, Entry]], bool]:
    found_each = np.zeros(len(catalogue.organisations), np.int64)
    for each in hits:
        found_each += np.bincount(each.part.segment.organisations[each.docs], minlength=len(found_each))
    found: list[tuple[float, Entry]] = []
    for each in hits:
        segment, keys, docs = each.part.segment, np.empty(limit + 1), np.empty(limit + 1, np.int64)
        number = choose(
            each.docs,
            each.bands,
            segment.waits(day),
            segment.organisations,
            found_each,
            after.key if after else -1.0,
            keys,
            docs,
        )
        entries = [segment.entries[doc] for doc in docs[:number].tolist()]
        found += zip(keys[:number].tolist(), entries, strict=True)
    found.sort(key=lambda one: one[0])
    return found[:limit], len(found) > limit


def _counted(catalogue: Catalogue, hits: Sequence[Hits]) -> dict[str, dict[str, int]]:
    """How many there would be of each value if the rest of the question stayed as it is; the most first."""
    counted: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for each in hits:
        facets = each.part.facets
        narrowed = {name: each.but(name) for name in FACETS if name in each.narrowed}
        numbers = facets.counted(each.fitting, narrowed).tolist()
        for name, before in counted.items():
            had = zip(facets.values[name], numbers[facets.places[name]], strict=True)
            counts = {value: number for value, number in had if number}
            for value, number in before.items():
                counts[value] = counts.get(value, 0) + number
            counted[name] = counts
    counted["locality"] = {catalogue.spelled.get(value, value): n for value, n in counted["locality"].items()}
    return {
        name: dict(sorted(sorted(counts.items()), key=itemgetter(1), reverse=True)) for name, counts in counted.items()
    }
