"""What is said about a booking: to everybody as facts, and to whoever was refused as times that are free."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import rules
from services.booking.bookings.models import Booking
from services.booking.resources.models import Resource
from services.booking.resources.rules import A_DAY, Period, Slot, Timetable, grid
from services.booking.resources.schemas import PeriodAnswer
from services.booking.resources.timetables import timetable
from services.booking.resources.usecases import taken
from shared.clock import DANISH
from shared.events.envelope import Event
from shared.messaging.outbox import Row, emit_many, row


def facts(booking: Booking, resource: Resource) -> dict[str, Any]:
    """What the booking's events say of it."""
    return {
        "resource_id": resource.id,
        "resource_kind": resource.kind,
        "purpose": booking.purpose,
        "channel": booking.channel,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "locality": booking.locality,
        "organisation_id": booking.organisation_id,
        "contact_id": booking.contact_id,
        "series_id": booking.series_id,
    }


def said(booking: Booking, event: Event, latest: datetime, at: datetime, *, sequence: int | None = None) -> Row:
    """One fact about the booking as it now is; `latest` is when it was true at the latest."""
    return row(
        event,
        tenant=booking.tenant,
        subject=booking.id,
        sequence=sequence or booking.version,
        time=rules.true_since(latest, at),
    )


async def tell(session: AsyncSession, booking: Booking, event: Event, latest: datetime, at: datetime) -> None:
    """State that fact."""
    await emit_many(session, [said(booking, event, latest, at)])


def slots_from(times: Timetable, wanted: Period, days: timedelta) -> tuple[list[Slot], date, date]:
    first = wanted.starts_at.astimezone(DANISH).date()
    return grid(times, first, first + days), first, first + days


async def free_instead(
    session: AsyncSession,
    resource: Resource,
    wanted: Period,
    at: datetime,
    *,
    except_for: UUID | None = None,
    most: int = rules.ALTERNATIVES,
) -> list[Period]:
    """The next times of the same length that can be had."""
    times = timetable(resource)
    found: list[Period] = []
    # A week is enough for most, and of a hundred losers each asks: only who finds too little there looks further.
    for days in (7 * A_DAY, rules.ALTERNATIVES_WITHIN):
        slots, first, until = slots_from(times, wanted, days)
        busy = await taken(session, resource, times, first, until, except_for=except_for)
        found = rules.alternatives(wanted, resource.kind, slots, busy, times, at, most=most)
        if len(found) == most:
            break
    return found


def written(periods: list[Period]) -> list[dict[str, str]]:
    """As a problem document has them."""
    return [PeriodAnswer.model_validate(period).model_dump(mode="json") for period in periods]
