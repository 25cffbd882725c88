"""Who stands first among equals: a lot that is drawn anew every day, with the same chance for every association.

A weighted draw without replacement (Efraimidis and Spirakis 2006): lots are between 0 and 1, the smallest stands first,
and an entry of an association of which n were found counts 1/n. So an association with one is as likely to stand first
as one with a hundred, and the hundred are spread over the pages. n is taken as a power of two: one more entry hardly
ever moves the others while somebody turns the pages. `kernels.choose` draws them, since only few need be drawn.
"""

from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

MIXERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
STEP = 0x9E3779B97F4A7C15


def draw_of(id: UUID) -> int:
    return int.from_bytes(id.bytes[8:])


def waits(draws: NDArray[np.uint64], day: date) -> NDArray[np.float64]:
    """How long each entry would wait on this day if its association had no other: the same in every process."""
    mixed = draws ^ np.uint64(day.toordinal() * STEP % 2**64)
    for mixer, shift in zip(MIXERS, SHIFTS, strict=False):
        mixed = (mixed ^ (mixed >> shift)) * mixer
    mixed ^= mixed >> SHIFTS[2]
    return np.asarray(-np.log1p(-(mixed >> np.uint64(11)).astype(np.float64) / 2**53))
