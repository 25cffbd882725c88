"""Every question about a person: where their contact id stands, and whose time is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings.models import Booking, Contact
from services.booking.series.models import Series
from services.booking.signups.models import Signup
from services.booking.waiting.models import Waiting
from shared.errors import NotFound

# Of whom nothing is recent and nothing is an association's.
OVER = text("""
    select c.tenant, c.id from contacts c
    where c.created_at < :before
    and (exists (select 1 from bookings b where b.contact_id = c.id)
        or exists (select 1 from waiting w where w.contact_id = c.id)
        or exists (select 1 from series s where s.contact_id = c.id)
        or exists (select 1 from signups u where u.contact_id = c.id))
    and not exists (select 1 from bookings b where b.contact_id = c.id
        and (b.organisation_id is not null or b.ends_at >= :before))
    and not exists (select 1 from waiting w where w.contact_id = c.id
        and (w.organisation_id is not null or w.latest >= :before))
    and not exists (select 1 from series s where s.contact_id = c.id
        and (s.organisation_id is not null or s.last_ends_at >= :before))
    and not exists (select 1 from signups u join gatherings g on g.id = u.gathering_id where u.contact_id = c.id
        and (u.organisation_id is not null or g.ends_at >= :before))
    order by c.id limit 500
""")


async def get(session: AsyncSession, tenant: str, id: UUID) -> Contact:
    query = select(Contact).where(Contact.tenant == tenant, Contact.id == id)
    if contact := (await session.exec(query.with_for_update())).first():
        return contact
    raise NotFound


async def of_address(session: AsyncSession, tenant: str, email: str) -> Sequence[UUID]:
    query = select(Contact.id).where(Contact.tenant == tenant, func.lower(Contact.email) == email.lower())
    return (await session.exec(query.order_by(col(Contact.id)))).all()


async def bookings(session: AsyncSession, contact: Contact) -> Sequence[Booking]:
    query = select(Booking).where(Booking.tenant == contact.tenant, Booking.contact_id == contact.id)
    return (await session.exec(query.order_by(col(Booking.id)))).all()


async def waiting(session: AsyncSession, contact: Contact) -> Sequence[Waiting]:
    query = select(Waiting).where(Waiting.tenant == contact.tenant, Waiting.contact_id == contact.id)
    return (await session.exec(query.order_by(col(Waiting.id)))).all()


async def signups(session: AsyncSession, contact: Contact) -> Sequence[Signup]:
    query = select(Signup).where(Signup.tenant == contact.tenant, Signup.contact_id == contact.id)
    return (await session.exec(query.order_by(col(Signup.id)))).all()


async def things(session: AsyncSession, contact: Contact) -> Sequence[UUID]:
    """All that has a link of its own."""
    asked = [
        select(table.id).where(table.tenant == contact.tenant, table.contact_id == contact.id)
        for table in (Booking, Series, Signup)
    ]
    return [id for query in asked for id in (await session.exec(query)).all()]


async def forget_answers(session: AsyncSession, contact: Contact) -> None:
    """Answers are kept for whoever repeats a request; those that quote the address go."""
    await (await session.connection()).execute(
        text(
            "delete from idempotency_keys where tenant = :tenant"
            " and position(convert_to(:email, 'UTF8') in coalesce(body, '')) > 0"
        ),
        {"tenant": contact.tenant, "email": contact.email},
    )


async def over(session: AsyncSession, before: datetime) -> list[tuple[str, UUID]]:
    """Contacts to be forgotten, in all centres."""
    found = await (await session.connection()).execute(OVER, {"before": before})
    return [(tenant, id) for tenant, id in found]


async def forget_holds(session: AsyncSession, before: datetime) -> None:
    """Remove holds that ended long ago and that nobody ran into. One that somebody works on is left to them."""
    await (await session.connection()).execute(
        text(
            "delete from bookings where id in (select id from bookings where state = 'held' and held_until < :before"
            " order by id limit 1000 for update skip locked)"
        ),
        {"before": before},
    )
