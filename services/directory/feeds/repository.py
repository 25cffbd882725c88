"""Every question behind the feeds. What the changes are and how they are numbered, migration 0006 says."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.feeds.rules import Kind
from services.directory.hsds import documents, repository
from services.directory.hsds.taxonomies import Json
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises

CHANGES = text(
    "select number, id from feed_changes where tenant = :tenant and kind = :kind and number > :after"
    " order by number limit :limit"
)
REPLACED = {
    Kind.ORGANISATION: text("select id, replaced_by from organisations where id = any(:ids)"),
    Kind.ACTIVITY: text("select id, replaced_by from activities where id = any(:ids)"),
    Kind.PREMISES: text("select id, replaced_by from premises where id = any(:ids)"),
}


class Change(NamedTuple):
    number: int
    id: UUID


async def changes(session: AsyncSession, tenant: str, kind: Kind, after: int, limit: int) -> list[Change]:
    asked = {"tenant": tenant, "kind": kind.value, "after": after, "limit": limit}
    return [Change(*row) for row in await (await session.connection()).execute(CHANGES, asked)]


async def shown(session: AsyncSession, tenant: str, kind: Kind, ids: Sequence[UUID]) -> dict[UUID, Json]:
    """Those of the entries that everybody may see now, told as HSDS's export tells them."""
    match kind:
        case Kind.ORGANISATION:
            organisations = repository.organisations(tenant).where(col(Organisation.id).in_(ids))
            return {one.id: documents.full_organization(one) for one in (await session.exec(organisations)).all()}
        case Kind.ACTIVITY:
            services = repository.services(tenant, repository.Filters()).where(col(Activity.id).in_(ids))
            return {row[0].id: documents.full_service(*row) for row in (await session.exec(services)).all()}
        case Kind.PREMISES:
            premises = repository.premises(tenant).where(col(Premises.id).in_(ids))
            return {one.id: documents.full_location(one) for one in (await session.exec(premises)).all()}


async def replacements(session: AsyncSession, kind: Kind, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    rows = await (await session.connection()).execute(REPLACED[kind], {"ids": list(ids)})
    return {id: replaced_by for id, replaced_by in rows if replaced_by}
