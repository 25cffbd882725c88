"""Finding: what fits the words and filters, in which order, and how many of each kind there are."""

import math
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, reduce
from operator import and_, itemgetter

import numpy as np
from numpy.typing import NDArray

from services.directory.search.catalogue import Catalogue, Part
from services.directory.search.danish import words_of
from services.directory.search.entries import Entry, Facet
from services.directory.search.facets import FACETS
from services.directory.search.kernels import choose, count_each, listed
from services.directory.search.meaning import Meaning, understand
from services.directory.search.saying import Said, everything, number_of, weighed
from services.directory.search.segment import Bits
from shared.errors import Invalid

# At this distance a match counts half of one next door.
HALF_AT_KM = 10.0


@dataclass(frozen=True)
class Question:
    q: str | None = None
    filters: tuple[Facet, ...] = ()
    near: tuple[float, float] | None = None
    radius_km: float | None = None
    open_now: bool = False

    @cached_property
    def words(self) -> list[str]:
        return words_of(self.q or "")


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


class Fitting:
    """What of one part fits: each filter, and the words if there are any."""

    def __init__(self, part: Part, narrowed: Mapping[str, Bits], words: Bits | None = None) -> None:
        self.part, self.narrowed = part, narrowed
        self._words = () if words is None else (words,)
        self.bits = reduce(and_, (*narrowed.values(), *self._words))
        self.docs = listed(self.bits)

    def but(self, facet: str) -> Bits:
        """What would fit if this facet narrowed nothing."""
        return reduce(and_, (*(bits for name, bits in self.narrowed.items() if name != facet), *self._words))


@dataclass(frozen=True)
class Heard:
    """What was asked for in words: of each part who says each thing, and how telling each thing is. `partly`: see
    `Found`."""

    said: Sequence[Sequence[Said]]
    telling: Sequence[float]
    partly: bool


@dataclass(frozen=True)
class Ranked:
    """Entries of one part, how each scores, and how many rings lie between it and the best one besides."""

    part: Part
    docs: NDArray[np.int32]
    scores: NDArray[np.float32]
    rings: NDArray[np.float32]


def find(catalogue: Catalogue, question: Question, *, limit: int, now: datetime, after: Turned | None) -> Found:
    """One page. `now` is Danish wall-clock time."""
    day = after.day if after else now.date()
    meaning = understand(question.words, catalogue.vocabulary, catalogue.synonyms)
    narrowed = [_narrowed(catalogue, part, question, now) for part in catalogue.parts]
    if meaning.groups:
        fitting, heard = _by_words(catalogue, narrowed, meaning)
        saying = zip(fitting, heard.said, strict=True)
        ranked = [_by_worth(each, said, heard.telling, question.near) for each, said in saying]
        best = after.best if after else max((float(each.scores.max(initial=0.0)) for each in ranked), default=0.0)
    else:
        fitting, heard = list(map(Fitting, catalogue.parts, narrowed)), None
        ranked, best = [_by_place(each, question.near) for each in fitting], 1.0
    first, more = page(catalogue, ranked, best, limit, day, after)
    return Found(
        entries=[entry for _, entry in first],
        count=sum(len(each.docs) for each in fitting),
        following=Turned(day, best, first[-1][0]) if more else None,
        facets=_counted(fitting),
        corrected=meaning.corrected,
        partly=heard is not None and heard.partly,
    )


def _narrowed(catalogue: Catalogue, part: Part, question: Question, now: datetime) -> Mapping[str, Bits]:
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
        narrowed["near"] = segment.within(question.near, question.radius_km)
    if question.open_now:
        narrowed["open"] = segment.bits(segment.open_at(now))
    return narrowed


def _by_words(
    catalogue: Catalogue, narrowed: Sequence[Mapping[str, Bits]], meaning: Meaning
) -> tuple[Sequence[Fitting], Heard]:
    parts = catalogue.parts
    said = [[Said.of(part.segment, ways) for ways in meaning.groups] for part in parts]
    total = sum(len(part.segment) for part in parts)
    # Rarer words tell more. In halves, so that one more entry hardly ever changes what others score.
    telling = [round(2 * math.log2(1 + total / max(sum(map(len, each)), 1))) / 2 for each in zip(*said, strict=True)]
    fitting = list(map(Fitting, parts, narrowed, map(everything, said)))
    if any(len(each.docs) for each in fitting):
        return fitting, Heard(said, telling, partly=False)
    numbers = [number_of(part.segment, each) for part, each in zip(parts, said, strict=True)]
    shown = [number[listed(reduce(and_, bits.values()))] for bits, number in zip(narrowed, numbers, strict=True)]
    most = max((int(number.max(initial=0)) for number in shown), default=0)
    words = [part.segment.bits(number >= max(most, 1)) for part, number in zip(parts, numbers, strict=True)]
    return list(map(Fitting, parts, narrowed, words)), Heard(said, telling, partly=True)


def _by_worth(
    fitting: Fitting, said: Sequence[Said], telling: Sequence[float], near: tuple[float, float] | None
) -> Ranked:
    docs = fitting.docs
    scores = weighed(docs, said, telling)
    if near:
        away = fitting.part.segment.distances(near, docs)
        scores /= np.nan_to_num(1 + away / HALF_AT_KM, nan=HALF_AT_KM)
    return Ranked(fitting.part, docs, scores, np.zeros_like(scores))


def _by_place(fitting: Fitting, near: tuple[float, float] | None) -> Ranked:
    """Where no words were asked for: all alike or, near a point, by rings of a kilometre."""
    docs = fitting.docs
    alike = np.ones(len(docs), np.float32)
    if near is None:
        return Ranked(fitting.part, docs, alike, np.zeros_like(alike))
    rings = np.floor(fitting.part.segment.distances(near, docs))
    return Ranked(fitting.part, docs, alike, np.nan_to_num(rings, nan=20_000.0))


def page(
    catalogue: Catalogue, ranked: Sequence[Ranked], best: float, limit: int, day: date, after: Turned | None
) -> tuple[list[tuple[float, Entry]], bool]:
    """Those that stand first, each with its key, and whether there are more; `best`: what the best one scores."""
    found_each = np.zeros(len(catalogue.organisations), np.int64)
    for each in ranked:
        count_each(each.docs, each.part.segment.organisations, found_each)
    found: list[tuple[float, Entry]] = []
    for each in ranked:
        segment, keys, docs = each.part.segment, np.empty(limit + 1), np.empty(limit + 1, np.int64)
        number = choose(
            each.docs,
            each.scores,
            each.rings,
            segment.sunk,
            best,
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


def _counted(fitting: Sequence[Fitting]) -> Mapping[str, Mapping[str, int]]:
    """How many there would be of each value if the rest of the question stayed as it is; the most first."""
    counted: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for each in fitting:
        narrowed = {name: each.but(name) for name in FACETS if name in each.narrowed}
        for name, counts in each.part.facets.counted(each.bits, each.docs, narrowed).items():
            if before := counted[name]:
                counts = before | {value: before.get(value, 0) + number for value, number in counts.items()}
                counts = dict(sorted(sorted(counts.items()), key=itemgetter(1), reverse=True))
            counted[name] = counts
    return counted
