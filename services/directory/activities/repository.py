"""Every question about single activities; finding them by words is in `search`."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.organisations.models import Organisation
from services.directory.replaced import standing
from services.directory.rules import State
from shared.errors import NotFound, StaleVersion


async def row(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Activity:
    """The entry of this very id, even if it went into another one."""
    query = select(Activity).where(Activity.tenant == tenant, Activity.id == id)
    if activity := (await session.exec(query.with_for_update() if lock else query)).first():
        return activity
    raise NotFound


async def get(session: AsyncSession, tenant: str, id: UUID) -> Activity:
    """An old id answers with the entry that its own went into."""
    activity = await row(session, tenant, id)
    while activity.replaced_by:
        activity = await row(session, tenant, activity.replaced_by)
    return activity


async def held(session: AsyncSession, tenant: str, id: UUID) -> tuple[Organisation, Activity]:
    """The activity that an id stands for, locked, and the organisation whose it is, held open."""
    now = await standing(session, Activity, tenant, id)
    organisation = await owner_of(session, tenant, now)
    activity = await row(session, tenant, now, lock=True)
    if activity.replaced_by or activity.organisation_id != organisation.id:
        raise StaleVersion  # Merged or moved since we looked; whoever asks again finds where it is.
    return organisation, activity


async def owner_of(session: AsyncSession, tenant: str, id: UUID) -> Organisation:
    """The organisation whose activity it is, held open: it cannot close before this transaction ends.

    Asked before the activity is locked, in the order in which a closing organisation locks what it withdraws.
    """
    query = (
        select(Organisation)
        .join(Activity, (col(Activity.organisation_id) == col(Organisation.id)))
        .where(Activity.tenant == tenant, Activity.id == id, Organisation.tenant == tenant)
        .with_for_update(read=True, of=Organisation)
    )
    if organisation := (await session.exec(query)).first():
        return organisation
    raise NotFound


async def published_by(session: AsyncSession, tenant: str, organisation_id: UUID) -> Sequence[Activity]:
    query = select(Activity).where(
        Activity.tenant == tenant,
        Activity.organisation_id == organisation_id,
        Activity.state == State.PUBLISHED,
    )
    return (await session.exec(query.order_by(col(Activity.id)).with_for_update())).all()


async def due(session: AsyncSession, today: date) -> Sequence[tuple[str, UUID]]:
    """Tenant and id of those whose day has come, in all centres."""
    to_publish, to_expire = col(Activity.publish_on) <= today, col(Activity.expires_on) <= today
    query = select(Activity.tenant, Activity.id).where(
        to_publish | (to_expire & (col(Activity.state) == State.PUBLISHED))
    )
    return (await session.exec(query.order_by(col(Activity.id)).limit(1000))).all()
