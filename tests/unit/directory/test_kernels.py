"""The compiled loops say what NumPy says, of any entries."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.directory.search.kernels import (
    EQUALLY_GOOD,
    WORST_BAND,
    choose,
    count_common,
    count_had,
    note_said,
    raise_scores,
    weigh,
)

SEEDS = st.integers(0, 2**32 - 1).map(np.random.default_rng)
# No multiple of 64: the last word of bits is not full.
ENTRIES = 100


def bits(chosen: NDArray[np.bool_]) -> NDArray[np.uint64]:
    packed = np.zeros(-(-len(chosen) // 64) * 8, np.uint8)
    packed[: -(-len(chosen) // 8)] = np.packbits(chosen, bitorder="little")
    return packed.view(np.uint64)


def some(draw: np.random.Generator, share: float = 0.5) -> NDArray[np.bool_]:
    return np.asarray(draw.random(ENTRIES) < share)


def postings(draw: np.random.Generator, terms: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Of each term from where to where its entries stand, with a last one that nobody has; and those entries."""
    sizes = draw.integers(0, 20, terms)
    starts = np.concatenate(([0], np.cumsum(sizes), [sizes.sum()])).astype(np.int64)
    return starts, draw.integers(0, ENTRIES, int(sizes.sum()), np.int32)


@given(draw=SEEDS, terms=st.integers(1, 9))
def test_who_says_it_is_noted_and_a_new_term_is_said_by_nobody(draw: np.random.Generator, terms: int) -> None:
    starts, docs = postings(draw, terms)
    asked = draw.integers(0, terms, 3, np.int32)
    said = bits(np.zeros(ENTRIES, np.bool_))
    note_said(np.append(asked, np.int32(terms + 5)), starts, docs, said)
    wanted = np.zeros(ENTRIES, np.bool_)
    for term in asked:
        wanted[docs[starts[term] : starts[term + 1]]] = True
    assert said.tolist() == bits(wanted).tolist()


@given(draw=SEEDS, terms=st.integers(1, 9))
def test_an_entry_that_fits_scores_by_the_best_of_what_it_says(draw: np.random.Generator, terms: int) -> None:
    starts, docs = postings(draw, terms)
    weights, worths = draw.random(len(docs), np.float32), draw.random(terms, np.float32)
    fits = some(draw)
    fitting = bits(fits)
    scores = np.zeros(int(fits.sum()), np.float32)
    before = np.cumsum(np.bitwise_count(fitting), dtype=np.int64)
    raise_scores(np.arange(terms, dtype=np.int32), worths, starts, docs, weights, fitting, before, scores)
    wanted = np.zeros(ENTRIES, np.float32)
    np.maximum.at(wanted, docs, weights * worths.repeat(np.diff(starts)[:terms]))
    assert scores.tolist() == wanted[fits].tolist()


@given(draw=SEEDS, things=st.integers(0, 3))
def test_what_fits_is_listed_and_weighed(draw: np.random.Generator, things: int) -> None:
    fits = some(draw)
    number = int(fits.sum())
    scores, telling = draw.random((things, number), np.float32), draw.random(things, np.float32)
    docs, weights = np.empty(number, np.int64), np.empty(number, np.float32)
    weigh(bits(fits), scores, telling, docs, weights)
    assert docs.tolist() == np.flatnonzero(fits).tolist()
    assert np.allclose(weights, (scores * telling[:, None]).sum(axis=0))


@given(draw=SEEDS, room=st.integers(1, 40), turned=st.booleans())
def test_those_stand_first_that_score_best_and_draw_the_smallest_lots(
    draw: np.random.Generator, room: int, *, turned: bool
) -> None:
    docs = np.flatnonzero(some(draw))
    scores = draw.random(len(docs), np.float32) ** 3
    besides = np.where(some(draw, 0.1)[: len(docs)], 100_000.0, 0.0)
    waits, organisations = -np.log1p(-draw.random(ENTRIES)), draw.integers(0, 5, ENTRIES, np.int32)
    found_each = np.bincount(organisations[docs], minlength=5)
    best = float(scores.max(initial=0.1))
    behind = np.floor(np.log(best / np.maximum(scores.astype(np.float64), 1e-9)) / math.log(EQUALLY_GOOD))
    waiting = waits[docs] * np.exp2(np.floor(np.log2(found_each[organisations[docs]])))
    wanted = np.clip(behind, 0, WORST_BAND) + besides + waiting / (1 + waiting)
    after = float(np.median(wanted)) if turned and len(wanted) else -1.0
    keys, chosen = np.empty(room), np.empty(room, np.int64)
    number = choose(docs, scores, best, besides, waits, organisations, found_each, after, keys, chosen)
    order = [at for at in np.argsort(wanted, kind="stable") if wanted[at] > after][:room]
    assert chosen[:number].tolist() == docs[order].tolist()
    assert np.allclose(keys[:number], wanted[order])


@given(draw=SEEDS, rows=st.integers(0, 9), words=st.integers(0, 9))
def test_bits_in_common_are_counted(draw: np.random.Generator, rows: int, words: int) -> None:
    held = draw.integers(0, 2**64, (rows, words), np.uint64)
    fitting, counts = draw.integers(0, 2**64, words, np.uint64), np.empty(rows, np.int64)
    count_common(held, fitting, counts)
    assert counts.tolist() == np.bitwise_count(held & fitting).sum(axis=1).tolist()


@given(draw=SEEDS, values=st.integers(1, 9))
def test_what_entries_have_is_counted(draw: np.random.Generator, values: int) -> None:
    sizes, fits = draw.integers(0, 5, ENTRIES), some(draw, 0.3)
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    had = draw.integers(0, values, int(sizes.sum()), np.uint16)
    counts = np.zeros(values, np.int64)
    count_had(had, starts, np.flatnonzero(fits), counts)
    assert counts.tolist() == [
        sum((had[starts[doc] : starts[doc + 1]] == value).sum() for doc in np.flatnonzero(fits))
        for value in range(values)
    ]
