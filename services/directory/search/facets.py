"""Which entries have each facet's values, held so that they are counted among whatever is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from services.directory.search.kernels import count_common, count_had
from services.directory.search.segment import Bits, Segment

FACETS = ("theme", "target_group", "locality", "weekday", "language", "form", "price", "access")
# What a facet shows and counts; a search can be narrowed by any value all the same.
MOST_VALUES = 100
# What few entries have is counted entry by entry, what many have by bits.
FEW = 5_000

Numbers = Mapping[str, Mapping[str, int]]
"""Of each facet, its values by the number of their term."""


@dataclass(frozen=True)
class Facets:
    """Of one segment, and each facet's most frequent values there: side by side, so that all are counted at once."""

    values: Mapping[str, Sequence[str]]
    bits: Mapping[str, Bits]
    _rows: Mapping[str, Bits]
    _had: NDArray[np.uint16]
    _from: NDArray[np.int64]

    @classmethod
    def of(cls, segment: Segment, numbers: Numbers) -> "Facets":
        values, rows, had = {}, {}, list[NDArray[np.int32]]()
        for name in FACETS:
            docs = {value: segment.having(number) for value, number in numbers[name].items()}
            values[name] = sorted(sorted(docs, key=lambda value: -len(docs[value]))[:MOST_VALUES])
            had += [docs[value] for value in values[name]]
            bits = [segment.bits_of(docs[value]) for value in values[name]]
            rows[name] = np.array(bits, np.uint64).reshape(len(bits), len(segment.everything))
        having = np.concatenate([*had, np.empty(0, np.int32)])
        of = np.repeat(np.arange(len(had), dtype=np.uint16), [len(each) for each in had])
        return cls(
            values=values,
            bits={f"{name}:{value}": rows[name][at] for name in FACETS for at, value in enumerate(values[name])},
            _rows=rows,
            _had=of[np.argsort(having, kind="stable")],
            _from=np.cumsum(np.concatenate(([0], np.bincount(having, minlength=len(segment))))),
        )

    def counted(self, docs: NDArray[np.int64], fitting: Bits) -> dict[str, NDArray[np.int64]]:
        """How many of these entries, which `fitting` has as bits, have each facet's values."""
        if len(docs) > FEW:
            return {name: self.among(name, fitting) for name in FACETS}
        counts = np.zeros(len(self.bits), np.int64)
        count_had(self._had, self._from, docs, counts)
        ends = accumulate(len(self.values[name]) for name in FACETS)
        return {name: counts[end - len(self.values[name]) : end] for name, end in zip(FACETS, ends, strict=True)}

    def among(self, name: str, fitting: Bits) -> NDArray[np.int64]:
        """The same of one facet."""
        counts = np.empty(len(self._rows[name]), np.int64)
        count_common(self._rows[name], fitting, counts)
        return counts
