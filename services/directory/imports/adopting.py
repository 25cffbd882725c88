"""Adopting a file: each line through the same use cases as an entry by hand, some lines a transaction."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

import services.directory.activities.usecases as activities
import services.directory.organisations.usecases as organisations
import services.directory.premises.usecases as premises
from services.directory.activities.models import Activity
from services.directory.activities.schemas import ActivityChange
from services.directory.imports import repository
from services.directory.imports.lines import Line, understand
from services.directory.imports.matching import Register
from services.directory.imports.models import Import, ImportLine
from services.directory.imports.previewing import CLOSED, MERGED, NAMELESS, Finding, Standing, differences
from services.directory.imports.rules import Outcome, Progress, Wish
from services.directory.organisations.models import Organisation
from services.directory.organisations.schemas import OrganisationChange
from services.directory.premises.models import Premises
from services.directory.premises.schemas import PremisesChange
from services.directory.rules import State
from shared.auth import Principal, Role
from shared.clock import now
from shared.errors import Problem

AT_ONCE = 100


@dataclass
class Became:
    outcome: Outcome
    findings: list[Finding]
    organisation_id: UUID | None = None
    activity_id: UUID | None = None
    premises_id: UUID | None = None


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
    told = {each.number: understand(each.number, each.cells, made.mapping) for each in stored}
    good = [line for line in told.values() if line.organisation and not line.mistakes]
    known = await repository.identities(
        session, made.tenant, [key for line in good for key in _keys(line, made.source)]
    )
    meant = [line.organisation.new for line in good if line.organisation]
    register = Register(
        made.source,
        await repository.those_meant(
            session,
            made.tenant,
            {*known.values(), *(each.same_as for each in stored if each.same_as)},
            {each.cvr for each in meant if each.cvr},
            {each.postcode or "" for each in meant},
        ),
        known,
    )
    adopting = _Adopting(session, made, register, known)
    for each in stored:
        became = await adopting.line(told[each.number], each)
        each.outcome, each.findings = became.outcome, [finding.document() for finding in became.findings]
        each.organisation_id, each.activity_id = became.organisation_id, became.activity_id
        each.premises_id = became.premises_id
        # What the line said may be about persons, and has done its service.
        each.cells, each.done_at = [], now()
    await repository.remember(session, made.tenant, adopting.learnt)
    made.done += len(stored)
    return True


def _keys(line: Line, source: str) -> list[str]:
    shown = [line.activity_key(source)] if line.activity else []
    return [line.key(source), *shown, *([line.premises_key(source)] if line.premises else [])]


class _Adopting:
    def __init__(self, session: AsyncSession, made: Import, register: Register, known: dict[str, UUID]) -> None:
        self._session, self._made, self._register, self._known = session, made, register, known
        self._staff = Principal(made.tenant, Role.STAFF, "import")
        self.learnt: dict[str, UUID] = {}

    async def line(self, line: Line, stored: ImportLine) -> Became:
        if line.mistakes or line.organisation is None:
            wrong = [Finding(each.field, each.message) for each in line.mistakes]
            return Became(Outcome.WRONG, wrong or [Finding("organisation.name", NAMELESS)])
        found = self._register.find(line)
        if stored.decision is Wish.SKIP and (found is None or stored.outcome is not Outcome.POSSIBLE):
            return Became(Outcome.SKIPPED, [])
        if stored.decision is Wish.SAME and found is None:
            found = stored.same_as
        try:
            # What one line gets wrong must not take its neighbours along.
            async with self._session.begin_nested():
                return await self._adopt(line, found)
        except Problem as problem:
            said = [Finding(each.field, each.message) for each in problem.errors]
            return Became(Outcome.WRONG, said or [Finding("organisation.name", problem.detail or problem.title)])

    async def _adopt(self, line: Line, found: UUID | None) -> Became:
        became = Became(Outcome.UNCHANGED, [])
        organisation = await (self._change(line, found, became) if found else self._register_new(line, became))
        if organisation is None:
            return became
        room = await self._premises(line, organisation, became)
        await self._activity(line, organisation, room, became)
        became.organisation_id = organisation.id
        self._learn(line.key(self._made.source), self._register.direct(line) or organisation.id)
        self._register.learn(line, organisation.id, new=found is None)
        return became

    async def _register_new(self, line: Line, became: Became) -> Organisation:
        assert line.organisation is not None  # noqa: S101
        made = await organisations.register(self._session, self._made.tenant, line.organisation.new)
        made.source, made.source_id = self._made.source, line.organisation.source_id
        became.outcome = Outcome.ADDED
        return made

    async def _change(self, line: Line, id: UUID, became: Became) -> Organisation | None:
        assert line.organisation is not None  # noqa: S101
        entry = await self._session.get_one(Organisation, id)
        if entry.closed_on:
            became.outcome, became.findings = Outcome.WRONG, [Finding("organisation.name", CLOSED)]
            return None
        if self._register.was_merged(line):
            became.findings.append(Finding("organisation.name", MERGED))
            return entry
        given = line.organisation.given
        if findings := differences("organisation", entry.model_dump(), given):
            wanted = OrganisationChange.model_validate(given)
            entry = await organisations.change(self._session, self._made.tenant, id, wanted, self._staff, _any_version)
            self._changed(became, findings)
        return entry

    async def _premises(self, line: Line, owner: Organisation, became: Became) -> UUID | None:
        if line.premises is None:
            return None
        said, key = line.premises, line.premises_key(self._made.source)
        standing = await self._standing(owner, key)
        found = standing.room(key, owner.id, said.new.name)
        if found is None:
            new = said.new.model_copy(update={"organisation_id": owner.id})
            made = await premises.register(self._session, self._made.tenant, new, self._staff)
            made.source, made.source_id = self._made.source, said.source_id
            became.outcome = Outcome.ADDED
            found = made.id
        else:
            stands = await self._session.get_one(Premises, found)
            if findings := differences("premises", stands.model_dump(), said.given):
                wanted = PremisesChange.model_validate(said.given)
                await premises.change(self._session, self._made.tenant, found, wanted, self._staff, _any_version)
                self._changed(became, findings)
        became.premises_id = found
        self._learn(key, found)
        return found

    async def _activity(self, line: Line, owner: Organisation, room: UUID | None, became: Became) -> None:
        if line.activity is None:
            return
        said, key = line.activity, line.activity_key(self._made.source)
        standing = await self._standing(owner, key)
        found = standing.activity(key, owner.id, said.new.title)
        if found is None:
            new = said.new.model_copy(update={"organisation_id": owner.id, "premises_id": room})
            made = await activities.draft(self._session, self._made.tenant, new, self._staff)
            made.source, made.source_id = self._made.source, said.source_id
            if self._made.publish:
                await self._session.flush()
                await activities.publish(self._session, made.tenant, made.id, None, self._staff, _any_version)
            became.outcome = Outcome.ADDED
            found = made.id
        else:
            stands = await self._session.get_one(Activity, found)
            findings = differences("activity", stands.model_dump(), said.given)
            if findings and stands.state is not State.WITHDRAWN:
                wanted = ActivityChange.model_validate(said.given)
                await activities.change(self._session, self._made.tenant, found, wanted, self._staff, _any_version)
                self._changed(became, findings)
        became.activity_id = found
        self._learn(key, found)

    async def _standing(self, owner: Organisation, key: str) -> Standing:
        named = {key: id} if (id := self.learnt.get(key) or self._known.get(key)) else {}
        shown, rooms = await repository.shown_by(self._session, self._made.tenant, [owner.id], named.values())
        return Standing({}, dict(shown), dict(rooms), named)

    def _changed(self, became: Became, findings: list[Finding]) -> None:
        became.findings += findings
        if became.outcome is Outcome.UNCHANGED:
            became.outcome = Outcome.CHANGED

    def _learn(self, key: str, id: UUID) -> None:
        if key not in self._known:
            self.learnt[key] = id


def _any_version(version: int) -> None:
    """An import has looked at no version: its preview showed what it will change."""
