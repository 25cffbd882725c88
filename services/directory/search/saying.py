"""Which entries say what is asked for, and how well those do that are to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from services.directory.search.kernels import note_said, raise_scores, weigh
from services.directory.search.meaning import Way
from services.directory.search.segment import Bits, Segment
from services.directory.search.vocabulary import Matches

Ways = tuple[Way, ...]
# Each takes a bit an entry.
REMEMBERED = 256


@dataclass(frozen=True)
class Said:
    """Of each thing that is asked for, one bit an entry that says it in one of its ways. How well is asked later, of
    the few that fit otherwise, too: it is memory that a search waits for."""

    segment: Segment
    things: Sequence[Ways]
    bits: Sequence[Bits]

    @classmethod
    def of(cls, segment: Segment, things: Sequence[Ways]) -> "Said":
        return cls(segment, things, [_who(segment, ways) for ways in things])

    def all(self) -> Bits:
        """Who says all of them."""
        return reduce(and_, self.bits)

    def each(self) -> NDArray[np.int64]:
        """How many say each of them."""
        return np.array([np.bitwise_count(bits).sum() for bits in self.bits], np.int64)

    def number(self) -> NDArray[np.int64]:
        """How many of them each entry says."""
        size = len(self.segment)
        said = [np.unpackbits(bits.view(np.uint8), count=size, bitorder="little") for bits in self.bits]
        return np.asarray(np.sum(said, axis=0, dtype=np.int64))

    def weighed(
        self, fitting: Bits, before: NDArray[np.int64], telling: Sequence[float]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The entries that fit, and what comes of how well each says each thing. `before`: how many fit up to each word
        of bits; `telling`: how telling each thing is."""
        number = before[-1] if len(before) else 0
        scores = np.zeros((len(self.things), number), np.float32)
        for ways, score in zip(self.things, scores, strict=True):
            self._score(ways, fitting, before, score)
        docs, weights = np.empty(number, np.int64), np.empty(number, np.float32)
        weigh(fitting, scores, np.array(telling, np.float32), docs, weights)
        return docs, weights

    def _score(self, ways: Ways, fitting: Bits, before: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        """For each entry how well it says one thing, in whichever way it does it best; 0 where it does not."""
        segment = self.segment

        def raised(matches: Matches, worth: float, scores: NDArray[np.float32]) -> NDArray[np.float32]:
            worths = matches.worths * np.float32(worth)
            numbers, starts = matches.numbers, segment.starts
            raise_scores(numbers, worths, starts, segment.docs, segment.weights, fitting, before, scores)
            return scores

        for way in ways:
            if len(way.parts) == 1:
                raised(way.parts[0], way.worth, scores)
            else:
                parts = [raised(matches, 1.0, np.zeros_like(scores)) for matches in way.parts]
                together = np.mean(parts, axis=0) * (np.min(parts, axis=0) > 0) * np.float32(way.worth)
                np.maximum(scores, together, out=scores)


def _who(segment: Segment, ways: Ways) -> Bits:
    """Who says it in any of these ways. People ask for the same words again and again, and a segment never changes."""
    if (known := segment.said.get(ways)) is not None:
        return known
    if len(segment.said) >= REMEMBERED:
        segment.said.clear()
    said = segment.said[ways] = np.zeros_like(segment.everything)
    for way in ways:
        if len(way.parts) == 1:
            _note(segment, way.parts[0], said)
        else:
            said |= reduce(and_, [_note(segment, part, np.zeros_like(said)) for part in way.parts])
    return said


def _note(segment: Segment, matches: Matches, said: Bits) -> Bits:
    note_said(matches.numbers, segment.starts, segment.docs, said)
    return said
