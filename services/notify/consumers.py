"""What notify hears: where people are reached, what happened to their bookings, and which surveys they are asked."""

from uuid import UUID

from faststream.kafka import KafkaBroker
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.contacts import usecases as contacts
from services.notify.deliveries import usecases as deliveries
from services.notify.deliveries.rules import Reason
from shared.database import Database
from shared.events.booking import BookingCancelled, BookingConfirmed
from shared.events.contacts import ContactShared
from shared.events.kpi import SurveyClosed, SurveyInvited, SurveyReminded, SurveyResponseSubmitted
from shared.events.notify import MessagePurpose
from shared.messaging.consume import Received, Rejected, listen
from shared.metrics import Metrics


def subscribe(broker: KafkaBroker, database: Database, metrics: Metrics) -> None:
    listen(
        broker,
        database,
        metrics,
        consumer="notify",
        topic=ContactShared.TOPIC,
        handlers={ContactShared: contact_shared},
        on_tombstone=contact_erased,
    )
    listen(
        broker,
        database,
        metrics,
        consumer="notify",
        topic=BookingConfirmed.TOPIC,
        handlers={BookingConfirmed: booking_confirmed, BookingCancelled: booking_cancelled},
    )
    listen(
        broker,
        database,
        metrics,
        consumer="notify",
        topic=SurveyInvited.TOPIC,
        handlers={
            SurveyInvited: survey_invited,
            SurveyReminded: survey_reminded,
            SurveyResponseSubmitted: survey_answered,
            SurveyClosed: survey_closed,
        },
    )


async def contact_shared(session: AsyncSession, received: Received) -> None:
    await contacts.keep(session, received.tenant, _id(received.subject), received.event)


async def contact_erased(session: AsyncSession, key: str) -> None:
    await contacts.erase(session, _id(key))


async def booking_confirmed(session: AsyncSession, received: Received) -> None:
    await deliveries.plan(session, _booking(received), MessagePurpose.BOOKING_CONFIRMATION)


async def booking_cancelled(session: AsyncSession, received: Received) -> None:
    await deliveries.plan(session, _booking(received), MessagePurpose.BOOKING_CANCELLATION)


async def survey_invited(session: AsyncSession, received: Received) -> None:
    await deliveries.plan_survey(session, _asked(received), MessagePurpose.SURVEY_INVITATION)


async def survey_reminded(session: AsyncSession, received: Received) -> None:
    await deliveries.plan_survey(session, _asked(received), MessagePurpose.SURVEY_REMINDER)


async def survey_answered(session: AsyncSession, received: Received) -> None:
    """By when it was recorded: the day of an answer may lie before the invitation."""
    event: SurveyResponseSubmitted = received.event
    await deliveries.nothing_left_to_ask(
        session, received.tenant, event.survey_id, event.organisation_id, received.recorded, Reason.ANSWERED
    )


async def survey_closed(session: AsyncSession, received: Received) -> None:
    """What is planned later belongs to the survey as it was opened again: between two subjects there is no order."""
    await deliveries.nothing_left_to_ask(
        session, received.tenant, received.event.survey_id, None, received.recorded, Reason.SURVEY_CLOSED
    )


def _asked(received: Received) -> deliveries.AskedAssociation:
    event: SurveyInvited | SurveyReminded = received.event
    return deliveries.AskedAssociation(
        tenant=received.tenant,
        event_id=received.id,
        invitation_id=_id(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        survey_id=event.survey_id,
        organisation_id=event.organisation_id,
        closes_on=event.closes_on,
    )


def _booking(received: Received) -> deliveries.Told:
    """What a mail may need of a booking. Its purpose stays behind here: no table of ours holds it."""
    event: BookingConfirmed | BookingCancelled = received.event
    return deliveries.Told(
        tenant=received.tenant,
        event_id=received.id,
        said_at=received.time,
        booking_id=_id(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        resource_kind=event.resource_kind,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        locality=event.locality,
    )


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise Rejected("the subject is not an id") from None
