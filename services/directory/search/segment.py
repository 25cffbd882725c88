"""Some entries as arrays: which of them say a word and how weightily, which have a facet's value, where they are."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.directory.search.entries import Entry
from services.directory.search.lots import draw_of, waits
from services.directory.search.opening import open_at

Bits = NDArray[np.uint64]
# A degree of latitude. Over the distances that people go for a cup of coffee the earth is flat.
DEGREE_KM = 111.2


@dataclass(frozen=True)
class Segment:
    """Never changed: what is added or taken away makes another one. Words are scored as in BM25S ("eager sparse
    scoring", Lù 2024): a word's entries and weights lie side by side, so that a question adds arrays."""

    entries: Sequence[Entry]
    _terms: NDArray[np.int32]
    _starts: NDArray[np.int64]
    _docs: NDArray[np.int32]
    _weights: NDArray[np.float32]
    organisations: NDArray[np.int32]
    draws: NDArray[np.uint64]
    expires: NDArray[np.int32]
    sunk: NDArray[np.bool_]
    points: NDArray[np.float32]
    _times: NDArray[np.int32]
    _timed: NDArray[np.int64]
    _said: NDArray[np.int32]
    _said_from: NDArray[np.int64]
    _waits: dict[date, NDArray[np.float64]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[Entry], organisations: Mapping[object, int]) -> "Segment":
        sizes = [len(each.terms) for each in entries]
        terms = np.concatenate([each.terms for each in entries]) if entries else np.empty(0, np.int32)
        weights = np.concatenate([each.weights for each in entries]) if entries else np.empty(0, np.float32)
        order = np.argsort(terms, kind="stable")
        unique, starts = np.unique(terms[order], return_index=True)
        times = [(doc, time) for doc, each in enumerate(entries) for time in each.times]
        return cls(
            entries=entries,
            _terms=unique,
            _starts=np.append(starts, len(terms)).astype(np.int64),
            _docs=np.repeat(np.arange(len(entries), dtype=np.int32), sizes)[order],
            _weights=weights[order],
            organisations=np.array([organisations[each.organisation_id] for each in entries], np.int32),
            draws=np.array([draw_of(each.id) for each in entries], np.uint64),
            expires=np.array([each.expires for each in entries], np.int32),
            sunk=np.array([each.sunk for each in entries], np.bool_),
            points=np.array([each.point or (np.nan, np.nan) for each in entries], np.float32).reshape(-1, 2),
            _times=np.array([time for _, time in times], np.int32).reshape(-1, 6),
            _timed=np.array([doc for doc, _ in times], np.int64),
            _said=np.concatenate([each.facets for each in entries] or [np.empty(0, np.int32)]),
            _said_from=np.cumsum([0, *(len(each.facets) for each in entries)]),
        )

    def __len__(self) -> int:
        return len(self.entries)

    def having(self, terms: Collection[int]) -> NDArray[np.int32]:
        """The entries that have any of these terms, each of them once for each term."""
        return self._docs[self._places(np.fromiter(terms, np.int32, len(terms)))[0]]

    def scored(self, matches: Mapping[int, float]) -> NDArray[np.float32]:
        """For each entry how well the best of these terms matches it; 0 where none does."""
        scores = np.zeros(len(self), np.float32)
        numbers = np.fromiter(matches.keys(), np.int32, len(matches))
        worths = np.fromiter(matches.values(), np.float32, len(matches))
        # The best last: where an entry has several of them, what is written last stays.
        order = np.argsort(worths, kind="stable")
        places, sizes = self._places(numbers[order])
        worth = np.repeat(worths[order], sizes)
        scores[self._docs[places]] = self._weights[places] * worth
        return scores

    def _places(self, terms: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where these terms' entries lie, and how many each has."""
        at = np.minimum(np.searchsorted(self._terms, terms), max(len(self._terms) - 1, 0))
        if not len(self._terms):
            return np.empty(0, np.int64), np.zeros(len(terms), np.int64)
        sizes = np.where(self._terms[at] == terms, self._starts[at + 1] - self._starts[at], 0)
        if len(terms) == 1:
            return np.arange(self._starts[at[0]], self._starts[at[0]] + sizes[0]), sizes
        return _ranges(self._starts[at], sizes), sizes

    def counts(self, docs: NDArray[np.int64], terms: int) -> NDArray[np.int64]:
        """How many of these entries have each facet's value, by the value's number."""
        starts = self._said_from[docs]
        places = _ranges(starts, self._said_from[docs + 1] - starts)
        return np.bincount(self._said[places], minlength=terms)

    def waits(self, day: date) -> NDArray[np.float64]:
        if day not in self._waits:
            if len(self._waits) > 1:  # Somebody still turns the pages of yesterday.
                self._waits.clear()
            self._waits[day] = waits(self.draws, day)
        return self._waits[day]

    def bits(self, chosen: NDArray[np.bool_]) -> Bits:
        """One bit an entry: what is chosen by several filters, and counted by many facets, is an AND of few words."""
        packed = np.zeros((len(self) + 63) // 64 * 8, np.uint8)
        small = np.packbits(chosen)
        packed[: len(small)] = small
        return packed.view(np.uint64)

    def bits_of(self, terms: Collection[int]) -> Bits:
        return self.bits(self.mask(self.having(terms)))

    def mask(self, docs: NDArray[np.int32]) -> NDArray[np.bool_]:
        chosen = np.zeros(len(self), np.bool_)
        chosen[docs] = True
        return chosen

    def unpacked(self, bits: Bits) -> NDArray[np.int64]:
        return np.flatnonzero(np.unpackbits(bits.view(np.uint8), count=len(self)).view(np.bool_))

    @cached_property
    def everything(self) -> Bits:
        return self.bits(np.ones(len(self), np.bool_))

    def distances(self, point: tuple[float, float]) -> NDArray[np.float32]:
        """Kilometres as the crow flies; not a number where nobody knows the place."""
        north = (self.points[:, 0] - np.float32(point[0])) * np.float32(DEGREE_KM)
        east = (self.points[:, 1] - np.float32(point[1])) * np.float32(DEGREE_KM * math.cos(math.radians(point[0])))
        return np.asarray(np.sqrt(north * north + east * east))

    def open_at(self, now: datetime) -> NDArray[np.bool_]:
        return self.mask(self._timed[open_at(self._times, now)].astype(np.int32))


def _ranges(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """So many numbers from each start, one after the other."""
    ends = np.cumsum(sizes)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes))
