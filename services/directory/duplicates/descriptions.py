"""Rules for telling which activities may be one and the same, described twice. Pure.

Not all are compared with all: those of one organisation, those that begin at one place at one time, and those that are
called the same at one place.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice
from typing import Any
from uuid import UUID

import numpy as np
from rapidfuzz import fuzz, process

from services.directory.duplicates.rules import ALIKE, Pair, Why, near
from services.directory.names import core, numbers, plain

# What begins at one place at one time may be called rather differently.
ALIKE_AT_ONE_TIME = 70
# Of a hundred, for each thing in which two descriptions do not meet: whose it is, and when it begins.
APART = 5
# What so many call the same ("Åben rådgivning") says nothing about any two of them.
COMMON = 20
# A larger block is compared within those whose titles begin alike; what is larger even so is no neighbourhood.
LARGE, LARGEST = 500, 2_000
# More than anybody looks through; what is surest is looked for first.
MOST = 10_000


@dataclass(frozen=True)
class Described:
    """An activity as far as it matters here. `times` are days with the hour at which it begins then."""

    id: UUID
    organisation_id: UUID
    title: str
    core: str
    postcode: str | None
    locality: str | None
    days: frozenset[str]
    times: frozenset[str]

    @property
    def places(self) -> set[str]:
        return {place for place in (self.postcode, plain(self.locality or "")) if place} or {""}


def described(
    tenant: str,
    id: UUID,
    organisation_id: UUID,
    title: str,
    postcode: str | None,
    locality: str | None,
    schedules: Sequence[Mapping[str, Any]],
) -> Described:
    days = [(str(each.get("date") or each["weekday"]), each["from"]) for each in schedules]
    places = {tenant, *([plain(locality)] if locality else [])}
    return Described(
        id,
        organisation_id,
        title,
        core(title, places),
        postcode,
        locality,
        frozenset(day for day, _ in days),
        frozenset(f"{day} {begins}" for day, begins in days),
    )


def alike(known: Sequence[Described], of: UUID | None = None) -> list[Pair]:
    """Every two that may be the same (or every one that may be this one), each two once, surest first."""
    found: dict[tuple[UUID, UUID], Pair] = {}
    ways = chain(_of_one_organisation(known), _at_one_time(known), _of_one_title(known))
    asked = (each for each in ways if of is None or of in (each[0].id, each[1].id))
    for one, other, score in islice(asked, MOST):
        ends = (min(one.id, other.id), max(one.id, other.id))
        same = plain(one.title) == plain(other.title)
        meets = (one.organisation_id == other.organisation_id) + bool(one.times & other.times)
        points = (100 if same else min(99, round(score))) - APART * (2 - meets)
        found.setdefault(ends, Pair(*ends, points, Why.NAME if same else Why.SIMILAR))
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.one, pair.other))


Found = Iterator[tuple[Described, Described, float]]


def _of_one_organisation(known: Sequence[Described]) -> Found:
    for block in _blocks(known, lambda each: [each.organisation_id]):
        for one, other, score in _compared(block, ALIKE_AT_ONE_TIME):
            if score >= ALIKE or one.times & other.times:
                yield one, other, score


def _at_one_time(known: Sequence[Described]) -> Found:
    for block in _blocks(known, lambda each: [(place, time) for place in each.places for time in each.times]):
        yield from _compared(block, ALIKE_AT_ONE_TIME)


def _of_one_title(known: Sequence[Described]) -> Found:
    for block in _blocks(known, lambda each: [(place, each.core) for place in each.places]):
        if len(block) <= COMMON:
            for one, other in combinations(block, 2):
                if not _apart(one, other):
                    yield one, other, 100.0


def _blocks(
    known: Iterable[Described], keys: Callable[[Described], Iterable[Hashable]]
) -> Iterator[Sequence[Described]]:
    blocks: dict[Hashable, list[Described]] = defaultdict(list)
    for each in known:
        for key in keys(each):
            blocks[key].append(each)
    return (block for block in blocks.values() if len(block) > 1)


def _compared(block: Sequence[Described], least: float) -> Found:
    if len(block) > LARGE:
        parts: Iterable[Sequence[Described]] = _blocks(block, lambda each: [plain(each.title)[:3]])
    else:
        parts = [block]
    for part in parts:
        if len(part) > LARGEST:
            continue
        cores = [each.core for each in part]
        scores = process.cdist(cores, cores, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8)
        for row, column in np.argwhere(np.triu(scores, 1)):
            one, other = part[row], part[column]
            if not _apart(one, other):
                yield one, other, float(scores[row, column])


def _apart(one: Described, other: Described) -> bool:
    """Whether something says that they are two: a number, a place, or days of which none is the same."""
    never = bool(one.days and other.days) and not one.days & other.days
    return never or numbers(one.core) != numbers(other.core) or not near(one, other)
