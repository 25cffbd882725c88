"""Every question about earlier versions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.versions.models import EntryVersion
from shared.errors import NotFound

MOST = 50
# The newest version of a thing stays however old it is: it is what the thing looks like.
OLD = text("""
    delete from entry_versions v where (v.entry_id, v.version) in (
        select o.entry_id, o.version from entry_versions o
        where o.at < :before
        and exists (select 1 from entry_versions n where n.entry_id = o.entry_id and n.version > o.version)
        limit 1000
    )
""")


async def those_of(session: AsyncSession, tenant: str, entry_id: UUID) -> Sequence[EntryVersion]:
    """The newest first; one more than is shown, to tell what the oldest of them changed."""
    query = select(EntryVersion).where(EntryVersion.tenant == tenant, EntryVersion.entry_id == entry_id)
    return (await session.exec(query.order_by(col(EntryVersion.version).desc()).limit(MOST + 1))).all()


async def get(session: AsyncSession, tenant: str, entry_id: UUID, version: int) -> EntryVersion:
    query = select(EntryVersion).where(
        EntryVersion.tenant == tenant, EntryVersion.entry_id == entry_id, EntryVersion.version == version
    )
    if found := (await session.exec(query)).first():
        return found
    raise NotFound


async def forget(session: AsyncSession, before: datetime) -> None:
    """Remove what nobody will go back to, in all centres."""
    await (await session.connection()).execute(OLD, {"before": before})
