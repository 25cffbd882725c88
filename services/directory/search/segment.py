"""Some entries as arrays: which of them say a word and how weightily, which have a facet's value, where they are."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.directory.search.entries import Entry
from services.directory.search.kernels import raise_scores
from services.directory.search.lots import draw_of, waits
from services.directory.search.meaning import Way
from services.directory.search.opening import open_at
from services.directory.search.vocabulary import Matches

Bits = NDArray[np.uint64]
# A degree of latitude. Over the distances that people go for a cup of coffee the earth is flat.
DEGREE_KM = 111.2


@dataclass(frozen=True)
class Segment:
    """Never changed: what is added or taken away makes another one. Words are scored as in BM25S ("eager sparse
    scoring", Lù 2024): a word's entries and weights lie side by side, so that a question adds arrays."""

    entries: Sequence[Entry]
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
    _waits: dict[date, NDArray[np.float64]] = field(default_factory=dict)
    _unexpired: dict[date, Bits] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[Entry], organisations: Mapping[object, int]) -> "Segment":
        sizes = [len(each.terms) for each in entries]
        terms = np.concatenate([each.terms for each in entries]) if entries else np.empty(0, np.int32)
        weights = np.concatenate([each.weights for each in entries]) if entries else np.empty(0, np.float32)
        # Of each word's entries those that say it most weightily stand last.
        order = np.lexsort((weights, terms))
        times = [(doc, time) for doc, each in enumerate(entries) for time in each.times]
        return cls(
            entries=entries,
            # Two more than there are terms: what nobody here says stands nowhere.
            _starts=np.cumsum(np.concatenate(([0], np.bincount(terms), [0]))),
            _docs=np.repeat(np.arange(len(entries), dtype=np.int32), sizes)[order],
            _weights=weights[order],
            organisations=np.array([organisations[each.organisation_id] for each in entries], np.int32),
            draws=np.array([draw_of(each.id) for each in entries], np.uint64),
            expires=np.array([each.expires for each in entries], np.int32),
            sunk=np.array([each.sunk for each in entries], np.bool_),
            points=np.array([each.point or (np.nan, np.nan) for each in entries], np.float32).reshape(-1, 2).T.copy(),
            _times=np.array([time for _, time in times], np.int32).reshape(-1, 6),
            _timed=np.array([doc for doc, _ in times], np.int64),
        )

    def __len__(self) -> int:
        return len(self.entries)

    def having(self, number: int) -> NDArray[np.int32]:
        """The entries that have this term, the weightiest last."""
        at = min(number, len(self._starts) - 2)
        return self._docs[self._starts[at] : self._starts[at + 1]]

    def weightiest(self, number: int, least: float) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Those of them in which it weighs as much as `least`, and how much."""
        at = min(number, len(self._starts) - 2)
        start, end = self._starts[at], self._starts[at + 1]
        start += self._weights[start:end].searchsorted(np.float32(least))
        return self._docs[start:end], self._weights[start:end]

    def said(self, group: Sequence[Way]) -> NDArray[np.float32]:
        """For each entry how well it says one thing, in whichever way it does it best; 0 where it does not."""
        scores = np.zeros(len(self), np.float32)
        for way in group:
            if len(way.parts) == 1:
                self._score(way.parts[0], way.worth, scores)
            else:
                parts = [self._score(matches, 1.0, np.zeros_like(scores)) for matches in way.parts]
                together = np.mean(parts, axis=0) * (np.min(parts, axis=0) > 0) * np.float32(way.worth)
                np.maximum(scores, together, out=scores)
        return scores

    def _score(self, matches: Matches, worth: float, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Raise each entry's score to that of the best of these terms that it has."""
        at = np.minimum(matches.numbers, len(self._starts) - 2)
        worths = matches.worths * np.float32(worth)
        raise_scores(self._starts[at], self._starts[at + 1], worths, self._docs, self._weights, scores)
        return scores

    def waits(self, day: date) -> NDArray[np.float64]:
        if day not in self._waits:
            if len(self._waits) > 1:  # Somebody still turns the pages of yesterday.
                self._waits.clear()
            self._waits[day] = waits(self.draws, day)
        return self._waits[day]

    def unexpired(self, day: date) -> Bits:
        if day not in self._unexpired:
            if len(self._unexpired) > 1:
                self._unexpired.clear()
            self._unexpired[day] = self.bits(self.expires >= day.toordinal())
        return self._unexpired[day]

    def bits(self, chosen: NDArray[np.bool_]) -> Bits:
        """One bit an entry: what is chosen by several filters, and counted by many facets, is an AND of few words."""
        packed = np.zeros((len(self) + 63) // 64 * 8, np.uint8)
        small = np.packbits(chosen)
        packed[: len(small)] = small
        return packed.view(np.uint64)

    def bits_of(self, docs: NDArray[np.integer[Any]]) -> Bits:
        return self.bits(self.mask(docs))

    def mask(self, docs: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        chosen = np.zeros(len(self), np.bool_)
        chosen[docs] = True
        return chosen

    def unpacked(self, bits: Bits) -> NDArray[np.int64]:
        return np.flatnonzero(np.unpackbits(bits.view(np.uint8), count=len(self)).view(np.bool_))

    def among(self, bits: Bits, docs: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Which of these entries are among those."""
        return np.asarray(np.unpackbits(bits.view(np.uint8), count=len(self)).view(np.bool_)[docs])

    @cached_property
    def everything(self) -> Bits:
        return self.bits(np.ones(len(self), np.bool_))

    def distances(self, point: tuple[float, float]) -> NDArray[np.float32]:
        """Kilometres as the crow flies; not a number where nobody knows the place."""
        north = (self.points[0] - np.float32(point[0])) * np.float32(DEGREE_KM)
        east = (self.points[1] - np.float32(point[1])) * np.float32(DEGREE_KM * math.cos(math.radians(point[0])))
        return np.asarray(np.sqrt(north * north + east * east))

    def open_at(self, now: datetime) -> NDArray[np.bool_]:
        return self.mask(self._timed[open_at(self._times, now)].astype(np.int32))
