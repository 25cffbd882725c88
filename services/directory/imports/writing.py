"""New entries of a file, gathered and written together: five hundred of them in seconds, each with its own fact."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.activities.schemas import NewActivity
from services.directory.facts import of_activity, of_organisation, of_premises
from services.directory.imports.lines import Said
from services.directory.imports.models import Import
from services.directory.models import Thing
from services.directory.organisations.models import Organisation
from services.directory.organisations.schemas import NewOrganisation
from services.directory.premises.models import Premises
from services.directory.premises.schemas import NewPremises
from services.directory.rules import State
from shared.clock import today
from shared.events.directory import ActivityPublished, OrganisationRegistered
from shared.events.envelope import Event
from shared.messaging.outbox import Row, emit_many, row


class Writing:
    def __init__(self, session: AsyncSession, made: Import) -> None:
        self._session, self._made = session, made
        # In the order in which one refers to the other.
        self._waiting: dict[type[Thing], list[Thing]] = {Organisation: [], Premises: [], Activity: []}
        self._facts: list[Row] = []

    def organisation(self, said: Said[NewOrganisation]) -> Organisation:
        made = Organisation(**self._of(said), **said.new.model_dump())
        self._waiting[Organisation].append(made)
        self._state(made, of_organisation(OrganisationRegistered, made))
        return made

    def premises(self, said: Said[NewPremises], owner: Organisation) -> Premises:
        given = said.new.model_dump(exclude={"organisation_id", "registered_on"})
        made = Premises(**self._of(said), **given, organisation_id=owner.id, registered_on=today())
        self._waiting[Premises].append(made)
        self._state(made, of_premises(made, owner))
        return made

    def activity(self, said: Said[NewActivity], owner: Organisation, room: UUID | None) -> Activity:
        given = said.new.model_dump(exclude={"organisation_id", "premises_id"})
        made = Activity(**self._of(said), **given, organisation_id=owner.id, premises_id=room)
        self._waiting[Activity].append(made)
        if self._made.publish:
            made.state, made.published_on = State.PUBLISHED, today()
            self._state(made, of_activity(ActivityPublished, made, owner))
        return made

    async def write(self) -> None:
        for things in self._waiting.values():
            self._session.add_all(things)
            await self._session.flush()
            things.clear()
        await emit_many(self._session, self._facts)
        self._facts.clear()

    @asynccontextmanager
    async def one_by_one(self) -> AsyncIterator[None]:
        """For a use case: it finds what the lines before it added, and what it refuses leaves them as they are."""
        await self.write()
        async with self._session.begin_nested():
            yield

    def _of(self, said: Said[Any]) -> dict[str, Any]:
        return {"tenant": self._made.tenant, "source": self._made.source, "source_id": said.source_id}

    def _state(self, thing: Thing, event: Event) -> None:
        self._facts.append(row(event, tenant=thing.tenant, subject=thing.id, sequence=thing.version))
