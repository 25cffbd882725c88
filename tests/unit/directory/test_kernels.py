"""The compiled loops say what NumPy says, of any entries."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.directory.search.kernels import count_common, count_had, raise_scores

SEEDS = st.integers(0, 2**32 - 1).map(np.random.default_rng)
ENTRIES = 100


@given(draw=SEEDS, terms=st.integers(0, 9))
def test_an_entry_scores_by_the_best_of_what_it_says(draw: np.random.Generator, terms: int) -> None:
    sizes = draw.integers(0, 20, terms)
    ends = np.cumsum(sizes)
    docs = draw.integers(0, ENTRIES, int(sizes.sum()), np.int32)
    weights, worths = draw.random(len(docs), np.float32), draw.random(terms, np.float32)
    before = draw.random(ENTRIES, np.float32)
    wanted = before.copy()
    np.maximum.at(wanted, docs, weights * worths.repeat(sizes))
    raise_scores(ends - sizes, ends, worths, docs, weights, before)
    assert before.tolist() == wanted.tolist()


@given(draw=SEEDS, rows=st.integers(0, 9), words=st.integers(0, 9))
def test_bits_in_common_are_counted(draw: np.random.Generator, rows: int, words: int) -> None:
    held = draw.integers(0, 2**64, (rows, words), np.uint64)
    fitting, counts = draw.integers(0, 2**64, words, np.uint64), np.empty(rows, np.int64)
    count_common(held, fitting, counts)
    assert counts.tolist() == np.bitwise_count(held & fitting).sum(axis=1).tolist()


@given(draw=SEEDS, values=st.integers(1, 9))
def test_what_entries_have_is_counted(draw: np.random.Generator, values: int) -> None:
    sizes = draw.integers(0, 5, ENTRIES)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    had, docs = draw.integers(0, values, int(sizes.sum()), np.uint16), np.flatnonzero(draw.random(ENTRIES) < 0.3)
    counts = np.zeros(values, np.int64)
    count_had(had, starts, docs, counts)
    assert counts.tolist() == [
        sum((had[starts[doc] : starts[doc + 1]] == value).sum() for doc in docs) for value in range(values)
    ]
