"""What booking publishes of seats at gatherings: taken, waited for, offered, given back; never by whom."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.bookings import Channel
from shared.events.envelope import Event
from shared.events.fields import ContactId, EndsAt, Instant, OrganisationId, Participants, StartsAt
from shared.events.gatherings import GatheringKind
from shared.events.words import Kind, Locality, Slug


class SignupEnd(Kind):
    """Why a seat, or a place in the queue for one, was given up: `citizen` (whoever had it), `staff` (the centre),
    `offer_expired` (the seat that was offered was not taken in time) or `gathering_cancelled`."""

    CITIZEN = "citizen"
    STAFF = "staff"
    OFFER_EXPIRED = "offer_expired"
    GATHERING_CANCELLED = "gathering_cancelled"


class CountedBy(Kind):
    """How attendance was recorded: `list` (off the list of those who had signed up) or `count` (heads, nobody's
    name)."""

    LIST = "list"
    COUNT = "count"


class _Signup(Event):
    TOPIC = "booking.events"
    SUBJECT = "id of the sign-up"

    gathering_id: UUID = Field(
        description="What they want to come to.", examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c407"]
    )
    kind: GatheringKind
    topic: Slug | None = Field(None, description="What it is about.", examples=["ledelse"])
    internal: bool = Field(
        description="Whether it is kept out of the public calendar: then no message says when or where.",
        examples=[False],
    )
    locality: Locality | None = Field(None, description="Place name: where people meet.")
    starts_at: StartsAt
    ends_at: EndsAt
    revision: int = Field(
        ge=0,
        le=2**31 - 1,
        description="How often the gathering has been changed: the SEQUENCE of its entry in a calendar.",
        examples=[0],
    )
    invited: bool = Field(
        description="Whether the centre invited them, for instance to a committee: then a message says when and where.",
        examples=[False],
    )
    channel: Channel
    organisation_id: OrganisationId | None = Field(None, description="The organisation they come for, if for one.")
    contact_id: ContactId | None = None


class SignupConfirmed(_Signup):
    """Somebody has a seat at a gathering, and nobody else can take it.

    True from the moment it was stored; for what staff recorded afterwards, no later than `starts_at`.
    Do not conclude that they came; see `attendance.recorded`.
    """

    TYPE = "kompas.booking.signup.confirmed.v1"


class SignupWaitlisted(_Signup):
    """Somebody waits for a seat, because there was none for them.

    True from the moment it was stored.
    Do not conclude that all seats were taken: some may be kept for those who meet a criterion.
    """

    TYPE = "kompas.booking.signup.waitlisted.v1"


class SignupOffered(_Signup):
    """A seat has become free and is held for somebody who waits, until `offer_until`.

    True from the moment it was stored. If it is taken, `signup.confirmed` follows, otherwise `signup.cancelled`.
    Do not conclude that they know of it.
    """

    TYPE = "kompas.booking.signup.offered.v1"

    offer_until: Instant = Field(description="Until when it is held; RFC 3339, UTC.", examples=["2023-03-10T12:00:00Z"])


class SignupRescheduled(_Signup):
    """What somebody has signed up for has been moved: the other fields say where to and when.

    True from the moment it was changed.
    Do not conclude that they can come then.
    """

    TYPE = "kompas.booking.signup.rescheduled.v1"

    seated: bool = Field(description="Whether they have a seat, and do not only wait for one.", examples=[True])


class SignupCancelled(_Signup):
    """Somebody has given up their seat, or no longer waits for one.

    True from the moment it was stored; for what is told afterwards, from `starts_at`. The other fields say what it was.
    Do not conclude that a seat is free: it may be offered to the next at the same moment.
    """

    TYPE = "kompas.booking.signup.cancelled.v1"

    ended_by: SignupEnd
    seated: bool = Field(description="Whether they had a seat, and did not only wait for one.", examples=[True])


class AttendanceRecorded(Event):
    """Somebody has recorded how many came to a gathering, off the list or by counting heads.

    True from `ends_at`, or from when it was recorded if that was before. A later one replaces it. Its number is the one
    that `gathering.held` tells as well: count one of the two.
    Do not conclude who came, nor that whoever is not on the list stayed away.
    """

    TYPE = "kompas.booking.attendance.recorded.v1"
    TOPIC = "booking.events"
    SUBJECT = "id of the gathering"
    EXAMPLE: ClassVar = {"time": "2023-03-15T09:30:00Z", "recordedtime": "2023-03-16T07:15:00Z"}

    kind: GatheringKind
    topic: Slug | None = Field(None, description="What it was about.", examples=["ledelse"])
    locality: Locality | None = Field(None, description="Place name: where people met.")
    starts_at: StartsAt
    ends_at: EndsAt
    counted_by: CountedBy
    participants: Participants
