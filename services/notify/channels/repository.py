"""Every question about channels."""

from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.channels.models import TextMessages


async def put(session: AsyncSession, chosen: TextMessages) -> None:
    values = chosen.model_dump()
    statement = insert(TextMessages).values(values).on_conflict_do_update(index_elements=["tenant"], set_=values)
    await (await session.connection()).execute(statement)


async def of(session: AsyncSession, tenant: str) -> TextMessages | None:
    return (await session.exec(select(TextMessages).where(TextMessages.tenant == tenant))).first()


async def senders(session: AsyncSession, tenants: Iterable[str]) -> dict[str, str]:
    """Of those centres that send text messages, the name that they send them under."""
    query = select(TextMessages.tenant, TextMessages.sender).where(
        col(TextMessages.tenant).in_(set(tenants)), col(TextMessages.enabled)
    )
    return dict((await session.exec(query)).all())
