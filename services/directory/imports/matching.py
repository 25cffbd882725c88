"""Whom a line is about: somebody who stands here already, somebody who may, or somebody new. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.directory.duplicates.rules import Named, Pair, nearest
from services.directory.imports.lines import NOBODY, Line
from services.directory.names import core, plain


@dataclass(frozen=True)
class Known:
    """An organisation of the directory as far as it matters here, closed and merged ones too."""

    id: UUID
    name: str
    cvr: str | None
    postcode: str | None
    locality: str | None
    source: str | None
    source_id: str | None
    closed_on: date | None
    replaced_by: UUID | None


class Register:
    """Finds who is meant, by what the source calls it, by CVR number, by name and postcode; and learns as lines add."""

    def __init__(self, source: str, known: Iterable[Known], identities: Mapping[str, UUID]) -> None:
        self._source, self._identities = source, dict(identities)
        self.by_id: dict[UUID, Known] = {}
        self._by_cvr: dict[str, UUID] = {}
        self._by_name: dict[tuple[str, str], list[UUID]] = {}
        for each in known:
            self._add(each)

    def direct(self, line: Line) -> UUID | None:
        """The entry that the source means, even if it went into another one since."""
        if known := self._identities.get(line.key(self._source)):
            return known
        return line.own_id if line.own_id in self.by_id else self._by_what_it_says(line)

    def find(self, line: Line) -> UUID | None:
        """The entry that stands for it now, if it is here."""
        found = self.direct(line)
        while found and (entry := self.by_id.get(found)) and entry.replaced_by:
            found = entry.replaced_by
        return found

    def was_merged(self, line: Line) -> bool:
        """Whether what the source means went into another entry, which is not for this line to describe."""
        return self.direct(line) != self.find(line)

    def learn(self, line: Line, id: UUID, *, new: bool) -> None:
        assert line.organisation is not None  # noqa: S101
        # Once said, it stays: a merge that is undone finds every line where it was.
        self._identities.setdefault(line.key(self._source), id)
        if new:
            said = line.organisation
            self._add(
                Known(
                    id,
                    said.new.name,
                    said.new.cvr,
                    said.new.postcode,
                    said.new.locality,
                    self._source,
                    said.source_id,
                    None,
                    None,
                )
            )

    def _add(self, each: Known) -> None:
        self.by_id[each.id] = each
        if each.cvr and each.closed_on is None:
            self._by_cvr[each.cvr] = each.id
        if each.closed_on is None or each.replaced_by:
            self._by_name.setdefault((plain(each.name), each.postcode or ""), []).append(each.id)

    def _by_what_it_says(self, line: Line) -> UUID | None:
        assert line.organisation is not None  # noqa: S101
        said = line.organisation
        if said.new.cvr and (found := self._by_cvr.get(said.new.cvr)):
            return found
        for id in self._by_name.get((plain(said.new.name), said.new.postcode or ""), []):
            entry = self.by_id[id]
            other_number = said.new.cvr and entry.cvr and said.new.cvr != entry.cvr
            other_id = said.source_id and entry.source == self._source and entry.source_id not in (None, said.source_id)
            if not other_number and not other_id:
                return id
        return None


class Lookout:
    """Who in the directory a new line may be, written differently."""

    def __init__(self, known: Iterable[Known], places: frozenset[str]) -> None:
        self._places = places
        # Compared is who may be at the same place: ten thousand lines with ten thousand entries would take minutes.
        self._at: dict[str, list[Named]] = defaultdict(list)
        self._open: list[Named] = []
        for each in known:
            if each.closed_on is None:
                named = Named(each.id, each.name, core(each.name, places), each.cvr, each.postcode, each.locality)
                self._open.append(named)
                self._at[each.postcode or ""].append(named)

    def seen(self, line: Line) -> Pair | None:
        assert line.organisation is not None  # noqa: S101
        new = line.organisation.new
        named = Named(NOBODY, new.name, core(new.name, self._places), new.cvr, new.postcode, new.locality)
        return nearest(named, [*self._at[new.postcode], *self._at[""]] if new.postcode else self._open)
