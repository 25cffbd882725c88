"""Loops over many thousand entries, compiled by Numba for the machine that runs them: NumPy goes through its arrays
once for each step and writes what it finds each time, and it is memory that a search waits for.

They are compiled when this module is read, which takes a second; nobody who searches waits for it.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

EVEN, PAIRS, NIBBLES = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
BYTES, ONE, TWO, FOUR, TOP = np.uint64(0x0101010101010101), np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)


@njit("void(int64[::1], int64[::1], float32[::1], int32[::1], float32[::1], float32[::1])")
def raise_scores(
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    worths: NDArray[np.float32],
    docs: NDArray[np.int32],
    weights: NDArray[np.float32],
    scores: NDArray[np.float32],
) -> None:
    """Raise each entry's score to the best of some terms: who has them, and how weightily, stands from each term's
    start to its end."""
    for term in range(len(starts)):
        for at in range(starts[term], ends[term]):
            score = weights[at] * worths[term]
            if score > scores[docs[at]]:
                scores[docs[at]] = score


@njit("void(uint64[:, ::1], uint64[::1], int64[::1])")
def count_common(rows: NDArray[np.uint64], fitting: NDArray[np.uint64], counts: NDArray[np.int64]) -> None:
    """How many bits each row has in common with `fitting` (Warren, Hacker's Delight, 5-1)."""
    for row in range(len(rows)):
        number = np.uint64(0)
        for at in range(len(fitting)):
            bits = rows[row, at] & fitting[at]
            bits -= (bits >> ONE) & EVEN
            bits = (bits & PAIRS) + ((bits >> TWO) & PAIRS)
            number += (((bits + (bits >> FOUR)) & NIBBLES) * BYTES) >> TOP
        counts[row] = number


@njit("void(uint16[::1], int64[::1], int64[::1], int64[::1])")
def count_had(
    had: NDArray[np.uint16], starts: NDArray[np.int64], docs: NDArray[np.int64], counts: NDArray[np.int64]
) -> None:
    """How many of these entries have each value: what an entry has stands from its start to the next one's."""
    for doc in docs:
        for at in range(starts[doc], starts[doc + 1]):
            counts[had[at]] += 1
