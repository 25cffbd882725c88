"""What entries looked like before: shown to those whose they are, and brought back."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.changes.entries import WAYS, owner_of, shown
from services.directory.changes.models import Kind
from services.directory.changes.rules import differences
from services.directory.changes.schemas import ChangedField
from services.directory.models import Entry
from services.directory.organisations.rules import SAID_BY_STAFF
from services.directory.versions import repository
from services.directory.versions.schemas import VersionAnswer, Versions
from shared.answers import Expected
from shared.auth import Principal
from shared.clock import now
from shared.errors import Forbidden, NotFound

KEPT = timedelta(days=365)
# Days on which something was to happen by itself belong to their time, not to the text.
OF_THEIR_TIME = frozenset({"publish_on", "expires_on"})


async def those_of(session: AsyncSession, tenant: str, kind: Kind, id: UUID, caller: Principal) -> Versions:
    entry = await WAYS[kind].get(session, tenant, id)
    _own(kind, entry, caller)
    return await history(session, tenant, entry.id, WAYS[kind].body.model_fields)


async def history(session: AsyncSession, tenant: str, id: UUID, fields: Collection[str]) -> Versions:
    """What each version changed of these fields."""
    found = await repository.those_of(session, tenant, id)
    said = [{name: value for name, value in each.fields.items() if name in fields} for each in found]
    items = [
        VersionAnswer(version=each.version, at=each.at, changed=_changed(each.version, before, own))
        for each, own, before in zip(found, said, [*said[1:], None], strict=True)
    ]
    return Versions(items=items[: repository.MOST])


async def earlier(
    session: AsyncSession, tenant: str, id: UUID, version: int, fields: Collection[str]
) -> dict[str, Any]:
    """What these fields said then."""
    found = await repository.get(session, tenant, id, version)
    return {name: value for name, value in found.fields.items() if name in fields}


def _changed(version: int, before: dict[str, Any] | None, own: dict[str, Any]) -> list[ChangedField]:
    """The first version changes everything; of one whose predecessor is forgotten nobody knows."""
    if before is None and version > 1:
        return []
    found = differences(before or own, own, first=before is None)
    return [ChangedField.model_validate(each) for each in found]


async def restore(
    session: AsyncSession, tenant: str, kind: Kind, id: UUID, version: int, caller: Principal, expected: Expected
) -> Entry:
    """Say again what was said then, as one more change: it can be undone like any other."""
    way = WAYS[kind]
    entry = await way.get(session, tenant, id)
    _own(kind, entry, caller)
    kept = OF_THEIR_TIME if caller.is_staff else OF_THEIR_TIME | SAID_BY_STAFF
    wanted = await earlier(session, tenant, entry.id, version, way.body.model_fields.keys() - kept)
    return await way.change(session, tenant, id, way.body.model_validate(wanted), caller, expected)


async def forget(session: AsyncSession) -> None:
    await repository.forget(session, now() - KEPT)


def _own(kind: Kind, entry: Entry, caller: Principal) -> None:
    if not caller.may_act_for(owner_of(kind, entry)):
        raise Forbidden if shown(entry) else NotFound
