"""Every question about partners and what they keep here."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.organisations.models import Organisation
from services.directory.partners.models import Partner, PartnerEntry
from services.directory.partners.rules import KeptByPartner, Noun
from services.directory.rules import State
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Partner:
    query = select(Partner).where(Partner.tenant == tenant, Partner.id == id)
    if partner := (await session.exec(query.with_for_update() if lock else query)).first():
        return partner
    raise NotFound


async def page(
    session: AsyncSession, tenant: str, ended: bool, paging: PageRequest
) -> tuple[Sequence[Partner], str | None]:
    query = select(Partner).where(Partner.tenant == tenant)
    if not ended:
        query = query.where(col(Partner.ended_on).is_(None))
    return await paginate(session, query, Partner.id, paging)


async def by_source(session: AsyncSession, tenant: str, source: str) -> Partner | None:
    """Locked: what one partner says is taken in one after the other, for an activity may bring its organisation."""
    query = select(Partner).where(Partner.tenant == tenant, Partner.source == source)
    return (await session.exec(query.with_for_update())).first()


async def entry(session: AsyncSession, partner: Partner, kind: Noun, source_id: str) -> PartnerEntry | None:
    return await session.get(
        PartnerEntry,
        {"tenant": partner.tenant, "partner_id": partner.id, "kind": kind, "source_id": source_id},
    )


async def cvr_is_taken(session: AsyncSession, tenant: str, cvr: str, but: UUID) -> bool:
    query = select(Organisation.id).where(
        Organisation.tenant == tenant,
        Organisation.cvr == cvr,
        Organisation.id != but,
        col(Organisation.closed_on).is_(None),
    )
    return (await session.exec(query)).first() is not None


async def published_by(session: AsyncSession, tenant: str, organisation_id: UUID) -> Sequence[Activity]:
    query = select(Activity).where(
        Activity.tenant == tenant, Activity.organisation_id == organisation_id, Activity.state == State.PUBLISHED
    )
    return (await session.exec(query.order_by(col(Activity.id)).with_for_update())).all()


async def open_organisations(session: AsyncSession, partner: Partner) -> Sequence[Organisation]:
    query = (
        select(Organisation)
        .join(PartnerEntry, col(PartnerEntry.entry_id) == col(Organisation.id))
        .where(
            PartnerEntry.tenant == partner.tenant,
            PartnerEntry.partner_id == partner.id,
            Organisation.tenant == partner.tenant,
            col(Organisation.closed_on).is_(None),
        )
    )
    return (await session.exec(query.order_by(col(Organisation.id)).with_for_update(of=Organisation))).all()


async def ours(session: AsyncSession, tenant: str, entry_id: UUID) -> None:
    """Refuse to change by hand what a partner keeps: its next event would undo it."""
    query = select(PartnerEntry.entry_id).where(PartnerEntry.tenant == tenant, PartnerEntry.entry_id == entry_id)
    if (await session.exec(query)).first() is not None:
        raise KeptByPartner
