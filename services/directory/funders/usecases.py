"""What staff do with the deadlines of funders: note, correct, remove. `funding` tells associations of them."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

import services.directory.funding.usecases as funding
from services.directory.conflicts import store
from services.directory.funders import repository
from services.directory.funders.models import Deadline
from services.directory.funders.schemas import DeadlineChange, NewDeadline
from services.directory.organisations import repository as organisations
from shared import clock
from shared.answers import Expected
from shared.errors import Invalid
from shared.events.kinds import OrganisationKind


async def note(session: AsyncSession, tenant: str, new: NewDeadline) -> Deadline:
    funder = await organisations.find(session, tenant, new.organisation_id)
    if funder is None:
        raise Invalid.field("organisation_id", "findes ikke", "does not exist")
    if funder.kind is not OrganisationKind.FUNDER:
        raise Invalid.field("organisation_id", "er ikke en fond eller pulje", "is not a funder")
    deadline = Deadline(tenant=tenant, **new.model_dump() | {"organisation_id": funder.id})
    session.add(deadline)
    await store(session)
    return deadline


async def change(
    session: AsyncSession, tenant: str, id: UUID, wanted: DeadlineChange, expected: Expected, public_url: str
) -> Deadline:
    deadline = await repository.get(session, tenant, id, lock=True)
    expected(deadline.version)
    before = deadline.model_dump()
    after = before | wanted.model_dump(exclude_unset=True)
    if after != before:
        deadline.sqlmodel_update(after)
        deadline.version += 1
        await store(session)
        if deadline.due_on != before["due_on"]:
            await funding.take_out(session, tenant, id, public_url)
    return deadline


async def remove(session: AsyncSession, tenant: str, id: UUID, expected: Expected, public_url: str) -> None:
    """No list shows it any more. The row stays, because a calendar must be told that it is cancelled."""
    deadline = await repository.get(session, tenant, id, lock=True)
    expected(deadline.version)
    deadline.removed_on = clock.today()
    deadline.version += 1
    await store(session)
    await funding.take_out(session, tenant, id, public_url)
