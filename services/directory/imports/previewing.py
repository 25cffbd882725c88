"""What a file will do, line by line, before anything is done. Pure: it plays the adoption through in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from services.directory.imports.lines import Line, Said
from services.directory.imports.matching import Lookout, Register
from services.directory.imports.rules import Outcome
from services.directory.names import plain
from services.directory.rules import State
from shared.errors import Text

Values = Mapping[str, Any]
CLOSED = Text("organisationen er lukket i vejviseren", "the organisation is closed in the directory")
MERGED = Text("er slået sammen med en anden, som står uændret", "was merged with another one, which stays as it is")
NAMELESS = Text("skal udfyldes", "is required")


@dataclass(frozen=True)
class Finding:
    """What is wrong with a field, or what it changes from and to."""

    field: str
    message: Text | None = None
    before: Any = None
    after: Any = None

    def document(self) -> dict[str, Any]:
        told = {"field": self.field, "before": self.before, "after": self.after}
        return told | ({"da": self.message.da, "en": self.message.en} if self.message else {})


@dataclass(frozen=True)
class Shown:
    line: Line
    outcome: Outcome
    findings: Sequence[Finding] = ()
    organisation_id: UUID | None = None
    same_as: UUID | None = None
    score: int | None = None


@dataclass
class Standing:
    """What stands in the directory already, by id; lines that will be added join it."""

    organisations: dict[UUID, Values]
    activities: dict[UUID, Values]
    premises: dict[UUID, Values]
    identities: dict[str, UUID] = field(default_factory=dict)
    _titles: dict[tuple[UUID, str], UUID] = field(default_factory=dict)
    _rooms: dict[tuple[UUID, str], UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._titles = {(v["organisation_id"], plain(v["title"])): id for id, v in _merged_first(self.activities)}
        self._rooms = {(v["organisation_id"], plain(v["name"])): id for id, v in _merged_first(self.premises)}

    def activity(self, key: str, owner: UUID, title: str) -> UUID | None:
        return self.identities.get(key) or self._titles.get((owner, plain(title)))

    def room(self, key: str, owner: UUID, name: str) -> UUID | None:
        return self.identities.get(key) or self._rooms.get((owner, plain(name)))


def _merged_first(stands: Mapping[UUID, Values]) -> list[tuple[UUID, Values]]:
    """Of two of one name, the one that went into another entry gives way."""
    return sorted(stands.items(), key=lambda each: each[1]["replaced_by"] is None)


def differences(noun: str, now: Values, given: Values) -> list[Finding]:
    return [Finding(f"{noun}.{name}", None, now[name], value) for name, value in given.items() if now[name] != value]


def place(lines: Iterable[Line], register: Register, lookout: Lookout) -> Iterator[Shown]:
    """For each line who is meant. A line that will add somebody is known to the lines after it."""
    for line in lines:
        if line.mistakes or line.organisation is None:
            mistakes = [Finding(each.field, each.message) for each in line.mistakes]
            yield Shown(line, Outcome.WRONG, mistakes or [Finding("organisation.name", NAMELESS)])
        elif found := register.find(line):
            entry = register.by_id[found]
            if entry.closed_on:
                yield Shown(line, Outcome.WRONG, [Finding("organisation.name", CLOSED)], found)
                continue
            merged = [Finding("organisation.name", MERGED)] if register.was_merged(line) else []
            register.learn(line, found, new=False)
            yield Shown(line, Outcome.UNCHANGED, merged, found)
        elif pair := lookout.seen(line):
            yield Shown(line, Outcome.POSSIBLE, (), None, pair.other, pair.score)
        else:
            new = uuid4()
            register.learn(line, new, new=True)
            yield Shown(line, Outcome.ADDED, (), new)


def compare(placed: Iterable[Shown], standing: Standing, source: str) -> Iterator[Shown]:
    """What each line adds or changes, of the organisation and of what it shows."""
    for shown in placed:
        owner, line = shown.organisation_id, shown.line
        if owner is None or shown.outcome is Outcome.WRONG or line.organisation is None:
            yield shown
            continue
        added, findings = shown.outcome is Outcome.ADDED, list(shown.findings)
        if added:
            standing.organisations[owner] = line.organisation.new.model_dump()
        elif not findings:
            given = line.organisation.given
            findings += differences("organisation", standing.organisations[owner], given)
            standing.organisations[owner] = {**standing.organisations[owner], **given}
        changed = any(each.message is None for each in findings)
        if line.activity:
            found = standing.activity(line.activity_key(source), owner, line.activity.new.title)
            added |= found is None
            changed |= _told(
                "activity", line.activity, line.activity_key(source), found, standing.activities, standing, findings
            )
        if line.premises:
            found = standing.room(line.premises_key(source), owner, line.premises.new.name)
            added |= found is None
            changed |= _told(
                "premises", line.premises, line.premises_key(source), found, standing.premises, standing, findings
            )
        outcome = Outcome.ADDED if added else Outcome.CHANGED if changed else Outcome.UNCHANGED
        yield Shown(line, outcome, findings, None if shown.outcome is Outcome.ADDED else owner)


def _told(
    noun: str,
    said: Said[Any],
    key: str,
    found: UUID | None,
    stands: dict[UUID, Values],
    standing: Standing,
    findings: list[Finding],
) -> bool:
    """Note what it changes; what is new stands from now on."""
    if found is None:
        found = uuid4()
        stands[found] = said.new.model_dump()
        name = "title" if noun == "activity" else "name"
        findings.append(Finding(f"{noun}.{name}", None, None, stands[found][name]))
        standing.identities[key] = found
        return False
    if stands[found].get("replaced_by") or stands[found].get("state") is State.WITHDRAWN:
        return False  # It went into another entry, or was withdrawn: that is not for a line to undo.
    more = differences(noun, stands[found], said.given)
    findings += more
    stands[found] = {**stands[found], **said.given}
    standing.identities[key] = found
    return bool(more)
