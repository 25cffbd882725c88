"""Loops over many thousand entries, compiled by Numba for the machine that runs them: NumPy goes through its arrays
once for each step and writes what it finds each time, and it is memory that a search waits for.

They are compiled when this module is read, which takes two seconds; nobody who searches waits for it.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

EVEN, PAIRS, NIBBLES = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
BYTES, ONE, TWO, FOUR, TOP = np.uint64(0x0101010101010101), np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)
# Entries are numbered through the words of 64 bits that say of each whether it is meant.
WORD, WITHIN = 6, 63
# Matches that differ by less than this factor are equally good, and a lot decides between them.
EQUALLY_GOOD, WORST_BAND = 1.25, 60.0


@njit("uint64(uint64)", inline="always")
def ones(bits: np.uint64) -> np.uint64:
    """How many bits are set (Warren, Hacker's Delight, 5-1)."""
    bits -= (bits >> ONE) & EVEN
    bits = (bits & PAIRS) + ((bits >> TWO) & PAIRS)
    return (((bits + (bits >> FOUR)) & NIBBLES) * BYTES) >> TOP


@njit("void(int32[::1], int64[::1], int32[::1], uint64[::1])")
def note_said(
    terms: NDArray[np.int32], starts: NDArray[np.int64], docs: NDArray[np.int32], said: NDArray[np.uint64]
) -> None:
    """Set the bit of each entry that has one of some terms. Who has a term stands from its start to the next one's; of
    a term that is new to the segment, nowhere."""
    for each in terms:
        term = min(each, len(starts) - 2)
        for at in range(starts[term], starts[term + 1]):
            said[docs[at] >> WORD] |= ONE << np.uint64(docs[at] & WITHIN)


@njit(
    "void(int32[::1], float32[::1], int64[::1], int32[::1], float32[::1], uint64[::1], int64[::1], float32[::1])",
)
def raise_scores(
    terms: NDArray[np.int32],
    worths: NDArray[np.float32],
    starts: NDArray[np.int64],
    docs: NDArray[np.int32],
    weights: NDArray[np.float32],
    fitting: NDArray[np.uint64],
    before: NDArray[np.int64],
    scores: NDArray[np.float32],
) -> None:
    """Raise the score of each entry that fits to that of the best of some terms that it has. `before`: how many fit up
    to each word of bits, that one's included; so an entry's score stands in the place that it has in their list."""
    for at_term in range(len(terms)):
        term = min(terms[at_term], len(starts) - 2)
        for at in range(starts[term], starts[term + 1]):
            doc = docs[at]
            bits, bit = fitting[doc >> WORD], ONE << np.uint64(doc & WITHIN)
            if bits & bit:
                place = before[doc >> WORD] - np.int64(ones(bits & ~(bit - ONE)))
                scores[place] = max(scores[place], weights[at] * worths[at_term])


@njit("void(uint64[::1], float32[:, ::1], float32[::1], int64[::1], float32[::1])")
def weigh(
    fitting: NDArray[np.uint64],
    scores: NDArray[np.float32],
    telling: NDArray[np.float32],
    docs: NDArray[np.int64],
    weights: NDArray[np.float32],
) -> None:
    """The entries that fit, in order, and what their scores come to, each as telling as it is."""
    found = 0
    for word in range(len(fitting)):
        bits = fitting[word]
        while bits:
            rest = bits & (bits - ONE)
            docs[found] = (word << WORD) + np.int64(ones((bits ^ rest) - ONE))
            weight = np.float32(0)
            for thing in range(len(scores)):
                weight += scores[thing, found] * telling[thing]
            weights[found] = weight
            found += 1
            bits = rest


@njit("float64(float64, float64)", inline="always")
def behind(best: float, score: float) -> float:
    """How many steps of `EQUALLY_GOOD` a score lies behind the best one; no more than `WORST_BAND`."""
    return min(max(math.floor(math.log(best / max(score, 1e-9)) / math.log(EQUALLY_GOOD)), 0.0), WORST_BAND)


@njit(
    "int64(int64[::1], float32[::1], float64, float64[::1], float64[::1], int32[::1], int64[::1], float64,"
    " float64[::1], int64[::1])",
)
def choose(
    docs: NDArray[np.int64],
    scores: NDArray[np.float32],
    best: float,
    besides: NDArray[np.float64],
    waits: NDArray[np.float64],
    organisations: NDArray[np.int32],
    found_each: NDArray[np.int64],
    after: float,
    keys: NDArray[np.float64],
    chosen: NDArray[np.int64],
) -> int:
    """Of these entries those that stand first, after whichever stands at `after`, and how many: as many at most as
    there is room for in `chosen`. `keys`: the band of each, and the lot that it drew there (`lots.py`). A band is how
    far an entry's score lies behind the best one, and what lies between the two besides."""
    number, enough = 0, 0.0
    for at in range(len(docs)):
        # Most can't stand there whatever lot they draw, so they need not draw one, nor a logarithm.
        if scores[at] < enough or (number == len(chosen) and besides[at] >= keys[number - 1]):
            continue
        band = besides[at] + behind(best, scores[at])
        doc = docs[at]
        waiting, others = waits[doc], found_each[organisations[doc]]
        while others > 1:
            waiting *= 2
            others >>= 1
        key = band + waiting / (1 + waiting)
        if key <= after or (number == len(chosen) and key >= keys[number - 1]):
            continue
        place = number if number < len(chosen) else number - 1
        while place and keys[place - 1] > key:
            keys[place], chosen[place] = keys[place - 1], chosen[place - 1]
            place -= 1
        keys[place], chosen[place] = key, doc
        number = min(number + 1, len(chosen))
        if number == len(chosen) and keys[number - 1] < WORST_BAND:
            # A little less than it takes to lie before the last of them: logarithms are rounded.
            enough = best * EQUALLY_GOOD ** -math.ceil(keys[number - 1]) * 0.9999
    return number


@njit("void(uint64[:, ::1], uint64[::1], int64[::1])")
def count_common(rows: NDArray[np.uint64], fitting: NDArray[np.uint64], counts: NDArray[np.int64]) -> None:
    """How many bits each row has in common with `fitting`."""
    for row in range(len(rows)):
        number = np.uint64(0)
        for at in range(len(fitting)):
            number += ones(rows[row, at] & fitting[at])
        counts[row] = number


@njit("void(uint16[::1], int32[::1], int64[::1], int64[::1])")
def count_had(
    had: NDArray[np.uint16], starts: NDArray[np.int32], docs: NDArray[np.int64], counts: NDArray[np.int64]
) -> None:
    """How many of these entries have each value: what an entry has stands from its start to the next one's."""
    for doc in docs:
        for at in range(starts[doc], starts[doc + 1]):
            counts[had[at]] += 1
