"""Every question about merges, and the moving of what belongs to one organisation to another."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.freshness.rules import EntryKind
from services.directory.merges.models import Merge
from services.directory.rules import State
from shared.errors import NotFound
from shared.paging import PageRequest, paginate

# Everything that belongs to an organisation, with its own id and version. A test asks the database whether it is all.
BELONGINGS = (
    "memberships",
    "activities",
    "premises",
    "contact_roles",
    "editor_links",
    "bodies",
    "appointments",
    "funder_deadlines",
    "changes",
)
# What several organisations take part in: the table, and what it calls the thing.
PARTNERSHIPS = {"initiative_partners": "initiative_id", "agreement_parties": "agreement_id"}


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Merge:
    query = select(Merge).where(Merge.tenant == tenant, Merge.id == id)
    if merge := (await session.exec(query.with_for_update() if lock else query)).first():
        return merge
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, kind: EntryKind | None, entry_id: UUID | None, paging: PageRequest
) -> tuple[Sequence[Merge], str | None]:
    query = select(Merge).where(Merge.tenant == tenant)
    if kind:
        query = query.where(Merge.kind == kind)
    if entry_id:
        query = query.where(or_(Merge.kept_id == entry_id, Merge.merged_id == entry_id))
    return await paginate(session, query, Merge.id, paging, newest_first=True)


async def move_all(
    session: AsyncSession, tenant: str, noun: str, source: UUID, target: UUID, *, of: str = "organisation_id"
) -> list[UUID]:
    """Let everything of that noun belong to `target`; which of them did not before."""
    moved = await (await session.connection()).execute(
        text(
            f"update {noun} set {of} = :target, version = version + 1"  # noqa: S608 one of BELONGINGS
            f" where tenant = :tenant and {of} = :source returning id"
        ),
        {"tenant": tenant, "source": source, "target": target},
    )
    return sorted(moved.scalars())


async def move_back(
    session: AsyncSession,
    tenant: str,
    noun: str,
    ids: Sequence[UUID],
    source: UUID,
    target: UUID,
    *,
    of: str = "organisation_id",
) -> list[UUID]:
    """Of these, those that still belong to `source` go to `target`; which they were."""
    statement = text(
        f"update {noun} set {of} = :target, version = version + 1"  # noqa: S608 one of BELONGINGS
        f" where tenant = :tenant and {of} = :source and id = any(:ids) returning id"
    ).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
    moved = await (await session.connection()).execute(
        statement, {"tenant": tenant, "source": source, "target": target, "ids": list(ids)}
    )
    return sorted(moved.scalars())


async def move_partnerships(
    session: AsyncSession, tenant: str, noun: str, source: UUID, target: UUID
) -> tuple[list[UUID], list[UUID]]:
    """The things in which `target` now takes part instead of `source`, and those in which both did."""
    connection, thing = await session.connection(), PARTNERSHIPS[noun]
    given = {"tenant": tenant, "source": source, "target": target}
    both = await connection.execute(
        text(
            f"delete from {noun} a using {noun} b"  # noqa: S608 one of PARTNERSHIPS
            f" where a.tenant = :tenant and b.tenant = :tenant and a.{thing} = b.{thing}"
            f" and a.organisation_id = :source and b.organisation_id = :target returning a.{thing}"
        ),
        given,
    )
    moved = await connection.execute(
        text(
            f"update {noun} set organisation_id = :target"  # noqa: S608 one of PARTNERSHIPS
            f" where tenant = :tenant and organisation_id = :source returning {thing}"
        ),
        given,
    )
    return sorted(moved.scalars()), sorted(both.scalars())


async def move_partnerships_back(
    session: AsyncSession,
    tenant: str,
    noun: str,
    moved: Sequence[UUID],
    both: Sequence[UUID],
    source: UUID,
    target: UUID,
) -> None:
    connection, thing = await session.connection(), PARTNERSHIPS[noun]
    update = text(
        f"update {noun} set organisation_id = :target"  # noqa: S608 one of PARTNERSHIPS
        f" where tenant = :tenant and organisation_id = :source and {thing} = any(:ids)"
    ).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
    await connection.execute(update, {"tenant": tenant, "source": source, "target": target, "ids": list(moved)})
    again = text(
        f"insert into {noun} (tenant, {thing}, organisation_id)"  # noqa: S608 one of PARTNERSHIPS
        " select :tenant, id, :target from unnest(:ids) id on conflict do nothing"
    ).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
    await connection.execute(again, {"tenant": tenant, "target": target, "ids": list(both)})


async def published(session: AsyncSession, tenant: str, ids: Sequence[UUID]) -> Sequence[Activity]:
    """As the database has them now, whatever this session read before."""
    query = select(Activity).where(
        Activity.tenant == tenant, col(Activity.id).in_(ids), Activity.state == State.PUBLISHED
    )
    return (await session.exec(query.order_by(col(Activity.id)).execution_options(populate_existing=True))).all()


async def owners_of_activities(session: AsyncSession, tenant: str, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By activity, whose it is: only that, so that whoever locks one afterwards reads it as it is then."""
    query = select(Activity.id, Activity.organisation_id).where(Activity.tenant == tenant, col(Activity.id).in_(ids))
    return dict((await session.exec(query)).all())


async def hold_activities_at(session: AsyncSession, tenant: str, premises: Sequence[UUID]) -> None:
    """Lock them before the premises, as whoever closes or merges their organisation does."""
    query = select(Activity.id).where(Activity.tenant == tenant, col(Activity.premises_id).in_(premises))
    await session.exec(query.order_by(col(Activity.id)).with_for_update())
