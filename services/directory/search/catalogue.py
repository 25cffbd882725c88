"""What one centre shows, held so that finding it takes a millisecond. Nothing in it belongs to another centre."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from services.directory.search.entries import Described, Entry, entry, facets_of
from services.directory.search.meaning import NO_SYNONYMS, Synonyms
from services.directory.search.segment import Bits, Segment
from services.directory.search.vocabulary import Vocabulary

FACETS = ("theme", "target_group", "locality", "weekday", "language", "form", "price", "access")
# What a facet shows and counts; a search can be narrowed by any value all the same.
MOST_VALUES = 40
# Changes are gathered in a small segment, which is cheap to make anew, until it is worth making the large one anew.
SMALL = 500


@dataclass(frozen=True)
class Part:
    """A segment, which of its entries still hold, and which have each facet's most frequent values."""

    segment: Segment
    alive: Bits
    values: Mapping[str, tuple[Sequence[str], Any]]

    def without(self, docs: Sequence[int]) -> "Part":
        return replace(self, alive=self.alive & ~self.segment.bits(self.segment.mask(np.array(docs, np.int32))))

    def entries(self) -> list[Entry]:
        return [self.segment.entries[doc] for doc in self.segment.unpacked(self.alive)]


class Catalogue:
    """Changed by one task at a time (the follower), read by every request: `parts` is exchanged as a whole."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.synonyms: Synonyms = NO_SYNONYMS
        self.points: dict[str, tuple[float, float]] = {}
        self.parts: tuple[Part, ...] = ()
        self.organisations: dict[object, int] = {}
        self.spelled: dict[str, str] = {}
        self._facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        self._where: dict[UUID, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self._where)

    def fill(self, described: Iterable[Described]) -> None:
        """Everything at once, when a process starts."""
        self.vocabulary.begin()
        entries = [self._entered(each) for each in described]
        self.vocabulary.settle()
        self._show([entries])

    def take(self, described: Sequence[Described], gone: Collection[UUID]) -> None:
        """These entries are as described from now on, and those are shown no more."""
        new = [self._entered(each) for each in described]
        removed: dict[int, list[int]] = {}
        for id in {*gone, *(each.id for each in described)}:
            if found := self._where.get(id):
                part, doc = found
                removed.setdefault(part, []).append(doc)
                self._use(self.parts[part].segment.entries[doc], -1)
        kept = [part.without(removed[at]) if at in removed else part for at, part in enumerate(self.parts)]
        recent = [*(kept[1].entries() if len(kept) > 1 else []), *new]
        if not kept or len(recent) > max(SMALL, len(kept[0].segment) // 8):
            self._show([[*(kept[0].entries() if kept else []), *recent]], new)
        else:
            self._show([kept[0], recent], new)

    def _entered(self, described: Described) -> Entry:
        self.organisations.setdefault(described.organisation_id, len(self.organisations))
        for facet in facets_of(described):
            if facet.name in self._facets:
                self._facets[facet.name].setdefault(facet.value, self.vocabulary.number(facet.term))
        if described.locality:
            self.spelled.setdefault(described.locality.lower(), described.locality)
        return entry(described, self.vocabulary)

    def _show(self, parts: Sequence[Part | Sequence[Entry]], new: Sequence[Entry] | None = None) -> None:
        made = tuple(part if isinstance(part, Part) else self._part(part) for part in parts if part)
        where = {
            part.segment.entries[doc].id: (at, int(doc))
            for at, part in enumerate(made)
            for doc in part.segment.unpacked(part.alive)
        }
        for each in new if new is not None else (each for part in made for each in part.segment.entries):
            self._use(each, 1)
        self.vocabulary.changed()
        self.parts, self._where = made, where

    def _use(self, entry: Entry, step: int) -> None:
        for number in entry.terms.tolist():
            self.vocabulary.used[number] += step

    def _part(self, entries: Sequence[Entry]) -> Part:
        segment = Segment.of(entries, self.organisations)
        values = {}
        for name, numbers in self._facets.items():
            most = sorted(numbers, key=lambda value: -len(segment.having([numbers[value]])))[:MOST_VALUES]
            rows = [segment.bits_of([numbers[value]]) for value in most]
            values[name] = (most, np.array(rows, np.uint64).reshape(len(most), -1))
        return Part(segment, segment.everything, values)
