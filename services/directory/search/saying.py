"""Which entries say what is asked for, and how well each does."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from services.directory.search.kernels import add_scores, listed, raise_scores, taken
from services.directory.search.meaning import Way
from services.directory.search.segment import Bits, Segment

Ways = tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Of one thing that is asked for: one bit an entry that says it in one of its ways, how many do up to each word of
    bits (that one's included), and how well each of them does, in whichever way it does it best."""

    bits: Bits
    before: NDArray[np.int32]
    scores: NDArray[np.float32]

    @classmethod
    def of(cls, segment: Segment, ways: Ways) -> "Said":
        """People ask for the same words again and again, and a segment never changes."""
        found: Said = segment.said.get(ways, lambda: cls._look(segment, ways))
        return found

    @classmethod
    def _look(cls, segment: Segment, ways: Ways) -> "Said":
        # What several parts say together is looked for first: for each part it takes the same scratch.
        together = [cls._together(segment, way) for way in ways if len(way.parts) > 1]
        best, bits = segment.scratch, np.zeros_like(segment.everything)
        for way in ways:
            if len(way.parts) == 1:
                numbers, worths = way.parts[0].numbers, way.parts[0].worths * np.float32(way.worth)
                raise_scores(numbers, worths, segment.starts, segment.docs, segment.weights, best, bits)
        for who, docs, scores in together:
            best[docs] = np.maximum(best[docs], scores)
            bits |= who
        before = np.empty(len(bits), np.int32)
        return cls(bits, before, taken(best, bits, before))

    @classmethod
    def _together(cls, segment: Segment, way: Way) -> tuple[Bits, NDArray[np.int32], NDArray[np.float32]]:
        """Who says every part of it, also as a list, and how well on average."""
        parts = [cls.of(segment, (Way(1.0, (part,)),)) for part in way.parts]
        bits = everything(parts)
        docs = listed(bits)
        return bits, docs, np.multiply(weighed(docs, parts, [1.0] * len(parts)) / len(parts), np.float32(way.worth))

    def __len__(self) -> int:
        return len(self.scores)


def everything(said: Sequence[Said]) -> Bits:
    """Who says all of it."""
    return reduce(and_, [each.bits for each in said])


def number_of(segment: Segment, said: Sequence[Said]) -> NDArray[np.int64]:
    """How many of these things each entry says."""
    return np.asarray(np.sum([segment.unpacked(each.bits) for each in said], axis=0, dtype=np.int64))


def weighed(docs: NDArray[np.int32], said: Sequence[Said], telling: Sequence[float]) -> NDArray[np.float32]:
    """What comes of how well each of these entries says each thing; `telling`: how telling that is."""
    weights = np.zeros(len(docs), np.float32)
    for each, much in zip(said, telling, strict=True):
        add_scores(docs, each.bits, each.before, each.scores, much, weights)
    return weights
