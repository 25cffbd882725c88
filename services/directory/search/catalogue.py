"""What one centre shows, held so that finding it takes a millisecond. Nothing in it belongs to another centre."""

import asyncio
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

import numpy as np

from services.directory.search.entries import Described, Entry, entry, facets_of
from services.directory.search.facets import FACETS, Facets
from services.directory.search.kernels import listed
from services.directory.search.meaning import NO_SYNONYMS, Synonyms
from services.directory.search.remembered import Remembered
from services.directory.search.segment import Bits, Segment
from services.directory.search.vocabulary import Vocabulary

# Changes are gathered in a small segment, which is cheap to make anew, until it is worth making the large one anew.
SMALL, LARGE = 200, 10_000
REMEMBERED = 1_000

T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """A segment, which of its entries still hold, and which have each facet's most frequent values."""

    segment: Segment
    alive: Bits
    facets: Facets

    def without(self, docs: Sequence[int]) -> "Part":
        return replace(self, alive=self.alive & ~self.segment.bits_of(np.array(docs)))

    def shown_on(self, day: date) -> Bits:
        return np.asarray(self.alive & self.segment.unexpired(day))

    def entries(self) -> list[Entry]:
        return [self.segment.entries[doc] for doc in listed(self.alive).tolist()]


class Catalogue:
    """Changed by one task at a time (the follower), read by every request: `parts` is exchanged as a whole."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.synonyms: Synonyms = NO_SYNONYMS
        self.points: dict[str, tuple[float, float]] = {}
        self.parts: tuple[Part, ...] = ()
        self.organisations: dict[object, int] = {}
        self.spelled: dict[str, str] = {}
        self._answers = Remembered[Any](REMEMBERED)
        self._facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        self._where: list[dict[UUID, int]] = []

    def __len__(self) -> int:
        return sum(map(len, self._where))

    def answered(self, asked: Hashable, answer: Callable[[], T]) -> T:
        """What was answered before, until something changes: whoever types "kor" begins with "k" and "ko", too."""
        return cast(T, self._answers.get(asked, answer))

    def fill(self, described: Iterable[Described]) -> None:
        """Everything at once, when a process starts."""
        self.vocabulary.begin()
        entries = [self._entered(each) for each in described]
        self.vocabulary.settle()
        if entries:
            counts = np.bincount(np.concatenate([each.terms for each in entries]), minlength=len(self.vocabulary.used))
            self.vocabulary.used = counts.tolist()
        self._show([self._part(entries)], [_places(entries)])

    async def take(self, described: Sequence[Described], gone: Collection[UUID]) -> None:
        """These entries are as described from now on, and those are shown no more."""
        new = [self._entered(each) for each in described]
        kept = list(self.parts)
        removed: dict[int, list[int]] = {}
        for id in {*gone, *(each.id for each in described)}:
            for at, where in enumerate(self._where):
                if (doc := where.pop(id, None)) is not None:
                    removed.setdefault(at, []).append(doc)
                    self.vocabulary.use(kept[at].segment.entries[doc].terms.tolist(), -1)
        for at, docs in removed.items():
            kept[at] = kept[at].without(docs)
        for each in new:
            self.vocabulary.use(each.terms.tolist(), 1)
        recent = [*(kept[1].entries() if len(kept) > 1 else []), *new]
        if kept and len(recent) <= max(SMALL, len(kept[0].segment) // 20):
            self._show([kept[0], self._part(recent)], [self._where[0], _places(recent)])
            return
        entries = [*(kept[0].entries() if kept else []), *recent]
        made = await asyncio.to_thread(self._part, entries) if len(entries) > LARGE else self._part(entries)
        self._show([made], [_places(entries)])

    def _entered(self, described: Described) -> Entry:
        self.organisations.setdefault(described.organisation_id, len(self.organisations))
        for facet in facets_of(described):
            if facet.name in self._facets:
                self._facets[facet.name].setdefault(facet.value, self.vocabulary.number(facet.term))
        if described.locality:
            self.spelled.setdefault(described.locality.lower(), described.locality)
        return entry(described, self.vocabulary)

    def _show(self, parts: Sequence[Part], where: Sequence[dict[UUID, int]]) -> None:
        self.vocabulary.changed()
        self._answers.forget()
        self.parts, self._where = tuple(parts), list(where)

    def _part(self, entries: Sequence[Entry]) -> Part:
        segment = Segment.of(entries, self.organisations)
        return Part(segment, segment.everything, Facets.of(segment, self._facets, self.spelled))


def _places(entries: Sequence[Entry]) -> dict[UUID, int]:
    return {each.id: doc for doc, each in enumerate(entries)}
