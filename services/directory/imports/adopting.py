"""Adopting a file, some lines a transaction: what is new is written together, changes go through the use cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

import services.directory.activities.usecases as activities
import services.directory.organisations.usecases as organisations
import services.directory.premises.usecases as premises
from services.directory.activities.schemas import ActivityChange, NewActivity
from services.directory.imports import repository
from services.directory.imports.lines import Line, Said, understand
from services.directory.imports.matching import Register
from services.directory.imports.models import Import, ImportLine
from services.directory.imports.previewing import CLOSED, MERGED, NAMELESS, Finding, Standing, differences
from services.directory.imports.rules import Outcome, Progress, Wish
from services.directory.imports.writing import Writing
from services.directory.organisations.models import Organisation
from services.directory.organisations.schemas import OrganisationChange
from services.directory.premises.models import Premises
from services.directory.premises.schemas import PremisesChange
from services.directory.replaced import standing
from services.directory.rules import State
from shared.auth import Principal, Role
from shared.clock import now, today
from shared.errors import Problem

AT_ONCE = 100


@dataclass
class Became:
    outcome: Outcome
    findings: list[Finding]
    organisation_id: UUID | None = None
    activity_id: UUID | None = None
    premises_id: UUID | None = None

    def added(self) -> None:
        self.outcome = Outcome.ADDED

    def changed(self, findings: list[Finding]) -> None:
        self.findings += findings
        if findings and self.outcome is Outcome.UNCHANGED:
            self.outcome = Outcome.CHANGED


async def adopt_some(session: AsyncSession, made: Import) -> bool:
    """The next lines of a file that is locked; whether there were any. What is done is done in this transaction.

    Killed at any moment, the next one begins where the last transaction ended: no line is adopted twice.
    """
    await repository.alone(session, made.tenant)
    stored = await repository.undone_lines(session, made, AT_ONCE)
    if not stored:
        made.state, made.adopted_at = Progress.ADOPTED, now()
        made.version += 1
        return False
    told = {each.number: understand(each.number, each.cells, made.mapping, today()) for each in stored}
    adopting = await _prepared(session, made, list(told.values()), stored)
    for each in stored:
        became = await adopting.line(told[each.number], each)
        each.outcome, each.findings = became.outcome, [finding.document() for finding in became.findings]
        each.organisation_id, each.activity_id = became.organisation_id, became.activity_id
        each.premises_id = became.premises_id
        # What the line said may be about persons, and has done its service.
        each.cells, each.done_at = [], now()
    await adopting.finish()
    made.done += len(stored)
    return True


async def _prepared(
    session: AsyncSession, made: Import, lines: list[Line], stored: Sequence[ImportLine]
) -> "_Adopting":
    """With all that these lines may be about read at once, and locked against closing meanwhile."""
    good = [line for line in lines if line.organisation and not line.mistakes]
    keys = [key for line in good for key in line.keys(made.source)]
    known = await repository.identities(session, made.tenant, keys)
    meant = [line.organisation.new for line in good if line.organisation]
    register = Register(
        made.source,
        await repository.those_meant(
            session,
            made.tenant,
            {
                *known.values(),
                *(each.same_as for each in stored if each.same_as),
                *(line.own_id for line in good if line.own_id),
            },
            {each.cvr for each in meant if each.cvr},
            {each.postcode or "" for each in meant},
        ),
        known,
    )
    found = {id for line in good if (id := register.find(line))} | {each.same_as for each in stored if each.same_as}
    entries = await repository.locked(session, made.tenant, found)
    shown, rooms = await repository.shown_by(session, made.tenant, found, known.values())
    return _Adopting(session, made, register, known, entries, Standing({}, shown, rooms, dict(known)))


class _Adopting:
    def __init__(
        self,
        session: AsyncSession,
        made: Import,
        register: Register,
        known: dict[str, UUID],
        entries: dict[UUID, Organisation],
        standing: Standing,
    ) -> None:
        self._session, self._made, self._register = session, made, register
        self._known, self._entries, self._standing = known, entries, standing
        self._staff = Principal(made.tenant, Role.STAFF, "import")
        self._writing = Writing(session, made)
        self._learnt: dict[str, UUID] = {}

    async def finish(self) -> None:
        await self._writing.write()
        await repository.remember(self._session, self._made.tenant, self._learnt)

    async def line(self, line: Line, stored: ImportLine) -> Became:
        if line.mistakes or line.organisation is None:
            wrong = [Finding(each.field, each.message) for each in line.mistakes]
            return Became(Outcome.WRONG, wrong or [Finding("organisation.name", NAMELESS)])
        found = self._register.find(line)
        if stored.decision is Wish.SKIP and (found is None or stored.outcome is not Outcome.POSSIBLE):
            return Became(Outcome.SKIPPED, [])
        if stored.decision is Wish.SAME and found is None:
            found = stored.same_as
        if found and self._entries[found].closed_on:
            return Became(Outcome.WRONG, [Finding("organisation.name", CLOSED)])
        became = Became(Outcome.UNCHANGED, [])
        try:
            owner = await self._organisation(line, found, became)
            room = await self._premises(line, owner, became)
            await self._activity(line, owner, room, became)
        except Problem as problem:
            said = [Finding(each.field, each.message) for each in problem.errors]
            return Became(Outcome.WRONG, said or [Finding("organisation.name", problem.detail or problem.title)])
        became.organisation_id = owner.id
        self._learn(line.key(self._made.source), self._register.direct(line) or owner.id)
        self._register.learn(line, owner.id, new=found is None)
        return became

    async def _organisation(self, line: Line, found: UUID | None, became: Became) -> Organisation:
        assert line.organisation is not None  # noqa: S101
        if found is None:
            made = self._writing.organisation(line.organisation)
            self._entries[made.id] = made
            became.added()
            return made
        entry = self._entries[found]
        if self._register.was_merged(line):
            became.findings.append(Finding("organisation.name", MERGED))
            return entry
        given = line.organisation.given
        if findings := differences("organisation", entry.model_dump(), given):
            async with self._writing.one_by_one():
                wanted = OrganisationChange.model_validate(given)
                await organisations.change(self._session, self._made.tenant, found, wanted, self._staff, _any_version)
            became.changed(findings)
        return entry

    async def _premises(self, line: Line, owner: Organisation, became: Became) -> UUID | None:
        if line.premises is None:
            return None
        said, key = line.premises, line.premises_key(self._made.source)
        found = self._standing.room(key, owner.id, said.new.name)
        if found is None:
            made = self._writing.premises(said, owner)
            self._standing.premises[made.id] = made.model_dump()
            found = made.id
            became.added()
        elif self._standing.premises[found]["replaced_by"]:
            became.premises_id = await standing(self._session, Premises, self._made.tenant, found)
            self._learn(key, found)
            return became.premises_id
        elif findings := differences("premises", self._standing.premises[found], said.given):
            async with self._writing.one_by_one():
                wanted = PremisesChange.model_validate(said.given)
                await premises.change(self._session, self._made.tenant, found, wanted, self._staff, _any_version)
            self._standing.premises[found] = {**self._standing.premises[found], **said.given}
            became.changed(findings)
        became.premises_id = found
        self._learn(key, found)
        return found

    async def _activity(self, line: Line, owner: Organisation, room: UUID | None, became: Became) -> None:
        if line.activity is None:
            return
        said, key = line.activity, line.activity_key(self._made.source)
        found = self._standing.activity(key, owner.id, said.new.title)
        if found is None:
            made = self._writing.activity(said, owner, room)
            self._standing.activities[made.id] = made.model_dump()
            found = made.id
            became.added()
        else:
            await self._change_activity(said, found, became)
        became.activity_id = found
        self._learn(key, found)

    async def _change_activity(self, said: Said[NewActivity], id: UUID, became: Became) -> None:
        """What its organisation or the centre has withdrawn stays as it was."""
        stands = self._standing.activities[id]
        findings = differences("activity", stands, said.given)
        if findings and stands["state"] is not State.WITHDRAWN:
            async with self._writing.one_by_one():
                wanted = ActivityChange.model_validate(said.given)
                await activities.change(self._session, self._made.tenant, id, wanted, self._staff, _any_version)
            self._standing.activities[id] = {**stands, **said.given}
            became.changed(findings)

    def _learn(self, key: str, id: UUID) -> None:
        """Once said, it stays: a merge that is undone finds every line where it was."""
        self._standing.identities.setdefault(key, id)
        if key not in self._known:
            self._learnt[key] = id


def _any_version(version: int) -> None:
    """An import has looked at no version: its preview showed what it will change."""
