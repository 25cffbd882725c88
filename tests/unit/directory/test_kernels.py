"""The compiled loops say what NumPy says, of any entries."""

import math
from dataclasses import replace
from itertools import pairwise
from uuid import uuid4

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.directory.search.entries import Described, entry
from services.directory.search.kernels import (
    EQUALLY_GOOD,
    SUNK_BAND,
    WORST_BAND,
    add_scores,
    choose,
    count_common,
    count_each,
    count_had,
    listed,
    measure,
    most_first,
    raise_scores,
    taken,
)
from services.directory.search.segment import Segment
from services.directory.search.vocabulary import Vocabulary

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


def placed(points: NDArray[np.float32]) -> Segment:
    """Entries that say nothing and lie there."""
    nothing = Described(
        id=uuid4(), organisation_id=uuid4(), organisation="", title="", description="", themes=[], target_groups=[],
        languages=[], locality=None, form="physical", price=None, accessibility=[], schedules=[], translations={},
        companion_welcome=False, point=None, expires_on=None, sunk=False, answer=b"{}",
    )  # fmt: skip
    each = entry(nothing, Vocabulary())
    return replace(Segment.of([each] * ENTRIES, {each.organisation_id: 0}), points=points)


@given(draw=SEEDS, share=st.floats(0, 1))
def test_what_has_its_bit_set_is_listed(draw: np.random.Generator, share: float) -> None:
    chosen = some(draw, share)
    assert listed(bits(chosen)).tolist() == np.flatnonzero(chosen).tolist()


@given(draw=SEEDS, terms=st.integers(1, 9))
def test_an_entry_scores_by_the_best_of_what_it_says_and_nothing_is_left_behind(
    draw: np.random.Generator, terms: int
) -> None:
    starts, docs = postings(draw, terms)
    weights, worths = draw.random(len(docs), np.float32) + 0.1, draw.random(terms + 1, np.float32) + 0.1
    best, who = np.zeros(ENTRIES, np.float32), bits(np.zeros(ENTRIES, np.bool_))
    # The last one is new to the segment.
    asked = np.append(np.arange(terms, dtype=np.int32), np.int32(terms + 5))
    raise_scores(asked, worths, starts, docs, weights, best, who)
    wanted = np.zeros(ENTRIES, np.float32)
    np.maximum.at(wanted, docs, weights * worths[:-1].repeat(np.diff(starts)[:terms]))
    assert best.tolist() == wanted.tolist()
    assert who.tolist() == bits(wanted > 0).tolist()

    before = np.empty(len(who), np.int32)
    assert taken(best, who, before).tolist() == wanted[wanted > 0].tolist()
    assert before.tolist() == np.cumsum(np.bitwise_count(who)).tolist()
    assert not best.any()


@given(draw=SEEDS, telling=st.floats(0, 9))
def test_what_entries_score_for_a_thing_is_added_to_what_they_weigh(draw: np.random.Generator, telling: float) -> None:
    fits, says = some(draw), some(draw)
    docs = np.flatnonzero(fits).astype(np.int32)
    scores, weights = draw.random(int(says.sum()), np.float32), draw.random(len(docs), np.float32)
    wanted = np.zeros(ENTRIES, np.float32)
    wanted[says] = scores * np.float32(telling)
    wanted[fits] += weights
    add_scores(docs, bits(says), np.cumsum(np.bitwise_count(bits(says)), dtype=np.int32), scores, telling, weights)
    assert weights.tolist() == wanted[fits].tolist()


@given(draw=SEEDS)
def test_how_far_away_it_is_is_measured_where_somebody_knows_the_place(draw: np.random.Generator) -> None:
    points = (draw.random((2, ENTRIES)) / 4 + [[55.3], [10.3]]).astype(np.float32)
    points[:, some(draw, 0.2)] = np.nan
    north, east, width = 55.4, 10.4, 63.1
    wanted = np.hypot((points[0] - np.float32(north)) * 111.2, (points[1] - np.float32(east)) * width)
    docs = np.flatnonzero(some(draw)).astype(np.int32)
    away = np.empty(len(docs), np.float32)
    measure(points, docs, north, east, width, away)
    assert np.allclose(away, wanted[docs], rtol=1e-4, atol=1e-4, equal_nan=True)


