"""Which entries say what is asked for, and how well."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.directory.search.kernels import raise_scores, weigh
from services.directory.search.meaning import Way
from services.directory.search.segment import Bits, Segment
from services.directory.search.vocabulary import Matches


@dataclass(frozen=True)
class Said:
    """Of each thing, one bit an entry that says it. A score stands only where the entry says it and was wanted: what
    nobody asks for is not written, and memory is what a search waits for."""

    bits: NDArray[np.uint64]
    _scores: NDArray[np.float32]

    @classmethod
    def of(cls, segment: Segment, things: Sequence[Sequence[Way]], wanted: Bits) -> "Said":
        """For each thing how well an entry says it, in whichever way it does it best."""
        bits = np.zeros((len(things), len(wanted)), np.uint64)
        scores = np.empty((len(things), len(segment)), np.float32)
        for ways, said, score in zip(things, bits, scores, strict=True):
            for way in ways:
                if len(way.parts) == 1:
                    _raise(segment, way.parts[0], way.worth, wanted, said, score)
                else:
                    _raise_together(segment, way, wanted, said, score)
        return cls(bits, scores)

    def score(self, docs: NDArray[np.int64]) -> NDArray[np.float32]:
        """How well these, which say all of it and were wanted, say it on average."""
        return np.asarray(self._scores[:, docs].mean(axis=0))

    def all(self) -> Bits:
        """Who says all of them."""
        return np.asarray(np.bitwise_and.reduce(self.bits, axis=0))

    def each(self) -> NDArray[np.int64]:
        """How many say each of them."""
        return np.asarray(np.bitwise_count(self.bits).sum(axis=1, dtype=np.int64))

    def number(self) -> NDArray[np.int64]:
        """How many of them each entry says."""
        size = self._scores.shape[1]
        said = np.unpackbits(self.bits.view(np.uint8), axis=1, count=size, bitorder="little")
        return np.asarray(said.sum(axis=0, dtype=np.int64))

    def weighed(self, fitting: Bits, telling: Sequence[float]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The entries among `fitting`, and what all that each says comes to; `telling`: how telling each thing is."""
        number = int(np.bitwise_count(fitting).sum())
        docs, weights = np.empty(number, np.int64), np.empty(number, np.float32)
        weigh(fitting, self.bits, self._scores, np.array(telling, np.float32), docs, weights)
        return docs, weights


NOTHING_SAID = Said(np.empty((0, 0), np.uint64), np.empty((0, 0), np.float32))


def _raise(
    segment: Segment, matches: Matches, worth: float, wanted: Bits, said: Bits, scores: NDArray[np.float32]
) -> None:
    worths = matches.worths * np.float32(worth)
    raise_scores(matches.numbers, worths, segment.starts, segment.docs, segment.weights, wanted, said, scores)


def _raise_together(segment: Segment, way: Way, wanted: Bits, said: Bits, scores: NDArray[np.float32]) -> None:
    parts = Said.of(segment, [[Way(1.0, (part,))] for part in way.parts], wanted)
    together = parts.all()
    docs = segment.unpacked(together & wanted)
    new = parts.score(docs) * np.float32(way.worth)
    scores[docs] = np.where(segment.among(said, docs), np.maximum(new, scores[docs]), new)
    said |= together
