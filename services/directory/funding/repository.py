"""Every question about what associations are told of funders' deadlines."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.contacts.models import ContactRole
from services.directory.funders.models import Deadline
from services.directory.funding.models import FundingLetter, FundingPolicy
from services.directory.funding.rules import Policy
from services.directory.models import AssuredBy
from services.directory.organisations.models import Organisation
from services.directory.rules import Freshness
from shared.errors import NotFound
from shared.events.kinds import OrganisationKind, Sector

_FUNDER = and_(col(Organisation.tenant) == Deadline.tenant, col(Organisation.id) == Deadline.organisation_id)


async def tenants(session: AsyncSession) -> Sequence[str]:
    """Those with anything to tell, or to forget."""
    found = await (await session.connection()).execute(
        text(
            "select tenant from funder_deadlines"
            " where removed_on is null and (yearly or due_on > current_date - 1)"
            " union select tenant from funding_letters where contact_id is not null"
        )
    )
    return found.scalars().all()


async def one_at_a_time(session: AsyncSession, tenant: str) -> None:
    """Whoever comes second waits for the first one's commit, and then finds told what was to be told."""
    await (await session.connection()).execute(
        text("select pg_advisory_xact_lock(hashtextextended('funding/' || :tenant, 0))"), {"tenant": tenant}
    )


async def policy(session: AsyncSession, tenant: str) -> Policy:
    found = (await session.exec(select(FundingPolicy).where(FundingPolicy.tenant == tenant))).first()
    return Policy(found.first, found.last) if found else Policy()


async def put_policy(session: AsyncSession, tenant: str, policy: Policy) -> None:
    values = {"first": policy.first, "last": policy.last}
    statement = insert(FundingPolicy).values(tenant=tenant, **values)
    await (await session.connection()).execute(statement.on_conflict_do_update(index_elements=["tenant"], set_=values))


async def coming(
    session: AsyncSession, tenant: str, after: date, until: date | None = None, *, lock: bool = False
) -> Sequence[tuple[Deadline, str]]:
    """Deadlines with their funders' names, the soonest first. A funder that has closed takes no applications."""
    query = (
        select(Deadline, Organisation.name)
        .join(Organisation, _FUNDER)
        .where(
            Deadline.tenant == tenant,
            Deadline.due_on > after,
            col(Deadline.removed_on).is_(None),
            col(Organisation.closed_on).is_(None),
        )
        .order_by(col(Deadline.due_on), col(Deadline.id))
    )
    if until:
        query = query.where(Deadline.due_on <= until)
    if lock:
        query = query.with_for_update(of=Deadline).execution_options(populate_existing=True)
    return (await session.exec(query)).all()


async def gone_by(session: AsyncSession, tenant: str, today: date) -> Sequence[Deadline]:
    """What comes every year and was before today; locked."""
    query = select(Deadline).where(
        Deadline.tenant == tenant,
        Deadline.due_on < today,
        col(Deadline.yearly),
        col(Deadline.removed_on).is_(None),
    )
    return (await session.exec(query.order_by(col(Deadline.id)).with_for_update())).all()


async def of_calendar(session: AsyncSession, tenant: str, since: date) -> Sequence[tuple[Deadline, str]]:
    """Removed ones, too: a calendar is told that they are cancelled."""
    query = (
        select(Deadline, Organisation.name)
        .join(Organisation, _FUNDER)
        .where(Deadline.tenant == tenant, Deadline.due_on >= since)
        .order_by(col(Deadline.due_on), col(Deadline.id))
    )
    return (await session.exec(query)).all()


