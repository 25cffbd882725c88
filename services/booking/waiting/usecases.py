"""Waiting for a time: joining the line, being offered what becomes free, taking it or letting it go on."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking import links
from services.booking.bookings import repository as bookings
from services.booking.bookings import rules as booking_rules
from services.booking.bookings.models import Booking
from services.booking.bookings.usecases.making import Wanted, bookable, keep, organisation_of, place
from services.booking.offers import usecases as offers
from services.booking.offers.rules import NothingOffered, OfferState
from services.booking.resources import repository as resources
from services.booking.resources.rules import Period, Span
from services.booking.schemas import ContactDetails
from services.booking.series import repository as series
from services.booking.waiting import repository, rules
from services.booking.waiting.models import Waiting
from services.booking.waiting.rules import WaitingState
from services.booking.waiting.schemas import NewWaiting
from services.booking.waiting.times import Times, free_holds
from shared.auth import Principal
from shared.clock import now
from shared.events.contacts import ContactShared
from shared.links import hashed, new_token
from shared.messaging.outbox import emit


async def join(
    session: AsyncSession, tenant: str, new: NewWaiting, caller: Principal, public_url: str
) -> tuple[Waiting, str]:
    """A place at the end of the line and the token that manages it. What is free already is offered at once."""
    at = now()
    rules.check_window(new.earliest, new.latest, at)
    resource = await bookable(session, tenant, new.resource_id, caller)
    token = new_token()
    waiting = Waiting(
        tenant=tenant,
        resource_id=resource.id,
        span_from=resource.span_from,
        span_to=resource.span_to,
        purpose=booking_rules.purpose_of(new.purpose, resource.kind),
        channel=booking_rules.channel_of(new.channel, staff=caller.is_staff),
        organisation_id=organisation_of(new.organisation_id, caller),
        contact_id=await keep(session, tenant, new.contact),
        token_hash=hashed(token),
        state=WaitingState.WAITING,
        earliest=new.earliest,
        latest=new.latest,
        minutes=new.minutes or resource.slot_minutes,
    )
    session.add(waiting)
    await session.flush()
    url = links.manage_url(public_url, tenant, "waiting", waiting.id, token)
    assert waiting.contact_id  # noqa: S101 -- It was kept above; mypy cannot know.
    shared = ContactShared(manage_url=url, **new.contact.model_dump())
    await emit(session, shared, tenant=tenant, subject=waiting.contact_id)
    await pass_on(session, tenant, waiting.span, at)
    return waiting, token


async def pass_on(session: AsyncSession, tenant: str, span: Span, at: datetime) -> None:
    """Offer what is free within that stretch, or around it, to those who wait for it, in the order of the line.

    Whoever frees a time calls it in the same transaction: between the two nobody can slip in.
    """
    await session.flush()
    await bookings.lock_tree(session, span)
    await offers.pass_on(session, tenant, Times(session, tenant, span, at), at)


async def move_on(session: AsyncSession, tenant: str, span: Span) -> None:
    """End the offers that nobody answered in time, and offer what is free to the next in line."""
    at = now()
    await bookings.lock_tree(session, span)
    line = Times(session, tenant, span, at)
    await offers.expire(session, tenant, line, at)
    await offers.pass_on(session, tenant, line, at)


async def accept(session: AsyncSession, tenant: str, id: UUID, public_url: str) -> tuple[Waiting, Booking, str]:
    """Book what is offered. The caller holds the link; whoever clicks twice books once."""
    at = now()
    # The resource before its tree, as whoever books; then it is nobody's to move to another.
    resource = await resources.get(
        session, tenant, (await repository.get(session, tenant, id)).resource_id, lock="share"
    )
    await bookings.lock_tree(session, Span(resource.span_from, resource.span_to))
    waiting = await repository.get(session, tenant, id, lock=True)
    offer = await offers.take(session, tenant, waiting.id, at)
    details = None if waiting.series_id else await _details(session, waiting)
    wanted = Wanted(
        resource,
        Period(offer.starts_at or at, offer.ends_at or at),
        waiting.purpose,
        waiting.channel,
        waiting.organisation_id,
        staff=False,
        series_id=waiting.series_id,
        contact_id=waiting.contact_id if waiting.series_id else None,
        token_hash=waiting.token_hash if waiting.series_id else None,
    )
    await free_holds(session, [offer])
    booking, token = await place(session, wanted, details, at, public_url)
    waiting.state, waiting.booking_id = WaitingState.ACCEPTED, booking.id
    waiting.version += 1
    if waiting.series_id:
        await series.fill(session, tenant, waiting.id, booking.id)
    return waiting, booking, token


async def leave(session: AsyncSession, tenant: str, id: UUID) -> Waiting:
    """They wait no longer; what they were offered goes on to the next."""
    at = now()
    await bookings.lock_tree(session, (await repository.get(session, tenant, id)).span)
    waiting = await repository.get(session, tenant, id, lock=True)
    if waiting.state not in (WaitingState.WAITING, WaitingState.OFFERED):
        raise NothingOffered(state=waiting.state.value)
    await free_holds(session, await offers.end(session, tenant, [waiting.id], OfferState.WITHDRAWN, at))
    waiting.state = WaitingState.LEFT
    waiting.version += 1
    await pass_on(session, tenant, waiting.span, at)
    return waiting


async def _details(session: AsyncSession, waiting: Waiting) -> ContactDetails | None:
    if waiting.contact_id and (found := await bookings.contact(session, waiting.tenant, waiting.contact_id)):
        return ContactDetails.model_validate(found, from_attributes=True)
    return None
