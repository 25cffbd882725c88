"""What staff do with the deadlines of funders: note, correct, remove. They say nothing of what was done."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.funders import repository
from services.directory.funders.models import Deadline
from services.directory.funders.schemas import DeadlineChange, NewDeadline
from services.directory.organisations import repository as organisations
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


async def change(session: AsyncSession, tenant: str, id: UUID, wanted: DeadlineChange, expected: Expected) -> Deadline:
    deadline = await repository.get(session, tenant, id, lock=True)
    expected(deadline.version)
    before = deadline.model_dump()
    after = before | wanted.model_dump(exclude_unset=True)
    if after != before:
        deadline.sqlmodel_update(after)
        deadline.version += 1
    return deadline


async def remove(session: AsyncSession, tenant: str, id: UUID, expected: Expected) -> None:
    deadline = await repository.get(session, tenant, id, lock=True)
    expected(deadline.version)
    await session.delete(deadline)
