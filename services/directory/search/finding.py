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
from services.directory.search.lots import lots
from services.directory.search.meaning import Meaning, understand
from services.directory.search.segment import Bits
from shared.errors import Invalid

# Matches that differ by less than this factor are equally good, and a lot decides between them.
EQUALLY_GOOD = 1.25
WORST_BAND = 60
# What nobody has confirmed for long comes after everything else that fits, however near or fitting.
SUNK_BAND = 100_000.0
# At this distance a match counts half of one next door.
HALF_AT_KM = 10.0
MANY, SAMPLE = 20_000, 2_000


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
    """What of one part fits: by words, by each filter, by all; and how well, for each thing that is asked for."""

    part: Part
    narrowed: dict[str, Bits]
    words: Bits
    away: NDArray[np.float32] | None = None
    scores: list[NDArray[np.float32]] = field(default_factory=list)
    docs: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    bands: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def fitting(self, *, but: str | None = None) -> Bits:
        return reduce(and_, (bits for name, bits in self.narrowed.items() if name != but), self.words)


def find(catalogue: Catalogue, question: Question, *, limit: int, now: datetime, after: Turned | None) -> Found:
    """One page. `now` is Danish wall-clock time."""
    day = after.day if after else now.date()
    meaning = understand(question.q, catalogue.vocabulary, catalogue.synonyms) if question.q else Meaning()
    hits = [_narrowed(catalogue, part, question, now) for part in catalogue.parts]
    partly, telling = _by_words(hits, meaning) if meaning.groups else (False, ())
    for each in hits:
        each.docs = each.part.segment.unpacked(each.fitting())
    count = sum(len(each.docs) for each in hits)
    if not count:
        return Found(facets=_counted(catalogue, hits), corrected=meaning.corrected, partly=partly)
    best = _banded(hits, telling, after)
    first, more = page(catalogue, hits, limit, day, after)
    return Found(
        entries=[entry for _, entry in first],
        count=count,
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
    away = segment.distances(question.near) if question.near else None
    if away is not None and question.radius_km is not None:
        narrowed["near"] = segment.bits(away <= question.radius_km)
    if question.open_now:
        narrowed["open"] = segment.bits(segment.open_at(now))
    return Hits(part, narrowed, segment.everything, away)


def _by_words(hits: Sequence[Hits], meaning: Meaning) -> tuple[bool, Sequence[float]]:
    """Score each entry; whether only some of what was asked for could be found, and how telling each of it is."""
    for each in hits:
        each.scores = [each.part.segment.said(group) for group in meaning.groups]
    spoken = [[each.part.segment.bits(scores > 0) for scores in each.scores] for each in hits]
    total = sum(len(each.part.segment) for each in hits)
    telling = []
    for saying in zip(*spoken, strict=True):
        matches = sum(int(np.bitwise_count(bits).sum()) for bits in saying)
        # Rarer words tell more. In halves, so that one more entry hardly ever changes what others score.
        telling.append(round(2 * math.log2(1 + total / max(matches, 1))) / 2)
    for each, bits in zip(hits, spoken, strict=True):
        each.words = reduce(and_, bits)
    if any(each.fitting().any() for each in hits):
        return False, telling
    counts = [np.sum([scores > 0 for scores in each.scores], axis=0) for each in hits]
    for each in hits:
        each.words = each.part.segment.everything
    shown = [each.part.segment.unpacked(each.fitting()) for each in hits]
    most = max((int(said[docs].max()) for said, docs in zip(counts, shown, strict=True) if len(docs)), default=0)
    for each, said_by in zip(hits, counts, strict=True):
        each.words = each.part.segment.bits(said_by >= max(most, 1))
    return True, telling


def _banded(hits: Sequence[Hits], telling: Sequence[float], after: Turned | None) -> float:
    """How far each hit lies behind the best one, in steps within which all are equal; what the best one scores."""
    scores: list[NDArray[Any]] = []
    for each in hits:
        mine = np.zeros(len(each.docs), np.float32)
        for said_by, worth in zip(each.scores, telling, strict=True):
            mine += said_by[each.docs] * np.float32(worth)
        if each.away is None and not each.scores:
            each.bands = np.asarray(SUNK_BAND * each.part.segment.sunk[each.docs])
        elif each.away is None:
            scores.append(mine)
        else:
            away = each.away[each.docs]
            if each.scores:
                scores.append(mine / np.nan_to_num(1 + away / HALF_AT_KM, nan=HALF_AT_KM))
            else:  # Only nearness is asked for: by rings of a kilometre.
                rings = np.nan_to_num(np.floor(away.astype(np.float64)), nan=20_000.0)
                each.bands = np.asarray(rings + SUNK_BAND * each.part.segment.sunk[each.docs])
    if not scores:
        return 1.0
    best = after.best if after else float(max(each.max(initial=0.0) for each in scores))
    for each, mine in zip(hits, scores, strict=True):
        each.bands = bands(each.part, each.docs, mine, best)
    return best


def bands(part: Part, docs: NDArray[Any], scores: NDArray[Any], best: float) -> NDArray[np.float64]:
    """How far each of these lies behind what scores best."""
    behind = np.log(best / np.maximum(scores.astype(np.float64), 1e-9)) / np.log(EQUALLY_GOOD)
    return np.asarray(np.clip(np.floor(behind), 0, WORST_BAND) + SUNK_BAND * part.segment.sunk[docs])


def page(
    catalogue: Catalogue, hits: Sequence[Hits], limit: int, day: date, after: Turned | None
) -> tuple[list[tuple[float, Entry]], bool]:
    whose = [each.part.segment.organisations[each.docs] for each in hits]
    found_each = np.zeros(len(catalogue.organisations), np.int64)
    for mine in whose:
        found_each += np.bincount(mine, minlength=len(found_each))
    found: list[tuple[float, Entry]] = []
    for each, mine in zip(hits, whose, strict=True):
        segment, front = each.part.segment, _front(each.bands, limit + 1, after)
        keys = each.bands[front] + lots(segment.waits(day)[each.docs[front]], found_each[mine[front]])
        if after:
            later = keys > after.key
            front, keys = front[later], keys[later]
        found += [
            (float(keys[place]), segment.entries[each.docs[front[place]]])
            for place in _smallest(keys, limit + 1).tolist()
        ]
    found.sort(key=lambda one: one[0])
    return found[:limit], len(found) > limit


def _front(bands: NDArray[np.float64], number: int, after: Turned | None) -> NDArray[np.int64]:
    """Where those are that this page can show: only for them lots are drawn."""
    begun = math.floor(after.key) if after else -1
    reach = 1.0
    while True:
        front = np.flatnonzero((bands >= begun) & (bands <= begun + reach))
        if np.count_nonzero(bands[front] > begun) >= number or reach > 2 * SUNK_BAND:
            return front
        reach *= 4


def _smallest(keys: NDArray[np.float64], number: int) -> NDArray[np.int64]:
    """Where the smallest keys are, in no order. Of very many, a sample says below which limit to look for them."""
    places = np.arange(len(keys))
    if len(keys) > MANY:
        sample = keys[:: len(keys) // SAMPLE]
        rank = min(len(sample) - 1, 8 + 4 * number * len(sample) // len(keys))
        below = np.flatnonzero(keys <= np.partition(sample, rank)[rank])
        places = below if len(below) >= number else places
    if len(places) <= number:
        return places
    return np.asarray(places[np.argpartition(keys[places], number - 1)[:number]])


def _counted(catalogue: Catalogue, hits: Sequence[Hits]) -> dict[str, dict[str, int]]:
    """How many there would be of each value if the rest of the question stayed as it is."""
    counted: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for each in hits:
        facets = each.part.facets
        sums = facets.counted(each.docs, each.fitting())
        sums |= {name: facets.among(name, each.fitting(but=name)) for name in FACETS if name in each.narrowed}
        for name, before in counted.items():
            had = zip(facets.values[name], sums[name].tolist(), strict=True)
            counts = {value: number for value, number in had if number}
            for value, number in before.items():
                counts[value] = counts.get(value, 0) + number
            counted[name] = counts
    counted["locality"] = {catalogue.spelled.get(value, value): n for value, n in counted["locality"].items()}
    return {
        name: dict(sorted(sorted(counts.items()), key=itemgetter(1), reverse=True)) for name, counts in counted.items()
    }
