"""Under which id an entry is found now: its own, or that of the entry that it went into."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.models import Entry


async def standing(session: AsyncSession, model: type[Entry], tenant: str, id: UUID) -> UUID:
    """At the end of a chain of merges. An id that nobody has is answered as it is.

    Only columns are read, so that whoever locks the entry afterwards reads it as it is then.
    """
    entry: Any = model
    while True:
        into = select(entry.replaced_by).where(
            entry.tenant == tenant, entry.id == id, col(entry.replaced_by).is_not(None)
        )
        found = (await session.exec(into)).first()
        if found is None:
            return id
        id = found
