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
from services.directory.search.kernels import DEGREE_KM, measure
from services.directory.search.lots import draw_of, waits
from services.directory.search.opening import open_at
from services.directory.search.remembered import Remembered

Bits = NDArray[np.uint64]
Point = tuple[float, float]
# Of how many things that were asked for it is kept who says them: of a hundred thousand entries each takes some 100 kB.
REMEMBERED = 512


@dataclass(frozen=True)
class Segment:
    """Never changed: what is added or taken away makes another one. Words are scored as in BM25S ("eager sparse
    scoring", Lù 2024): a word's entries and weights lie side by side, so that a question adds arrays."""

    entries: Sequence[Entry]
    starts: NDArray[np.int64]
    docs: NDArray[np.int32]
    weights: NDArray[np.float32]
    organisations: NDArray[np.int32]
    draws: NDArray[np.uint64]
    expires: NDArray[np.int32]
    sunk: NDArray[np.bool_]
    points: NDArray[np.float32]
    _times: NDArray[np.int32]
    _timed: NDArray[np.int64]
    # Who says what was asked for lately (`saying.py`).
    said: Remembered[Any] = field(default_factory=lambda: Remembered[Any](REMEMBERED))
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
            starts=np.cumsum(np.concatenate(([0], np.bincount(terms), [0]))),
            docs=np.repeat(np.arange(len(entries), dtype=np.int32), sizes)[order],
            weights=weights[order],
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
        at = min(number, len(self.starts) - 2)
        return self.docs[self.starts[at] : self.starts[at + 1]]

    def weightiest(self, number: int, least: float) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Those of them in which it weighs as much as `least`, and how much."""
        at = min(number, len(self.starts) - 2)
        start, end = self.starts[at], self.starts[at + 1]
        start += self.weights[start:end].searchsorted(np.float32(least))
        return self.docs[start:end], self.weights[start:end]

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
        small = np.packbits(chosen, bitorder="little")
        packed[: len(small)] = small
        return packed.view(np.uint64)

    def bits_of(self, docs: NDArray[np.integer[Any]]) -> Bits:
        return self.bits(self.mask(docs))

    def mask(self, docs: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        chosen = np.zeros(len(self), np.bool_)
        chosen[docs] = True
        return chosen

    def among(self, bits: Bits, docs: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Which of these entries are among those."""
        return np.asarray(self.unpacked(bits)[docs])

    def unpacked(self, bits: Bits) -> NDArray[np.bool_]:
        """Of each entry whether its bit is set."""
        return np.unpackbits(bits.view(np.uint8), count=len(self), bitorder="little").view(np.bool_)

    @cached_property
    def scratch(self) -> NDArray[np.float32]:
        """A score an entry, for whoever puts some together and takes them away again: making it anew would take as
        long as all else."""
        return np.zeros(len(self), np.float32)

    @cached_property
    def _all(self) -> NDArray[np.int32]:
        return np.arange(len(self), dtype=np.int32)

    @cached_property
    def everything(self) -> Bits:
        return self.bits(np.ones(len(self), np.bool_))

    def within(self, point: Point, radius_km: float) -> Bits:
        """Those that lie no further away; none whose place nobody knows."""
        return self.bits(self.distances(point, self._all) <= radius_km)

    def distances(self, point: Point, docs: NDArray[np.int32]) -> NDArray[np.float32]:
        """Kilometres to each of these; not a number where nobody knows the place."""
        away = np.empty(len(docs), np.float32)
        width = float(DEGREE_KM) * math.cos(math.radians(point[0]))
        measure(self.points, docs, *point, width, away)
        return away

    def open_at(self, now: datetime) -> NDArray[np.bool_]:
        return self.mask(self._timed[open_at(self._times, now)].astype(np.int32))
