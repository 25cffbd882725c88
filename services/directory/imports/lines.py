"""A line of a file: what it says of an organisation, its activity and its premises, or what is wrong with it. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import ValidationError

from services.directory.activities.rules import coming_days
from services.directory.activities.schemas import NewActivity
from services.directory.imports.cells import sector_of, value_of
from services.directory.imports.headings import FIELDS, NEEDED
from services.directory.names import plain
from services.directory.organisations.rules import lives
from services.directory.organisations.schemas import NewOrganisation
from services.directory.premises.schemas import NewPremises
from services.directory.rules import State
from shared.errors import Invalid, Text, Wrong
from shared.events.kinds import OrganisationKind
from shared.validation import Body, field_error

New = TypeVar("New", bound=Body)
NOBODY = UUID(int=0)
_FIRST = re.compile(r"[.\[]")
# "5000 Odense C" in one cell.
_TOWN = re.compile(r"(?:DK-?)?(\d{4})[\s,]+(\S.*)")


@dataclass(frozen=True)
class Mistake:
    field: str
    message: Text


@dataclass(frozen=True)
class Said(Generic[New]):
    """What a line says of one thing: all of it as a new one, and which fields it really names."""

    new: New
    named: frozenset[str]
    source_id: str | None

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.new.model_dump().items() if name in self.named}


@dataclass(frozen=True)
class Line:
    number: int
    label: str
    organisation: Said[NewOrganisation] | None = None
    activity: Said[NewActivity] | None = None
    premises: Said[NewPremises] | None = None
    mistakes: list[Mistake] = field(default_factory=list)

    def key(self, source: str) -> str:
        """How this source calls the organisation: by its own id, else by its CVR number, else by name and postcode."""
        assert self.organisation is not None  # noqa: S101 asked only of lines without mistakes
        said = self.organisation
        if said.source_id:
            return f"organisation:{source}:id:{said.source_id}"
        if said.new.cvr:
            return f"organisation:{source}:cvr:{said.new.cvr}"
        return f"organisation:{source}:name:{plain(said.new.name)}:{said.new.postcode or ''}"

    @property
    def own_id(self) -> UUID | None:
        """The directory's own id, where the file is an export of it."""
        try:
            return UUID(self.organisation.source_id) if self.organisation and self.organisation.source_id else None
        except ValueError:
            return None

    def keys(self, source: str) -> list[str]:
        activity = [self.activity_key(source)] if self.activity else []
        return [self.key(source), *activity, *([self.premises_key(source)] if self.premises else [])]

    def activity_key(self, source: str) -> str:
        assert self.activity is not None  # noqa: S101
        own = self.activity.source_id
        return f"activity:{source}:id:{own}" if own else f"activity:{self.key(source)}:{plain(self.activity.new.title)}"

    def premises_key(self, source: str) -> str:
        assert self.premises is not None  # noqa: S101
        own = self.premises.source_id
        return f"premises:{source}:id:{own}" if own else f"premises:{self.key(source)}:{plain(self.premises.new.name)}"


def understand(number: int, cells: Sequence[str], mapping: Sequence[str | None], today: date) -> Line:
    said, mistakes = _read(cells, mapping)
    organisation = said["organisation"]
    label = " · ".join(filter(None, (cells_of(cells, mapping, each)[:120] for each in NEEDED.values())))
    named = {noun: frozenset(values) for noun, values in said.items()}
    organisation.setdefault("kind", OrganisationKind.ASSOCIATION.value)
    organisation.setdefault("sector", sector_of(str(organisation["kind"])))
    line = Line(
        number,
        label,
        _checked("organisation", NewOrganisation, organisation, named["organisation"], mistakes),
        _checked("activity", NewActivity, said["activity"] | {"organisation_id": NOBODY}, named["activity"], mistakes)
        if said["activity"].get("title")
        else None,
        _checked("premises", NewPremises, said["premises"], named["premises"], mistakes)
        if said["premises"].get("name")
        else None,
        mistakes,
    )
    if not mistakes:
        mistakes.extend(_against_rules(line, today))
    return line


def _against_rules(line: Line, today: date) -> Iterator[Mistake]:
    """What the use cases would refuse, told before they are asked."""
    try:
        if line.organisation:
            lives(line.organisation.new.kind, line.organisation.new.life)
        if line.activity:
            coming_days(today, State.DRAFT, line.activity.new.publish_on, line.activity.new.expires_on)
    except Invalid as problem:
        for each in problem.errors:
            noun = "activity" if f"activity.{each.field}" in FIELDS else "organisation"
            yield Mistake(f"{noun}.{each.field}", each.message)


def cells_of(cells: Sequence[str], mapping: Sequence[str | None], field: str) -> str:
    return next((cell for cell, into in zip(cells, mapping, strict=True) if into == field), "")


def _read(cells: Sequence[str], mapping: Sequence[str | None]) -> tuple[dict[str, dict[str, Any]], list[Mistake]]:
    """Each field that has something in its cell. An empty cell says nothing: it takes nothing away."""
    said: dict[str, dict[str, Any]] = {noun: {} for noun in NEEDED}
    mistakes: list[Mistake] = []
    for cell, into in zip(cells, mapping, strict=True):
        if not cell or into is None:
            continue
        noun, _, name = into.partition(".")
        try:
            said[noun][name] = value_of(name, cell)
        except Wrong as wrong:
            mistakes.append(Mistake(into, wrong.text))
    for values in said.values():
        if town := _TOWN.fullmatch(values.get("postcode", "")):
            values["postcode"] = town[1]
            values.setdefault("locality", town[2])
    return said, mistakes


def _checked(
    noun: str, kind: type[New], values: Mapping[str, Any], named: frozenset[str], mistakes: list[Mistake]
) -> Said[New] | None:
    source_id = values.get("source_id")
    try:
        new = kind.model_validate({name: value for name, value in values.items() if name != "source_id"})
    except ValidationError as error:
        told = {each.field for each in mistakes}
        for each in map(field_error, error.errors()):
            name = f"{noun}.{_FIRST.split(each.field)[0]}"
            if name not in told:
                mistakes.append(Mistake(name, each.message))
        return None
    return Said(new, named - {"source_id"}, str(source_id) if source_id else None)