async def speakers(session: AsyncSession, tenant: str) -> Sequence[ContactRole]:
    """Of the voluntary organisations that the directory shows and that are the centre's own; the longest standing
    first."""
    query = (
        select(ContactRole)
        .join(
            Organisation,
            and_(col(Organisation.tenant) == ContactRole.tenant, col(Organisation.id) == ContactRole.organisation_id),
        )
        .where(
            ContactRole.tenant == tenant,
            col(ContactRole.ended_on).is_(None),
            col(Organisation.closed_on).is_(None),
            col(Organisation.replaced_by).is_(None),
            Organisation.sector == Sector.VOLUNTARY,
            Organisation.kind != OrganisationKind.FUNDER,
            Organisation.freshness != Freshness.HIDDEN,
            or_(col(Organisation.assured_by).is_(None), Organisation.assured_by != AssuredBy.PARTNER),
        )
        .order_by(col(ContactRole.id))
    )
    return (await session.exec(query)).all()


async def want(session: AsyncSession, tenant: str, roles: Collection[UUID], *, wanted: bool) -> None:
    await session.exec(
        update(ContactRole)
        .where(
            col(ContactRole.tenant) == tenant,
            col(ContactRole.id).in_(sorted(roles)),
            col(ContactRole.funding_news) != wanted,
        )
        .values(funding_news=wanted, version=ContactRole.version + 1)
    )


async def letter(session: AsyncSession, tenant: str, id: UUID) -> FundingLetter:
    query = select(FundingLetter).where(FundingLetter.tenant == tenant, FundingLetter.id == id)
    if found := (await session.exec(query)).first():
        return found
    raise NotFound


async def readers(session: AsyncSession, tenant: str, letters: Sequence[FundingLetter]) -> dict[UUID, ContactRole]:
    """Whose letters these are, by role, while they speak for their associations."""
    query = select(ContactRole).where(
        ContactRole.tenant == tenant,
        col(ContactRole.id).in_({each.contact_role_id for each in letters}),
        col(ContactRole.ended_on).is_(None),
    )
    return {each.id: each for each in (await session.exec(query)).all()}


async def at_address(session: AsyncSession, tenant: str, email: str) -> Sequence[ContactRole]:
    query = select(ContactRole).where(
        ContactRole.tenant == tenant,
        col(ContactRole.ended_on).is_(None),
        func.lower(ContactRole.email) == email.lower(),
    )
    return (await session.exec(query)).all()


async def last_written(session: AsyncSession, tenant: str) -> date | None:
    query = select(func.max(FundingLetter.written_on)).where(FundingLetter.tenant == tenant)
    return (await session.exec(query)).one()


async def naming(session: AsyncSession, tenant: str, deadline_id: UUID) -> Sequence[FundingLetter]:
    """Letters that may still wait to be sent, locked."""
    query = select(FundingLetter).where(
        FundingLetter.tenant == tenant,
        col(FundingLetter.contact_id).is_not(None),
        col(FundingLetter.deadline_ids).contains([deadline_id]),
    )
    return (await session.exec(query.order_by(col(FundingLetter.id)).with_for_update())).all()


async def of_readers(session: AsyncSession, tenant: str, roles: Collection[UUID]) -> Sequence[FundingLetter]:
    """Letters to them that may still wait to be sent, locked."""
    query = select(FundingLetter).where(
        FundingLetter.tenant == tenant,
        col(FundingLetter.contact_id).is_not(None),
        col(FundingLetter.contact_role_id).in_(roles),
    )
    return (await session.exec(query.order_by(col(FundingLetter.id)).with_for_update())).all()


async def to_forget(session: AsyncSession, tenant: str, written_by: date) -> Sequence[FundingLetter]:
    """Letters of that day or earlier, and those to somebody who speaks for the association no longer; locked."""
    speak = select(ContactRole.id).where(ContactRole.tenant == tenant, col(ContactRole.ended_on).is_(None))
    query = select(FundingLetter).where(
        FundingLetter.tenant == tenant,
        col(FundingLetter.contact_id).is_not(None),
        or_(FundingLetter.written_on <= written_by, col(FundingLetter.contact_role_id).not_in(speak)),
    )
    return (await session.exec(query.order_by(col(FundingLetter.id)).with_for_update())).all()
