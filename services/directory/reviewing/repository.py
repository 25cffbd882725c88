"""Every question about what waits for staff."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.activities.paging import RankedPageRequest
from services.directory.changes.models import Change, Kind
from services.directory.changes.rules import State
from services.directory.freshness.entries import AnyEntry
from services.directory.organisations import repository as organisations
from services.directory.premises.models import Premises
from services.directory.reviewing.paging import Since, microseconds

SENT_IN = microseconds(col(Change.submitted_at))


async def waiting(session: AsyncSession, tenant: str, paging: RankedPageRequest) -> tuple[Sequence[Change], str | None]:
    """Who has waited longest comes first: a change that is sent in once more waits anew."""
    query = select(Change, SENT_IN).where(Change.tenant == tenant, Change.state == State.SUBMITTED)
    if paging.after:
        query = query.where(tuple_(SENT_IN, col(Change.id)) > (paging.after.rank, paging.after.id))
    rows = (await session.exec(query.order_by(SENT_IN, col(Change.id)).limit(paging.limit + 1))).all()
    page = rows[: paging.limit]
    following = Since(page[-1][1], page[-1][0].id).cursor() if len(rows) > paging.limit else None
    return [change for change, _ in page], following


async def count(session: AsyncSession, tenant: str) -> int:
    query = select(func.count()).select_from(Change)
    return (await session.exec(query.where(Change.tenant == tenant, Change.state == State.SUBMITTED))).one()


async def entries_of(session: AsyncSession, tenant: str, changes: Collection[Change]) -> dict[UUID, AnyEntry]:
    """What they are changes of, each by its id."""

    def ids(kind: Kind) -> list[UUID]:
        return [each.entry_id for each in changes if each.kind is kind]

    activities = select(Activity).where(Activity.tenant == tenant, col(Activity.id).in_(ids(Kind.ACTIVITY)))
    premises = select(Premises).where(Premises.tenant == tenant, col(Premises.id).in_(ids(Kind.PREMISES)))
    return {
        **{each.id: each for each in (await session.exec(activities)).all()},
        **{each.id: each for each in (await session.exec(premises)).all()},
        **await organisations.those_of(session, tenant, ids(Kind.ORGANISATION)),
    }


async def premises_called(session: AsyncSession, tenant: str, ids: Collection[str]) -> dict[str, str]:
    query = select(Premises.id, Premises.name).where(Premises.tenant == tenant, col(Premises.id).in_(ids))
    return {str(id): name for id, name in (await session.exec(query)).all()} if ids else {}
