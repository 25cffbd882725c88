"""What people do with calendars: read the public one, subscribe to it, or to a resource's by its secret address."""

from asyncio import to_thread
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.calendars import entries, repository
from services.booking.calendars.models import CalendarLink
from services.booking.calendars.rules import LOOKING_BACK
from services.booking.gatherings import repository as gatherings
from services.booking.gatherings.repository import Filters
from services.booking.resources import repository as resources
from shared.clock import now
from shared.errors import NotFound
from shared.icalendars import feed
from shared.links import hashed, new_token, opens

# Four a day for a year; a feed has no second page.
MOST = 1_500


async def public_feed(session: AsyncSession, tenant: str, filters: Filters, name: str, page: str) -> bytes:
    found = await gatherings.in_order_of_time(session, tenant, filters, MOST)
    # Aside: writing a thousand takes the better part of a second, in which others want an answer.
    return await to_thread(feed, name, [entries.of_gathering(gathering, page) for gathering in found])


async def renew(session: AsyncSession, tenant: str, resource_id: UUID, public_url: str) -> str:
    """A new secret address of a resource's calendar, stored nowhere; the one before is dead."""
    resource = await resources.get(session, tenant, resource_id)
    token = new_token()
    link = CalendarLink(resource_id=resource.id, tenant=tenant, token_hash=hashed(token), renewed_at=now())
    await repository.put(session, link)
    return f"{public_url.rstrip('/')}/booking/{tenant}/resources/{resource.id}/{token}/calendar.ics"


async def withdraw(session: AsyncSession, tenant: str, resource_id: UUID) -> None:
    await repository.remove(session, await resources.get(session, tenant, resource_id))


async def resource_feed(session: AsyncSession, tenant: str, resource_id: UUID, token: str) -> bytes:
    resource = await resources.get(session, tenant, resource_id)
    link = await repository.link_of(session, resource)
    if link is None or not opens(token, link.token_hash):
        raise NotFound
    found = [
        entries.of_booking(booking, resource)
        for booking in await repository.bookings_of(session, resource, _since(now()))
    ]
    return await to_thread(feed, resource.name, [entry for entry in found if entry])


def _since(at: datetime) -> datetime:
    return at - LOOKING_BACK
