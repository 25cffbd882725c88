"""Which entries have each facet's values, held so that they are counted among whatever is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.directory.search.kernels import count_common, count_had
from services.directory.search.segment import Bits, Segment

FACETS = ("theme", "target_group", "locality", "weekday", "language", "form", "price", "access")
# What a facet shows and counts; a search can be narrowed by any value all the same.
MOST_VALUES = 100
# What few entries have is counted entry by entry, what many have by bits: of an entry it is some hundred times the work
# of a word of bits, of which a segment of 100,000 entries with 160 values has 250,000.
FEW = 1_500

Numbers = Mapping[str, Mapping[str, int]]
"""Of each facet, its values by the number of their term."""


@dataclass(frozen=True)
class Facets:
    """Of one segment, and each facet's most frequent values there: side by side, so that all are counted at once."""

    values: Mapping[str, Sequence[str]]
    bits: Mapping[str, Bits]
    places: Mapping[str, slice]
    _rows: NDArray[np.uint64]
    _had: NDArray[np.uint16]
    _from: NDArray[np.int32]

    @classmethod
    def of(cls, segment: Segment, numbers: Numbers) -> "Facets":
        values, places, had = {}, {}, list[NDArray[np.int32]]()
        for name in FACETS:
            docs = {value: segment.having(number) for value, number in numbers[name].items()}
            values[name] = sorted(sorted(docs, key=lambda value: -len(docs[value]))[:MOST_VALUES])
            places[name] = slice(len(had), len(had) + len(values[name]))
            had += [docs[value] for value in values[name]]
        rows = np.zeros((len(had), len(segment.everything)), np.uint64)
        for row, docs_of_it in zip(rows, had, strict=True):
            row[:] = segment.bits_of(docs_of_it)
        having = np.concatenate([*had, np.empty(0, np.int32)])
        of = np.repeat(np.arange(len(had), dtype=np.uint16), [len(each) for each in had])
        terms = [f"{name}:{value}" for name in FACETS for value in values[name]]
        return cls(
            values=values,
            bits=dict(zip(terms, rows, strict=True)),
            places=places,
            _rows=rows,
            _had=of[np.argsort(having, kind="stable")],
            _from=np.cumsum(np.concatenate(([0], np.bincount(having, minlength=len(segment)))), dtype=np.int32),
        )

    def counted(self, fitting: Bits, otherwise: Mapping[str, Bits]) -> NDArray[np.int64]:
        """How many of these entries have each value, facet by facet as `places` says; `otherwise`: among which others
        the values of some facets are counted."""
        counts = np.zeros(len(self._rows), np.int64)
        if np.bitwise_count(fitting).sum() > FEW:
            count_common(self._rows, fitting, counts)
        else:
            count_had(self._had, self._from, fitting, counts)
        for name, others in otherwise.items():
            count_common(self._rows[self.places[name]], others, counts[self.places[name]])
        return counts
