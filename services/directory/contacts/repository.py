"""Every question about contact roles."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.contacts.models import ContactRole, Role
from shared.errors import NotFound


async def get(
    session: AsyncSession, tenant: str, organisation_id: UUID, id: UUID, *, lock: bool = False
) -> ContactRole:
    query = select(ContactRole).where(
        ContactRole.tenant == tenant, ContactRole.organisation_id == organisation_id, ContactRole.id == id
    )
    if contact := (await session.exec(query.with_for_update() if lock else query)).first():
        return contact
    raise NotFound


async def those_of(
    session: AsyncSession, tenant: str, organisation_id: UUID, role: Role | None = None
) -> Sequence[ContactRole]:
    """Who speaks for the organisation now."""
    query = select(ContactRole).where(
        ContactRole.tenant == tenant,
        ContactRole.organisation_id == organisation_id,
        col(ContactRole.ended_on).is_(None),
    )
    if role:
        query = query.where(ContactRole.role == role)
    return (await session.exec(query.order_by(col(ContactRole.id)))).all()


async def forget_answers(session: AsyncSession, tenant: str, email: str) -> None:
    """Answers are kept for whoever repeats a request; those that quote the address go."""
    await (await session.connection()).execute(
        text(
            "delete from idempotency_keys where tenant = :tenant"
            " and position(convert_to(:email, 'UTF8') in coalesce(body, '')) > 0"
        ),
        {"tenant": tenant, "email": email},
    )
