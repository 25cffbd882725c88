"""What notify publishes: that something was sent, and that a material reached those it is meant for."""

from pydantic import Field

from shared.events.envelope import Event
from shared.events.fields import Day, Register, StakeholderId
from shared.events.words import Key, Kind, Slug


class MessageChannel(Kind):
    """How a message travels: `email` or `sms` (a text message to a telephone)."""

    EMAIL = "email"
    SMS = "sms"


class MessagePurpose(Kind):
    """What a message tells: `booking_confirmation` (a booking was made), `booking_request` (a time was asked for, and
    the centre will answer), `booking_cancellation` (it was cancelled);
    `booking_reschedule` (it was moved), `booking_refusal` (it was declined), `series_decision` (what became of a
    recurring request), `time_offer` (a time that somebody waited for is free);
    `survey_invitation` (an association is asked to answer a survey), `survey_reminder` (it has not answered yet);
    `assurance_request` (the owner of entries in the directory is asked whether they hold), `assurance_reminder` (asked
    again), `assurance_lapse` (told that they are hidden);
    `funding_deadlines` (an association is told of funders' deadlines that come near);
    `editor_link` (the link by which an editor keeps an association's entries in the directory), `change_approval` (what
    an editor sent in is approved), `change_return` (they are asked to look at it once more);
    `signup_confirmation` (somebody has a seat at a gathering), `gathering_invitation` (somebody is
    invited to one), `signup_waitlisted` (they wait for one), `signup_offer`
    (one is held for them), `signup_offer_expired` (it was, and has moved on), `signup_change` (the gathering was
    moved), `signup_cancellation` (their seat was given up), `gathering_cancellation` (it will not take place)."""

    BOOKING_CONFIRMATION = "booking_confirmation"
    BOOKING_REQUEST = "booking_request"
    BOOKING_CANCELLATION = "booking_cancellation"
    BOOKING_RESCHEDULE = "booking_reschedule"
    BOOKING_REFUSAL = "booking_refusal"
    SERIES_DECISION = "series_decision"
    TIME_OFFER = "time_offer"
    SURVEY_INVITATION = "survey_invitation"
    SURVEY_REMINDER = "survey_reminder"
    ASSURANCE_REQUEST = "assurance_request"
    ASSURANCE_REMINDER = "assurance_reminder"
    ASSURANCE_LAPSE = "assurance_lapse"
    FUNDING_DEADLINES = "funding_deadlines"
    EDITOR_LINK = "editor_link"
    CHANGE_APPROVAL = "change_approval"
    CHANGE_RETURN = "change_return"
    SIGNUP_CONFIRMATION = "signup_confirmation"
    SIGNUP_WAITLISTED = "signup_waitlisted"
    SIGNUP_OFFER = "signup_offer"
    SIGNUP_OFFER_EXPIRED = "signup_offer_expired"
    SIGNUP_CHANGE = "signup_change"
    SIGNUP_CANCELLATION = "signup_cancellation"
    GATHERING_INVITATION = "gathering_invitation"
    GATHERING_CANCELLATION = "gathering_cancellation"


class _Message(Event):
    TOPIC = "notify.events"
    SUBJECT = "id of the message"

    channel: MessageChannel
    purpose: MessagePurpose


class MessageSent(_Message):
    """A message has been handed over for delivery.

    True from the moment the mail server accepted it.
    Do not conclude that it was delivered or read.
    """

    TYPE = "kompas.notify.message.sent.v1"


class MessageFailed(_Message):
    """A message could not be handed over, and it will not be tried again.

    True from the moment the last attempt failed or the mail server refused it for good.
    Do not conclude that the address is wrong.
    """

    TYPE = "kompas.notify.message.failed.v1"


class MessageSuppressed(_Message):
    """A message was not sent on purpose: nobody to send it to, nothing left to tell, or the person does not want it.

    True from the moment it was decided.
    Do not conclude which of these it was.
    """

    TYPE = "kompas.notify.message.suppressed.v1"


class MaterialExposed(Event):
    """A member of a register has been shown the material that the register is about (eksponeret).

    True on `exposed_on`, whoever recorded it later.
    Do not conclude that it was opened, read or liked.
    """

    TYPE = "kompas.notify.material.exposed.v1"
    TOPIC = "notify.events"
    SUBJECT = "id of the exposure"

    in_register: Register = Field(alias="register")
    stakeholder_id: StakeholderId
    material: Key = Field(description="Which material.", examples=["inspirationspakken"])
    channel: Slug = Field(description="How it was shown, in the centre's own words.", examples=["møde"])
    exposed_on: Day = Field(description="The day it was shown (Danish calendar).")
