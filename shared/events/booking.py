"""What booking publishes: who meets when and where, without saying who."""

from typing import ClassVar

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.events.fields import Capacity, ContactId, EndsAt, OrganisationId, Participants, ResourceId, StartsAt
from shared.events.kinds import Sector
from shared.events.words import Kind, Locality, Slug, Unit


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


class GatheringKind(Kind):
    """What people met for: `workshop`, `course` (kursus), `network_meeting` (netværksmøde), `dialogue_meeting`
    (dialogmøde with a public body), `bridge_meeting` (brobygningsmøde: somebody is followed from a public offer to a
    community), `advice_session` (rådgivning for associations), `bus_run` (a tour with the centre's bus), `seminar`,
    `open_activity` (åben aktivitet), `committee_meeting` (udvalgsmøde), `general_meeting` (generalforsamling),
    `info_meeting` (informationsmøde) or `other`."""

    WORKSHOP = "workshop"
    COURSE = "course"
    NETWORK_MEETING = "network_meeting"
    DIALOGUE_MEETING = "dialogue_meeting"
    BRIDGE_MEETING = "bridge_meeting"
    ADVICE_SESSION = "advice_session"
    BUS_RUN = "bus_run"
    SEMINAR = "seminar"
    OPEN_ACTIVITY = "open_activity"
    COMMITTEE_MEETING = "committee_meeting"
    GENERAL_MEETING = "general_meeting"
    INFO_MEETING = "info_meeting"
    OTHER = "other"


class Form(Kind):
    """How people met: `physical` (fysisk), `digital` (online) or `both`."""

    PHYSICAL = "physical"
    DIGITAL = "digital"
    BOTH = "both"


class Organiser(Part):
    """One of those who arrange a gathering; without an id when it stands in no directory."""

    organisation_id: OrganisationId | None = None
    sector: Sector


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


class BookingRequested(_Booking):
    """Somebody has asked for a time (bookinganmodning), and it was free.

    True from the moment they asked; for what staff recorded afterwards, no later than `starts_at`.
    Do not conclude that they got it; see `booking.confirmed`. A request is not taken back by a cancellation.
    """

    TYPE = "kompas.booking.booking.requested.v1"


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


class _Gathering(Event):
    TOPIC = "booking.events"
    SUBJECT = "id of the gathering"

    kind: GatheringKind
    topic: Slug | None = Field(None, description="What it was about.", examples=["ledelse"])
    organisers: list[Organiser] = Field(description="All who arrange it together.")
    audience_unit: Unit | None = Field(
        None, description="The public body's department that it is held for, if for one."
    )
    locality: Locality | None = Field(None, description="Place name: where people meet.")
    form: Form
    starts_at: StartsAt
    ends_at: EndsAt


class GatheringScheduled(_Gathering):
    """People have been invited to meet: a date is set and can be known.

    True from the moment it was entered; for what staff recorded afterwards, no later than `starts_at`.
    Do not conclude that it took place; see `gathering.held`.
    """

    TYPE = "kompas.booking.gathering.scheduled.v1"


class GatheringCancelled(_Gathering):
    """A gathering that was scheduled will not take place.

    True from the moment it was cancelled; for what is told afterwards, from `starts_at`.
    Do not conclude that it will not be arranged anew; that is then another gathering.
    """

    TYPE = "kompas.booking.gathering.cancelled.v1"


class GatheringHeld(_Gathering):
    """People have met, and somebody has counted them.

    True from `ends_at`, or from when they were counted if that was before.
    Do not conclude that the participants are different people from those of another gathering, nor that a gathering
    without this event did not take place: it may not have been counted yet.
    """

    TYPE = "kompas.booking.gathering.held.v1"
    EXAMPLE: ClassVar = {"time": "2023-03-15T09:30:00Z", "recordedtime": "2023-03-16T07:15:00Z"}

    participants: Participants


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
