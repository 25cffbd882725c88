"""A calendar of one's own: what somebody asked for, or an organisation has, at an address that only they know."""

from asyncio import to_thread
from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.calendars import entries
from services.booking.calendars.rules import LOOKING_BACK
from services.booking.feeds import repository
from services.booking.feeds.models import OwnCalendar, OwnThing
from services.booking.feeds.rules import MOST, TooMuch
from services.booking.feeds.schemas import OwnLink
from services.booking.gatherings import repository as gatherings
from services.booking.gatherings.repository import Filters
from services.booking.signups.rules import SignupState
from shared.clock import now
from shared.errors import NotFound
from shared.icalendars import Entry, feed
from shared.links import hashed, new_token, opens

# Of those who sit at it: whoever waits has it in no calendar yet.
SEATED = (SignupState.CONFIRMED, SignupState.CANCELLED)


async def collect(
    session: AsyncSession, tenant: str, things: Sequence[OwnLink], known: OwnCalendar | None
) -> tuple[OwnCalendar, str | None]:
    """Put them into the calendar, or into a new one; whoever calls has seen that each link is right."""
    token = None
    if known is None:
        token = new_token()
        known = OwnCalendar(tenant=tenant, token_hash=hashed(token), renewed_at=now())
        session.add(known)
        await session.flush()
    rows = [OwnThing(tenant=tenant, calendar_id=known.id, kind=each.kind, thing_id=each.id) for each in things]
    await repository.put_in(session, rows)
    if await repository.size(session, known) > MOST:
        raise TooMuch
    return known, token


async def renew_organisation_s(session: AsyncSession, tenant: str, organisation_id: UUID) -> tuple[OwnCalendar, str]:
    """A new secret address of an organisation's calendar, stored nowhere; the one before is dead."""
    token = new_token()
    calendar = await repository.of_organisation(session, tenant, organisation_id)
    if calendar is None:
        calendar = OwnCalendar(tenant=tenant, organisation_id=organisation_id, token_hash=b"", renewed_at=now())
    calendar.token_hash, calendar.renewed_at = hashed(token), now()
    session.add(calendar)
    await session.flush()
    return calendar, token


async def withdraw_organisation_s(session: AsyncSession, tenant: str, organisation_id: UUID) -> None:
    if calendar := await repository.of_organisation(session, tenant, organisation_id):
        await session.delete(calendar)


async def opened(session: AsyncSession, tenant: str, id: UUID, token: str, *, lock: bool = False) -> OwnCalendar:
    calendar = await repository.get(session, tenant, id, lock=lock)
    if not opens(token, calendar.token_hash):
        raise NotFound
    return calendar


async def read(session: AsyncSession, calendar: OwnCalendar, page: str) -> bytes:
    """What they have, and no one else who has it, too."""
    since = now() - LOOKING_BACK
    found: dict[str, Entry] = {}
    if calendar.organisation_id:
        filters = Filters(internal_too=True, first=since, organiser=calendar.organisation_id)
        for gathering in await gatherings.in_order_of_time(session, calendar.tenant, filters, MOST):
            entry = entries.of_gathering(gathering, page)
            found[entry.uid] = entry
    for signup, gathering in await repository.seats(session, calendar, since):
        if signup.state in SEATED:
            entry = entries.of_seat(signup, gathering, page)
            # Of two seats at one gathering the one that is still theirs.
            if entry.uid not in found or signup.state is SignupState.CONFIRMED:
                found[entry.uid] = entry
    for booking, resource in await repository.bookings(session, calendar, since):
        if own := entries.of_own_booking(booking, resource):
            found[own.uid] = own
    return await to_thread(feed, f"Kompas {calendar.tenant}", [*found.values()])
