"""What notify hears: where people are reached, what became of bookings and seats, which surveys they are asked."""

from functools import partial
from typing import Literal
from uuid import UUID

from faststream.kafka import KafkaBroker
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.contacts import usecases as contacts
from services.notify.deliveries import repository as mails
from services.notify.deliveries import usecases as deliveries
from services.notify.deliveries.letters import name_of
from services.notify.deliveries.rules import Reason, names_time_and_place
from services.notify.deliveries.seasons import Season
from services.notify.deliveries.transport import Mailbox, Transport
from shared.database import Database
from shared.events.bookings import (
    BookingCancelled,
    BookingConfirmed,
    BookingDeclined,
    BookingRescheduled,
    SeriesDecided,
    TimeOffered,
)
from shared.events.contacts import ContactShared
from shared.events.envelope import Event
from shared.events.freshness import AssuranceLapsed, AssuranceReminded, AssuranceRequested
from shared.events.kpi import SurveyClosed, SurveyInvited, SurveyReminded, SurveyResponseSubmitted
from shared.events.notify import MessagePurpose
from shared.events.signups import (
    SignupCancelled,
    SignupConfirmed,
    SignupEnd,
    SignupOffered,
    SignupRescheduled,
    SignupWaitlisted,
)
from shared.messaging.consume import Handler, Received, Rejected, listen
from shared.metrics import Metrics

Telling = BookingConfirmed | BookingCancelled | BookingRescheduled | BookingDeclined | SeriesDecided | TimeOffered
SIGNUPS: dict[type[Event], MessagePurpose] = {
    SignupConfirmed: MessagePurpose.SIGNUP_CONFIRMATION,
    SignupWaitlisted: MessagePurpose.SIGNUP_WAITLISTED,
    SignupOffered: MessagePurpose.SIGNUP_OFFER,
    SignupRescheduled: MessagePurpose.SIGNUP_CHANGE,
}
ASSURANCES: dict[type[Event], MessagePurpose] = {
    AssuranceRequested: MessagePurpose.ASSURANCE_REQUEST,
    AssuranceReminded: MessagePurpose.ASSURANCE_REMINDER,
    AssuranceLapsed: MessagePurpose.ASSURANCE_LAPSE,
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
        topic=AssuranceRequested.TOPIC,
        handlers=dict.fromkeys(ASSURANCES, assurance_asked),
    )


async def contact_shared(session: AsyncSession, received: Received) -> None:
    await contacts.keep(session, received.tenant, _id(received.subject), received.event)


async def contact_erased(session: AsyncSession, key: str) -> None:
    await contacts.erase(session, _id(key))


async def erased_with_mails(mailbox: Mailbox, session: AsyncSession, key: str) -> None:
    """Who dies before the commit does it again: to remove what is gone is nothing."""
    await contact_erased(session, key)
    await mailbox.forget([name_of(each) for each in await mails.all_for(session, _id(key))])


async def told(purpose: MessagePurpose, session: AsyncSession, received: Received) -> None:
    if purpose is MessagePurpose.BOOKING_CONFIRMATION and received.event.series_id:
        return  # Of a season's forty confirmations nobody reads the second: `series.decided` tells of them all.
    await deliveries.plan(session, _booking(received), purpose)


# What somebody is told by mail, and as what.
PURPOSES: dict[type[Event], MessagePurpose] = {
    BookingConfirmed: MessagePurpose.BOOKING_CONFIRMATION,
    BookingCancelled: MessagePurpose.BOOKING_CANCELLATION,
    BookingRescheduled: MessagePurpose.BOOKING_RESCHEDULE,
    BookingDeclined: MessagePurpose.BOOKING_REFUSAL,
    SeriesDecided: MessagePurpose.SERIES_DECISION,
    TimeOffered: MessagePurpose.TIME_OFFER,
}
TELLING: dict[type[Event], Handler] = {event: partial(told, purpose) for event, purpose in PURPOSES.items()}


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


async def assurance_asked(session: AsyncSession, received: Received) -> None:
    event: AssuranceRequested | AssuranceReminded | AssuranceLapsed = received.event
    asked = deliveries.AskedOwner(
        tenant=received.tenant,
        event_id=received.id,
        letter_id=_id(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        entries=event.entries,
    )
    await deliveries.plan_assurance(session, asked, ASSURANCES[type(event)])


async def signup_changed(session: AsyncSession, received: Received) -> None:
    invited = isinstance(received.event, SignupConfirmed) and received.event.invited
    purpose = MessagePurpose.GATHERING_INVITATION if invited else SIGNUPS[type(received.event)]
    await deliveries.plan(session, _signup(received), purpose)


async def signup_cancelled(session: AsyncSession, received: Received) -> None:
    # A reason that a newer publisher knows and we do not is still a seat given up.
    purpose = ENDED.get(received.event.ended_by, MessagePurpose.SIGNUP_CANCELLATION)
    await deliveries.plan(session, _signup(received), purpose)


def _signup(received: Received) -> deliveries.Told:
    """Of an internal gathering a mail says neither when nor where nor what, unless the centre invited to it."""
    event: SignupConfirmed | SignupWaitlisted | SignupOffered | SignupRescheduled | SignupCancelled = received.event
    return deliveries.Told(
        tenant=received.tenant,
        event_id=received.id,
        said_at=received.time,
        booking_id=_id(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        locality=event.locality,
        says_when=event.invited or not event.internal,
        answer_by=event.offer_until if isinstance(event, SignupOffered) else None,
        gathering_id=event.gathering_id,
        revision=event.revision,
        calendar_method=_method(event),
    )


def _method(event: Event) -> Literal["REQUEST", "CANCEL"] | None:
    """In somebody's own calendar stands what they have a seat at, and not what they wait for."""
    match event:
        case SignupConfirmed() | SignupRescheduled(seated=True):
            return "REQUEST"
        case SignupCancelled(seated=True):
            return "CANCEL"
    return None


def _booking(received: Received) -> deliveries.Told:
    """What a mail may need of a booking. Its purpose stays behind here: no table of ours holds it."""
    event: Telling = received.event
    return deliveries.Told(
        tenant=received.tenant,
        event_id=received.id,
        said_at=received.time,
        booking_id=_id(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        locality=event.locality,
        says_when=names_time_and_place(event.resource_kind),
        season=Season.of(event),
    )


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise Rejected("the subject is not an id") from None
