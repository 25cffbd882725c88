"""What booking publishes about what can be booked and who has it when, without saying who."""

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.events.fields import (
    Capacity,
    ContactId,
    EndsAt,
    Instant,
    Occurrences,
    OrganisationId,
    ResourceId,
    SeriesId,
    StartsAt,
    Weekday,
)
from shared.events.words import Kind, Locality


class ResourceKind(Kind):
    """What can be booked: `conversation` (samtale with the centre), `room` (lokale), `equipment` (udstyr) or
    `service`."""

    CONVERSATION = "conversation"
    ROOM = "room"
    EQUIPMENT = "equipment"
    SERVICE = "service"


class Purpose(Kind):
    """What a booking is for, as whoever booked chose it: `volunteering` (blive frivillig), `seeking_community`
    (efterlyser fællesskab), `consultancy` (rådgivning of an association) or `other`. Never a diagnosis, and there is
    no free text."""

    VOLUNTEERING = "volunteering"
    SEEKING_COMMUNITY = "seeking_community"
    CONSULTANCY = "consultancy"
    OTHER = "other"


class Channel(Kind):
    """Who pressed the button: `self` (whoever needs the booking) or `assisted` (staff, for somebody who called or
    came)."""

    SELF = "self"
    ASSISTED = "assisted"


class CancelledBy(Kind):
    """Whose side cancelled: `citizen` (the side that had booked, an association included) or `staff` (the centre)."""

    CITIZEN = "citizen"
    STAFF = "staff"


class RefusalCause(Kind):
    """Why one of a series' times was not to be had: `taken` (somebody else has it), `not_open` (closed then, or too
    soon or too far ahead), `no_such_time` (the spring night's hour that the clock skips), `quota_used` (the
    association's share of that month), `not_open_to_you` or `other`."""

    TAKEN = "taken"
    NOT_OPEN = "not_open"
    NO_SUCH_TIME = "no_such_time"
    QUOTA_USED = "quota_used"
    NOT_OPEN_TO_YOU = "not_open_to_you"
    OTHER = "other"


class Refusal(Part):
    """One of the times that were not to be had."""

    starts_at: StartsAt
    cause: RefusalCause


class _Booking(Event):
    TOPIC = "booking.events"
    SUBJECT = "id of the booking"

    resource_id: ResourceId
    resource_kind: ResourceKind
    purpose: Purpose
    channel: Channel
    starts_at: StartsAt
    ends_at: EndsAt
    locality: Locality | None = Field(None, description="Place name: where the resource is.")
    organisation_id: OrganisationId | None = Field(None, description="The organisation that booked, if one did.")
    contact_id: ContactId | None = None
    series_id: SeriesId | None = None


class BookingRequested(_Booking):
    """Somebody has asked for a time (bookinganmodning), and it was free.

    True from the moment they asked; for what staff recorded afterwards, no later than `starts_at`.
    Do not conclude that they got it; see `booking.confirmed`. A request is not taken back by a cancellation.
    """

    TYPE = "kompas.booking.booking.requested.v1"

    awaits_answer: bool | None = Field(None, description="Whether the centre has yet to answer.", examples=[False])


class BookingConfirmed(_Booking):
    """Somebody holds this time, and no other booking can take it.

    True from the moment the booking was stored; for what staff recorded afterwards, no later than `starts_at`.
    Do not conclude that anybody has been told (see `message.sent`), that the time will not be cancelled, or that they
    came.
    """

    TYPE = "kompas.booking.booking.confirmed.v1"


class BookingCancelled(_Booking):
    """Nobody holds this time any more; it can be booked again.

    True from the moment it was cancelled; when staff cancel it after it began, from `starts_at`. The other fields say
    what the booking was.
    Do not conclude why, nor that the person has given up: they may hold another booking.
    """

    TYPE = "kompas.booking.booking.cancelled.v1"

    cancelled_by: CancelledBy


class BookingDeclined(_Booking):
    """Somebody asked for this time, and the centre said no; it can be booked again.

    True from the moment it was declined; for what is told afterwards, no later than `starts_at`.
    Do not conclude why, nor that the person has given up. A request that was declined was never confirmed.
    """

    TYPE = "kompas.booking.booking.declined.v1"


