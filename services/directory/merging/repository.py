"""Every question about entries by their very ids, even if they went into another one: what they are called."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.freshness.entries import MODELS
from services.directory.freshness.rules import EntryKind


async def names(session: AsyncSession, tenant: str, kind: EntryKind, ids: Collection[UUID]) -> dict[UUID, str]:
    model: Any = MODELS[kind]
    called = model.title if model is Activity else model.name
    query = select(model.id, called).where(model.tenant == tenant, model.id.in_(ids))
    return dict((await session.exec(query)).all()) if ids else {}
