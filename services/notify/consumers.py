"""What notify hears: where people are reached, what became of bookings and seats, what associations are sent."""

from functools import partial

from faststream.kafka import KafkaBroker
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.asking import (
    ASSURANCES,
    assurance_asked,
    decision_announced,
    funding_announced,
    survey_answered,
    survey_closed,
    survey_invited,
    survey_reminded,
)
from services.notify.contacts import usecases as contacts
from services.notify.deliveries import repository as mails
from services.notify.deliveries import usecases as deliveries
from services.notify.deliveries.letters import name_of
from services.notify.deliveries.transport import Mailbox, Transport
from services.notify.told import booking_of, signup_of
from shared.database import Database
from shared.events.bookings import (
    BookingCancelled,
    BookingConfirmed,
    BookingDeclined,
    BookingRequested,
    BookingRescheduled,
    SeriesDecided,
    TimeOffered,
)
from shared.events.contacts import ContactShared
from shared.events.decisions import DecisionAnnounced
from shared.events.envelope import Event
from shared.events.funding import FundingAnnounced
from shared.events.kpi import SurveyClosed, SurveyInvited, SurveyReminded, SurveyResponseSubmitted
from shared.events.notify import MessageChannel, MessagePurpose
from shared.events.registers import EditorInvited
from shared.events.signups import (
    SignupCancelled,
    SignupConfirmed,
    SignupEnd,
    SignupOffered,
    SignupRescheduled,
    SignupWaitlisted,
)
from shared.messaging.consume import Handler, Received, id_of, listen
from shared.metrics import Metrics

SIGNUPS: dict[type[Event], MessagePurpose] = {
    SignupConfirmed: MessagePurpose.SIGNUP_CONFIRMATION,
    SignupWaitlisted: MessagePurpose.SIGNUP_WAITLISTED,
    SignupOffered: MessagePurpose.SIGNUP_OFFER,
    SignupRescheduled: MessagePurpose.SIGNUP_CHANGE,
}
ENDED = {
    SignupEnd.CITIZEN: MessagePurpose.SIGNUP_CANCELLATION,
    SignupEnd.STAFF: MessagePurpose.SIGNUP_CANCELLATION,
    SignupEnd.OFFER_EXPIRED: MessagePurpose.SIGNUP_OFFER_EXPIRED,
    SignupEnd.GATHERING_CANCELLED: MessagePurpose.GATHERING_CANCELLATION,
}


def subscribe(broker: KafkaBroker, database: Database, metrics: Metrics, transport: Transport) -> None:
    listen(
        broker,
        database,
        metrics,
        consumer="notify",
        topic=ContactShared.TOPIC,
        handlers={ContactShared: contact_shared},
        on_tombstone=partial(erased_with_mails, transport) if isinstance(transport, Mailbox) else contact_erased,
    )
    listen(
        broker,
        database,
        metrics,
        consumer="notify",
        topic=BookingConfirmed.TOPIC,
        handlers={
            **TELLING,
            **dict.fromkeys(SIGNUPS, signup_changed),
            SignupCancelled: signup_cancelled,
        },
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
    listen(
        broker,
        database,
        metrics,
        consumer="notify",
        topic=EditorInvited.TOPIC,
        handlers={
            EditorInvited: editor_invited,
            FundingAnnounced: funding_announced,
            DecisionAnnounced: decision_announced,
            **dict.fromkeys(ASSURANCES, assurance_asked),
        },
    )


async def contact_shared(session: AsyncSession, received: Received) -> None:
    await contacts.keep(session, received.tenant, id_of(received.subject), received.event)


async def contact_erased(session: AsyncSession, key: str) -> None:
    await contacts.erase(session, id_of(key))


async def erased_with_mails(mailbox: Mailbox, session: AsyncSession, key: str) -> None:
    """Who dies before the commit does it again: to remove what is gone is nothing."""
    await contact_erased(session, key)
    kept = await mails.all_for(session, id_of(key))
    await mailbox.forget([name_of(each, channel) for each in kept for channel in MessageChannel])


async def told(purpose: MessagePurpose, session: AsyncSession, received: Received) -> None:
    if purpose is MessagePurpose.BOOKING_CONFIRMATION and received.event.series_id:
        return  # Of a season's forty confirmations nobody reads the second: `series.decided` tells of them all.
    if isinstance(received.event, BookingRequested) and (received.event.series_id or not received.event.awaits_answer):
        return  # What was confirmed at once is told once.
    await deliveries.plan(session, booking_of(received), purpose)


# What somebody is told by mail, and as what.
PURPOSES: dict[type[Event], MessagePurpose] = {
    BookingRequested: MessagePurpose.BOOKING_REQUEST,
    BookingConfirmed: MessagePurpose.BOOKING_CONFIRMATION,
    BookingCancelled: MessagePurpose.BOOKING_CANCELLATION,
    BookingRescheduled: MessagePurpose.BOOKING_RESCHEDULE,
    BookingDeclined: MessagePurpose.BOOKING_REFUSAL,
    SeriesDecided: MessagePurpose.SERIES_DECISION,
    TimeOffered: MessagePurpose.TIME_OFFER,
}
TELLING: dict[type[Event], Handler] = {event: partial(told, purpose) for event, purpose in PURPOSES.items()}


async def editor_invited(session: AsyncSession, received: Received) -> None:
    """Once the link opens nothing any more, it is not sent."""
    event: EditorInvited = received.event
    told = deliveries.Told(
        tenant=received.tenant,
        event_id=received.id,
        said_at=received.time,
        booking_id=id_of(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        starts_at=event.expires_at,
        ends_at=event.expires_at,
        locality=None,
        says_when=False,
    )
    await deliveries.plan(session, told, MessagePurpose.EDITOR_LINK)


async def signup_changed(session: AsyncSession, received: Received) -> None:
    invited = isinstance(received.event, SignupConfirmed) and received.event.invited
    purpose = MessagePurpose.GATHERING_INVITATION if invited else SIGNUPS[type(received.event)]
    await deliveries.plan(session, signup_of(received), purpose)


async def signup_cancelled(session: AsyncSession, received: Received) -> None:
    # A reason that a newer publisher knows and we do not is still a seat given up.
    purpose = ENDED.get(received.event.ended_by, MessagePurpose.SIGNUP_CANCELLATION)
    await deliveries.plan(session, signup_of(received), purpose)
