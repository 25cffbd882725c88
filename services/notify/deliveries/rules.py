"""Rules for telling people something: what is worth a mail, when to send it, and when to stop trying. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from shared.clock import DANISH, start_of_day
from shared.events.bookings import ResourceKind
from shared.events.notify import MessageChannel, MessagePurpose

# A contact travels on a topic of its own and may come after the booking; after a day it was lost or erased.
WAIT_FOR_CONTACT = timedelta(days=1)
# A mail server that refuses us for so long needs a person, and the news has become old.
TRY_FOR = timedelta(days=3)
# What goes by text message cannot wait: a gateway that is away for so long is left for the mail.
TRY_TEXT_FOR = timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=15)


# What somebody should hear of before they next read their mail. A confirmation can wait, and belongs where it is kept.
CANNOT_WAIT = frozenset(
    {
        MessagePurpose.TIME_OFFER,
        MessagePurpose.SIGNUP_OFFER,
        MessagePurpose.BOOKING_CANCELLATION,
        MessagePurpose.BOOKING_RESCHEDULE,
    }
)


class State(StrEnum):
    """`sending` means that somebody has taken it and may have sent it; whoever finds it so after the lease sends it."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class Reason(StrEnum):
    """Why something was not sent, for staff; never with an address in it."""

    NO_CONTACT = "no_contact"
    ERASED = "erased"
    OVERTAKEN = "overtaken"
    TOO_LATE = "too_late"
    ADDRESS_INVALID = "address_invalid"
    RECIPIENT_REFUSED = "recipient_refused"
    MESSAGE_REFUSED = "message_refused"
    GAVE_UP = "gave_up"
    SURVEY_CLOSED = "survey_closed"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Send:
    pass


@dataclass(frozen=True)
class Wait:
    until: datetime


@dataclass(frozen=True)
class Stop:
    state: Literal[State.FAILED, State.SUPPRESSED]
    reason: Reason


Decision = Send | Wait | Stop


def worth_telling(*, starts_at: datetime, said_at: datetime) -> bool:
    """Nobody gets mail about last year: what staff record afterwards had begun before anybody said it."""
    return starts_at > said_at


def names_time_and_place(kind: ResourceKind) -> bool:
    """A room is a room. That somebody has a conversation with the centre, and when, is nobody's who reads along."""
    return kind is ResourceKind.ROOM


def over_after(last_day: date | None) -> datetime | None:
    """When a day on a Danish calendar is over."""
    return start_of_day(last_day + timedelta(days=1)) if last_day else None


def last_day(ends_at: datetime) -> date:
    """The day that is over then: what people are told, because nobody says "before midnight"."""
    return (ends_at - timedelta(seconds=1)).astimezone(DANISH).date()


def decide(*, contact_known: bool, ends_at: datetime | None, created_at: datetime, now: datetime) -> Decision:
    """What to do with a delivery that is due."""
    if ends_at is not None and now >= ends_at:
        return Stop(State.SUPPRESSED, Reason.TOO_LATE)
    if contact_known:
        return Send()
    if now - created_at >= WAIT_FOR_CONTACT:
        return Stop(State.SUPPRESSED, Reason.NO_CONTACT)
    # Its arrival wakes us at once; looking again by ourselves is for the rest of cases.
    return Wait(now + min(LONGEST_PAUSE, max(FIRST_PAUSE, now - created_at)))


def channel_for(
    purpose: MessagePurpose, *, wanted: bool, before: MessageChannel, state: State, attempts: int
) -> MessageChannel:
    """By which way to send it now; `wanted` is whether person, centre and system would have a text message.

    Once left for the mail, it stays there. So does a text message of which nobody knows whether it went out: a mail
    that comes twice is recognised by its name, a text message is not.
    """
    tried_in_vain = attempts > 0 and before is not MessageChannel.SMS
    if wanted and purpose in CANNOT_WAIT and not tried_in_vain and state is not State.SENDING:
        return MessageChannel.SMS
    return MessageChannel.EMAIL


def gives_up_text(*, created_at: datetime, now: datetime) -> bool:
    return now - created_at >= TRY_TEXT_FOR


def after_failure(*, attempts: int, created_at: datetime, now: datetime) -> Wait | Stop:
    """When to try again after attempt number `attempts`, or whether that was the last one."""
    if now - created_at >= TRY_FOR:
        return Stop(State.FAILED, Reason.GAVE_UP)
    return Wait(now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts - 1, 20)))


def language_of(contact_language: str) -> Literal["da", "en"]:
    """Danish for whoever reads Danish, English for everybody else until there are more languages."""
    return "da" if contact_language in ("da", "no", "nb", "nn", "sv", "fo", "kl") else "en"