@given(draw=SEEDS, radius=st.floats(0, 30))
def test_what_is_near_is_told_and_what_lies_nowhere_is_not(draw: np.random.Generator, radius: float) -> None:
    points = (draw.random((2, ENTRIES)) / 4 + [[55.3], [10.3]]).astype(np.float32)
    points[:, some(draw, 0.2)] = np.nan
    north, east = 55.4, 10.4
    width = 111.2 * math.cos(math.radians(north))
    wanted = np.hypot((points[0] - np.float32(north)) * 111.2, (points[1] - np.float32(east)) * width)
    near = placed(points).within((north, east), radius)
    surely = np.isnan(wanted) | (np.abs(wanted - radius) > 1e-2)
    assert np.unpackbits(near.view(np.uint8), count=ENTRIES, bitorder="little")[surely].astype(bool).tolist() == (
        (wanted[surely] <= radius).tolist()
    )


@given(draw=SEEDS)
def test_each_is_counted_by_its_kind(draw: np.random.Generator) -> None:
    kinds, fits = draw.integers(0, 7, ENTRIES, np.int32), some(draw)
    counts = np.zeros(7, np.int64)
    count_each(np.flatnonzero(fits).astype(np.int32), kinds, counts)
    assert counts.tolist() == np.bincount(kinds[fits], minlength=7).tolist()


@given(draw=SEEDS, room=st.integers(1, 40), turned=st.booleans())
def test_those_stand_first_that_score_best_and_draw_the_smallest_lots(
    draw: np.random.Generator, room: int, *, turned: bool
) -> None:
    docs = np.flatnonzero(some(draw)).astype(np.int32)
    scores = draw.random(len(docs), np.float32) ** 3
    sunk, rings = some(draw, 0.1), draw.integers(0, 3, len(docs)).astype(np.float32)
    waits, organisations = -np.log1p(-draw.random(ENTRIES)), draw.integers(0, 5, ENTRIES, np.int32)
    found_each = np.bincount(organisations[docs], minlength=5)
    best = float(scores.max(initial=0.1))
    behind = np.floor(np.log(best / np.maximum(scores.astype(np.float64), 1e-9)) / math.log(EQUALLY_GOOD))
    waiting = waits[docs] * np.exp2(np.floor(np.log2(found_each[organisations[docs]])))
    wanted = np.clip(behind, 0, WORST_BAND) + rings + sunk[docs] * SUNK_BAND + waiting / (1 + waiting)
    after = float(np.median(wanted)) if turned and len(wanted) else -1.0
    keys, chosen = np.empty(room), np.empty(room, np.int64)
    number = choose(docs, scores, rings, sunk, best, waits, organisations, found_each, after, keys, chosen)
    order = [at for at in np.argsort(wanted, kind="stable") if wanted[at] > after][:room]
    assert chosen[:number].tolist() == docs[order].tolist()
    assert np.allclose(keys[:number], wanted[order])


@given(draw=SEEDS, rows=st.integers(0, 9), words=st.integers(0, 9))
def test_bits_in_common_are_counted(draw: np.random.Generator, rows: int, words: int) -> None:
    held = draw.integers(0, 2**64, (rows, words), np.uint64)
    fitting, counts = draw.integers(0, 2**64, words, np.uint64), np.empty(rows, np.int64)
    count_common(held, fitting, counts)
    assert counts.tolist() == np.bitwise_count(held & fitting).sum(axis=1).tolist()


@given(draw=SEEDS, values=st.integers(1, 9), turns=st.integers(1, 5))
def test_what_entries_have_is_counted(draw: np.random.Generator, values: int, turns: int) -> None:
    had, fits = draw.integers(0, values, (ENTRIES, 4), np.uint16), some(draw, 0.3)
    counts = np.zeros((turns, values), np.int64)
    count_had(had, np.flatnonzero(fits).astype(np.int32), counts)
    assert counts[0].tolist() == np.bincount(had[fits].ravel(), minlength=values).tolist()


@given(counts=st.lists(st.integers(0, 5), max_size=30), data=st.data())
def test_the_most_stand_first_in_each_group_and_nothing_that_there_is_none_of(
    counts: list[int], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(counts)), min_size=2, max_size=2)))
    starts = np.array([0, *cuts, len(counts)])
    order, numbers, ends = np.empty(len(counts), np.int64), np.empty(len(counts), np.int64), np.empty(3, np.int64)
    most_first(np.array(counts, np.int64), starts, order, numbers, ends)
    groups = [
        sorted((at for at in range(start, end) if counts[at]), key=lambda at: -counts[at])
        for start, end in pairwise(starts.tolist())
    ]
    wanted = [at for group in groups for at in group]
    assert order[: ends[-1]].tolist() == wanted
    assert numbers[: ends[-1]].tolist() == [counts[at] for at in wanted]
    assert ends.tolist() == np.cumsum([len(group) for group in groups]).tolist()