class BookingRescheduled(_Booking):
    """A booking has moved: `starts_at`, `ends_at` and `locality` say when and where it is now; its former time can be
    booked again.

    True from the moment it was moved; for what is told afterwards, no later than the new `starts_at`.
    Do not conclude that it is one more booking, nor that it was confirmed: a request can be moved, too.
    """

    TYPE = "kompas.booking.booking.rescheduled.v1"

    previous_starts_at: StartsAt = Field(description="When it started until then; RFC 3339, UTC.")
    previous_ends_at: EndsAt = Field(description="When it ended until then; RFC 3339, UTC.")
    confirmed: bool | None = Field(
        None, description="Whether it is confirmed, and not only requested.", examples=[True]
    )


class BookingCompleted(_Booking):
    """Whoever had this time came, and what was booked took place.

    True from `ends_at`, or from when it was told if that was before.
    Do not conclude that a booking without this event did not take place: nobody may have told it yet.
    """

    TYPE = "kompas.booking.booking.completed.v1"


class BookingNoShow(_Booking):
    """Whoever had this time did not come, and had not cancelled.

    True from `ends_at`, or from when it was told if that was before.
    Do not conclude it of a booking that only lacks `booking.completed`: unknown is not no.
    """

    TYPE = "kompas.booking.booking.no_show.v1"


class SeriesDecided(Event):
    """Somebody asked for a time again and again, and each of the times has been decided on its own.

    True from the moment they asked: every occurrence that could be had is a booking of its own, with its own events.
    Do not conclude that the refused ones stay so (they are offered when they become free), and count no bookings by
    it.
    """

    TYPE = "kompas.booking.series.decided.v1"
    TOPIC = "booking.events"
    SUBJECT = "id of the series"

    resource_id: ResourceId
    resource_kind: ResourceKind
    purpose: Purpose
    channel: Channel
    starts_at: StartsAt = Field(description="When the first occurrence starts; RFC 3339, UTC.")
    ends_at: EndsAt = Field(description="When the last occurrence ends; RFC 3339, UTC.")
    locality: Locality | None = Field(None, description="Place name: where the resource is.")
    organisation_id: OrganisationId | None = Field(None, description="The organisation that asked, if one did.")
    contact_id: ContactId | None = None
    booked: Occurrences = Field(description="How many occurrences were booked, to be confirmed or not.")
    refused: Occurrences = Field(description="How many were not to be had.")
    first_ends_at: Instant | None = Field(
        None,
        description="When the first occurrence ends; RFC 3339, UTC. Every other lasts as long on a Danish wall clock.",
        examples=["2023-03-15T11:00:00Z"],
    )
    weekdays: list[Weekday] = Field([], description="The Danish weekdays of the occurrences, each once.")
    confirmed: Occurrences | None = Field(None, description="How many of those booked are confirmed already.")
    refusals: list[Refusal] = Field([], description="Those that were not to be had, each with its cause.")


class TimeOffered(Event):
    """A time that somebody waits for has become free, and until `answer_by` nobody else can take it.

    True from the moment it was offered.
    Do not conclude that they take it (see `booking.confirmed`), nor that they were the first to wait.
    """

    TYPE = "kompas.booking.time.offered.v1"
    TOPIC = "booking.events"
    SUBJECT = "id of the place in the line"

    resource_id: ResourceId
    resource_kind: ResourceKind
    starts_at: StartsAt
    ends_at: EndsAt
    locality: Locality | None = Field(None, description="Place name: where it is.")
    contact_id: ContactId | None = None
    answer_by: Instant = Field(
        description="Until when the offer stands; RFC 3339, UTC.", examples=["2023-03-10T09:00:00Z"]
    )


class ResourceOpened(Event):
    """Something can be booked.

    True from the moment it was entered.
    Do not conclude that there is a free time; opening hours are not in the event.
    """

    TYPE = "kompas.booking.resource.opened.v1"
    TOPIC = "booking.events"
    SUBJECT = "id of the resource"

    kind: ResourceKind
    locality: Locality | None = Field(None, description="Place name: where it is.")
    capacity: Capacity | None = None


class ResourceClosed(Event):
    """Something can no longer be booked.

    True from the moment it was closed.
    Do not conclude that its bookings are cancelled; each of them says so itself.
    """

    TYPE = "kompas.booking.resource.closed.v1"
    TOPIC = "booking.events"
    SUBJECT = "id of the resource"

    kind: ResourceKind = Field(description="What it was.")
