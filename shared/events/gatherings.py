"""What booking publishes about gatherings: who meets when and where, without saying who."""

from typing import ClassVar

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.events.fields import (
    EndsAt,
    OrganisationId,
    Participants,
    StartsAt,
)
from shared.events.kinds import Form, Sector
from shared.events.words import Kind, Locality, Slug, Unit


class GatheringKind(Kind):
    """What people met for: `workshop`, `course` (kursus), `network_meeting` (netværksmøde), `dialogue_meeting`
    (dialogmøde with a public body), `bridge_meeting` (brobygningsmøde: somebody is followed from a public offer to a
    community), `advice_session` (rådgivning for associations), `bus_run` (a tour with the centre's bus), `seminar`,
    `open_activity` (åben aktivitet, åbent hus), `committee_meeting` (udvalgsmøde), `general_meeting`
    (generalforsamling), `info_meeting` (informationsmøde) or `other`."""

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


class Organiser(Part):
    """One of those who arrange a gathering; without an id when it stands in no directory."""

    organisation_id: OrganisationId | None = None
    sector: Sector


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


class GatheringUpdated(_Gathering):
    """A gathering that is to come is no longer as it was scheduled: moved, to another time, place or topic.

    True from the moment it was changed; for what staff recorded afterwards, no later than `starts_at`. It says how the
    gathering is now.
    Do not conclude that it is another gathering, nor that it took place.
    """

    TYPE = "kompas.booking.gathering.updated.v1"


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
