"""Loops over many thousand entries, compiled by Numba for the machine that runs them: NumPy goes through its arrays
once for each step and writes what it finds each time, and it is memory that a search waits for.

They are compiled when this module is read, which takes three seconds; nobody who searches waits for it.
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
# What nobody has confirmed for long comes after everything else that fits, however near or fitting.
SUNK_BAND = 100_000.0
# A degree of latitude.
DEGREE_KM = np.float32(111.2)


@njit("uint64(uint64)", inline="always")
def ones(bits: np.uint64) -> np.uint64:
    """How many bits are set (Warren, Hacker's Delight, 5-1)."""
    bits -= (bits >> ONE) & EVEN
    bits = (bits & PAIRS) + ((bits >> TWO) & PAIRS)
    return (((bits + (bits >> FOUR)) & NIBBLES) * BYTES) >> TOP


@njit("int32[::1](uint64[::1])")
def listed(bits: NDArray[np.uint64]) -> NDArray[np.int32]:
    """The entries whose bit is set, in order."""
    number = np.uint64(0)
    for word in bits:
        number += ones(word)
    docs, found = np.empty(np.int64(number), np.int32), 0
    for at in range(len(bits)):
        word = bits[at]
        while word:
            rest = word & (word - ONE)
            docs[found] = (at << WORD) + np.int64(ones((word ^ rest) - ONE))
            found += 1
            word = rest
    return docs


@njit("void(int32[::1], float32[::1], int64[::1], int32[::1], float32[::1], float32[::1], uint64[::1])")
def raise_scores(
    terms: NDArray[np.int32],
    worths: NDArray[np.float32],
    starts: NDArray[np.int64],
    docs: NDArray[np.int32],
    weights: NDArray[np.float32],
    best: NDArray[np.float32],
    bits: NDArray[np.uint64],
) -> None:
    """Raise each entry's score to that of the best of some terms that it has, and set its bit. Who has a term stands
    from its start to the next one's; of a term that is new to the segment, nowhere."""
    for at_term in range(len(terms)):
        term, worth = min(terms[at_term], len(starts) - 2), worths[at_term]
        for at in range(starts[term], starts[term + 1]):
            best[docs[at]] = max(best[docs[at]], weights[at] * worth)
        # In a loop of its own: a processor does either of the two without waiting for itself, and not both.
        for at in range(starts[term], starts[term + 1]):
            bits[docs[at] >> WORD] |= ONE << np.uint64(docs[at] & WITHIN)


@njit("float32[::1](float32[::1], uint64[::1], int32[::1])")
def taken(best: NDArray[np.float32], bits: NDArray[np.uint64], before: NDArray[np.int32]) -> NDArray[np.float32]:
    """The scores of the entries whose bit is set, side by side; none is left behind. `before`: how many there are up to
    each word of bits, that one's included."""
    number = np.int64(0)
    for at in range(len(bits)):
        number += np.int64(ones(bits[at]))
        before[at] = number
    scores, found = np.empty(number, np.float32), 0
    for at in range(len(bits)):
        word = bits[at]
        while word:
            rest = word & (word - ONE)
            doc = (at << WORD) + np.int64(ones((word ^ rest) - ONE))
            scores[found] = best[doc]
            best[doc] = 0
            found += 1
            word = rest
    return scores


@njit("void(int32[::1], uint64[::1], int32[::1], float32[::1], float32, float32[::1])")
def add_scores(
    docs: NDArray[np.int32],
    bits: NDArray[np.uint64],
    before: NDArray[np.int32],
    scores: NDArray[np.float32],
    telling: float,
    weights: NDArray[np.float32],
) -> None:
    """Add to the weight of each of these entries what it scores for one thing, as telling as that is. Scores stand side
    by side for those whose bit is set; `before`: for how many up to each word of bits, that one's included."""
    for place in range(len(docs)):
        doc = docs[place]
        word, bit = bits[doc >> WORD], ONE << np.uint64(doc & WITHIN)
        if word & bit:
            weights[place] += scores[before[doc >> WORD] - np.int64(ones(word & ~(bit - ONE)))] * telling


@njit("void(float32[:, ::1], int32[::1], float32, float32, float32, float32[::1])")
def measure(
    points: NDArray[np.float32],
    docs: NDArray[np.int32],
    north: float,
    east: float,
    width: float,
    away: NDArray[np.float32],
) -> None:
    """How far from a point each of these entries is as the crow flies; not a number where nobody knows the place. Over
    the distances that people go for a cup of coffee the earth is flat. `width`: of a degree of longitude there."""
    for place in range(len(docs)):
        doc = docs[place]
        up, across = (points[0, doc] - north) * DEGREE_KM, (points[1, doc] - east) * width
        away[place] = math.sqrt(up * up + across * across)


@njit("float64(float64, float64)", inline="always")
def behind(best: float, score: float) -> float:
    """How many steps of `EQUALLY_GOOD` a score lies behind the best one; no more than `WORST_BAND`."""
    return min(max(math.floor(math.log(best / max(score, 1e-9)) / math.log(EQUALLY_GOOD)), 0.0), WORST_BAND)


@njit("void(int32[::1], int32[::1], int64[::1])")
def count_each(docs: NDArray[np.int32], kinds: NDArray[np.int32], counts: NDArray[np.int64]) -> None:
    """How many of these entries are of each kind, of which each is of one."""
    for doc in docs:
        counts[kinds[doc]] += 1


@njit(
    "int64(int32[::1], float32[::1], float32[::1], bool_[::1], float64, float64[::1], int32[::1], int64[::1], float64,"
    " float64[::1], int64[::1])",
)
def choose(
    docs: NDArray[np.int32],
    scores: NDArray[np.float32],
    rings: NDArray[np.float32],
    sunk: NDArray[np.bool_],
    best: float,
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
        if scores[at] < enough:
            continue
        doc = docs[at]
        besides = np.float64(rings[at])
        if sunk[doc]:
            besides += SUNK_BAND
        if number == len(chosen) and besides >= keys[number - 1]:
            continue
        band = besides + behind(best, scores[at])
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


@njit("void(uint16[:, ::1], int32[::1], int64[:, ::1])")
def count_had(had: NDArray[np.uint16], docs: NDArray[np.int32], counts: NDArray[np.int64]) -> None:
    """How many of these entries have each value, in the first row of `counts`. The other rows take turns with it, since
    a number that was just raised can't be raised again at once. `had`: the values of each entry."""
    turn = 0
    for doc in docs:
        for at in range(had.shape[1]):
            counts[turn, had[doc, at]] += 1
        turn = (turn + 1) % len(counts)
    for turn in range(1, len(counts)):
        for value in range(counts.shape[1]):
            counts[0, value] += counts[turn, value]


@njit("void(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1])")
def most_first(
    counts: NDArray[np.int64],
    starts: NDArray[np.int64],
    order: NDArray[np.int64],
    numbers: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> None:
    """In groups that stand from their start to the next one's: where what there is any of stands, the most first, and
    how many there are of it; one group after the other. `ends`: of each group there."""
    found = 0
    for group in range(len(ends)):
        first = found
        for at in range(starts[group], starts[group + 1]):
            number = counts[at]
            if number:
                place = found
                while place > first and numbers[place - 1] < number:
                    order[place], numbers[place] = order[place - 1], numbers[place - 1]
                    place -= 1
                order[place], numbers[place] = at, number
                found += 1
        ends[group] = found
