"""Which entries have each facet's values, held so that they are counted among whatever is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.directory.search.kernels import count_common, count_had, most_first
from services.directory.search.segment import Bits, Segment

FACETS = ("theme", "target_group", "locality", "weekday", "language", "form", "price", "access")
# What a facet shows and counts; a search can be narrowed by any value all the same.
MOST_VALUES = 100
# What few entries have is counted entry by entry, what many have by bits: an entry takes as long as some hundred words
# of bits, of which a segment of 100,000 entries with 160 values has 250,000.
FEW = 3_000
TURNS = 4

NOBODY = np.empty(0, np.int32)

Numbers = Mapping[str, Mapping[str, int]]
"""Of each facet, its values by the number of their term."""


@dataclass(frozen=True)
class Facets:
    """Of one segment, and each facet's most frequent values there: side by side, so that all are counted at once."""

    bits: Mapping[str, Bits]
    _labels: Sequence[str]
    _places: Mapping[str, slice]
    _starts: NDArray[np.int64]
    _rows: NDArray[np.uint64]
    _had: NDArray[np.uint16]

    @classmethod
    def of(cls, segment: Segment, numbers: Numbers, spelled: Mapping[str, str]) -> "Facets":
        """`spelled`: how localities are written."""
        labels, terms, places, having = list[str](), list[str](), {}, list[NDArray[np.int32]]()
        for name in FACETS:
            docs = {value: segment.having(number) for value, number in numbers[name].items()}
            values = sorted(sorted(docs, key=lambda value: -len(docs[value]))[:MOST_VALUES])
            places[name] = slice(len(labels), len(labels) + len(values))
            labels += [spelled.get(value, value) if name == "locality" else value for value in values]
            terms += [f"{name}:{value}" for value in values]
            having += [docs[value] for value in values]
        rows = np.zeros((len(labels), len(segment.everything)), np.uint64)
        for row, docs_of_it in zip(rows, having, strict=True):
            row[:] = segment.bits_of(docs_of_it)
        what = np.concatenate([np.full(len(each), at, np.uint16) for at, each in enumerate([*having, NOBODY])])
        who = np.concatenate([*having, NOBODY])
        order = np.argsort(who, kind="stable")
        number = np.bincount(who, minlength=len(segment))
        # As many places for each: where it has no further value stands one that nothing has, of its own for each place.
        had = np.tile(len(labels) + np.arange(number.max(initial=0), dtype=np.uint16), (len(segment), 1))
        had[who[order], np.arange(len(who)) - np.repeat(np.cumsum(number) - number, number)] = what[order]
        return cls(
            bits=dict(zip(terms, rows, strict=True)),
            _labels=labels,
            _places=places,
            _starts=np.array([0, *(place.stop for place in places.values())]),
            _rows=rows,
            _had=had,
        )

    def counted(
        self, fitting: Bits, docs: NDArray[np.int32], otherwise: Mapping[str, Bits]
    ) -> dict[str, dict[str, int]]:
        """How many of these entries, as bits and as a list, have each facet's values, the most first; `otherwise`:
        among which others the values of some facets are counted."""
        counted = np.zeros((TURNS, len(self._rows) + self._had.shape[1]), np.int64)
        counts = counted[0, : len(self._rows)]
        if len(docs) > FEW:
            count_common(self._rows, fitting, counts)
        else:
            count_had(self._had, docs, counted)
        for name, others in otherwise.items():
            count_common(self._rows[self._places[name]], others, counts[self._places[name]])
        order, numbers, ends = np.empty_like(counts), np.empty_like(counts), np.empty(len(FACETS), np.int64)
        most_first(counts, self._starts, order, numbers, ends)
        bounds = ends.tolist()
        values = [self._labels[at] for at in order[: bounds[-1]].tolist()]
        pairs = list(zip(values, numbers[: bounds[-1]].tolist(), strict=True))
        return {name: dict(pairs[start:end]) for name, start, end in zip(FACETS, (0, *bounds), bounds, strict=False)}
