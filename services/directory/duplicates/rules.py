"""Rules for telling which entries may be one and the same. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Protocol
from uuid import UUID

from rapidfuzz import fuzz, process

from services.directory.names import numbers, plain

# Of a hundred. Below it, names of different associations begin to meet.
ALIKE = 87
# A block this large is no neighbourhood. Comparing all in it would take minutes; their CVR numbers still tell.
LARGEST_BLOCK = 5_000


class Why(StrEnum):
    """`cvr`: the same number. `name`: the same name, differently written. `similar`: names that look alike."""

    CVR = "cvr"
    NAME = "name"
    SIMILAR = "similar"


@dataclass(frozen=True)
class Named:
    """An organisation, or premises, as far as it matters here; `core` is what its name says without form and place."""

    id: UUID
    name: str
    core: str
    cvr: str | None
    postcode: str | None
    locality: str | None


@dataclass(frozen=True)
class Pair:
    one: UUID
    other: UUID
    score: int
    why: Why


def alike(known: Sequence[Named]) -> list[Pair]:
    """Every two that may be the same, each two once, surest first.

    Two CVR numbers that differ are two organisations, whatever they are called.
    """
    found: dict[tuple[UUID, UUID], Pair] = {}
    for pair in (*_by_cvr(known), *_by_name(known)):
        ends = (min(pair.one, pair.other), max(pair.one, pair.other))
        found.setdefault(ends, Pair(*ends, pair.score, pair.why))
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.one, pair.other))


def one_street(one: str | None, other: str | None) -> bool:
    """Whether two addresses may be one, as far as they are known; one of them may say which floor."""
    first, second = sorted((plain(one or ""), plain(other or "")))
    return f"{second} ".startswith(f"{first} ") if first else True


def nearest(new: Named, known: Sequence[Named]) -> Pair | None:
    """Which of those that are known the new one is most likely to be, if any."""
    return max(_compared(new, known), key=lambda pair: pair.score, default=None)


class Placed(Protocol):
    @property
    def postcode(self) -> str | None: ...

    @property
    def locality(self) -> str | None: ...


def near(one: Placed, other: Placed) -> bool:
    """Whether they may be at the same place, as far as that is known."""
    if one.postcode and other.postcode:
        return one.postcode == other.postcode
    if one.locality and other.locality:
        return plain(one.locality) == plain(other.locality)
    return True


def _by_cvr(known: Sequence[Named]) -> Iterator[Pair]:
    holders: dict[str, list[Named]] = defaultdict(list)
    for each in known:
        if each.cvr:
            holders[each.cvr].append(each)
    for same in holders.values():
        yield from (Pair(one.id, other.id, 100, Why.CVR) for one, other in combinations(same, 2))


def _by_name(known: Sequence[Named]) -> Iterator[Pair]:
    blocks: dict[str, list[Named]] = defaultdict(list)
    for each in known:
        places = [each.postcode, plain(each.locality or "")]
        for place in filter(None, places) if any(places) else ("",):
            blocks[place].append(each)
    for block in blocks.values():
        if len(block) <= LARGEST_BLOCK:
            for number, each in enumerate(block, start=1):
                yield from _compared(each, block[number:])


def _compared(one: Named, others: Sequence[Named]) -> Iterator[Pair]:
    cores = [other.core for other in others]
    for _, score, place in process.extract(one.core, cores, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None):
        other = others[place]
        if (one.cvr and other.cvr and one.cvr != other.cvr) or numbers(one.core) != numbers(other.core):
            continue
        if near(one, other):
            same = plain(one.name) == plain(other.name)
            yield Pair(one.id, other.id, 100 if same else min(99, round(score)), Why.NAME if same else Why.SIMILAR)
