"""What the directory publishes of its registers: premises, agreements, bodies, posts (never who holds them)."""

from pydantic import Field

from shared.events.directory import Partner
from shared.events.envelope import Event
from shared.events.fields import ContactId, Day, Instant, OrganisationId, ReplacedBy
from shared.events.kinds import NetworkLife, OrganisationKind, Sector
from shared.events.words import Key, Kind, Locality, Slug


class AgreementKind(Kind):
    """What an agreement is about: `cooperation` (samarbejdsaftale), `partnership` (partnerskabsaftale, with a national
    organisation), `funding` (tilskudsaftale) or `premises` (lokaleaftale)."""

    COOPERATION = "cooperation"
    PARTNERSHIP = "partnership"
    FUNDING = "funding"
    PREMISES = "premises"


class BodyKind(Kind):
    """What a body is: `board` (bestyrelse), `council` (råd), `committee` (udvalg), `steering_group` (styregruppe),
    `think_tank` (tænketank), `secretariat` (sekretariat), `working_group` (arbejdsgruppe) or `joint_council`
    (samråd)."""

    BOARD = "board"
    COUNCIL = "council"
    COMMITTEE = "committee"
    STEERING_GROUP = "steering_group"
    THINK_TANK = "think_tank"
    SECRETARIAT = "secretariat"
    WORKING_GROUP = "working_group"
    JOINT_COUNCIL = "joint_council"


class AppointmentRole(Kind):
    """What somebody does: `chair` (formand), `deputy` (næstformand), `treasurer` (kasserer), `member` (medlem),
    `substitute` (suppleant), `ambassador` (ambassadør) or `anchor_person` (ankerperson)."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    TREASURER = "treasurer"
    MEMBER = "member"
    SUBSTITUTE = "substitute"
    AMBASSADOR = "ambassador"
    ANCHOR_PERSON = "anchor_person"


class _Premises(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the premises"

    organisation_id: OrganisationId | None = None
    publisher_kind: OrganisationKind | None = Field(None, description="What the organisation is that shows them.")
    publisher_sector: Sector | None = None
    locality: Locality | None = None


class PremisesRegistered(_Premises):
    """Premises (lokaler) stand in the directory, shown by the organisation that is named, or by the centre itself.

    True from `registered_on`.
    Do not conclude that they can be borrowed, or that anybody has.
    """

    TYPE = "kompas.directory.premises.registered.v1"

    registered_on: Day = Field(description="The first day in the directory (Danish calendar).")


class PremisesClosed(_Premises):
    """Premises no longer stand in the directory.

    True from `closed_on`; an organisation that closes takes its premises along. Those that were merged into
    `replaced_by` never were one more: closed from the day they were registered; taken back, they are registered again.
    Do not conclude that the building is gone.
    """

    TYPE = "kompas.directory.premises.closed.v1"

    closed_on: Day = Field(description="The first day without the premises.")
    replaced_by: ReplacedBy = None


class _Agreement(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the agreement"

    kind: AgreementKind
    locality: Locality | None = Field(None, description="Place name: where it holds, if in one place.")
    area: Slug | None = Field(None, description="What it is about.", examples=["foreningsservice"])


class AgreementConcluded(_Agreement):
    """The parties have agreed (indgået aftale).

    True from `concluded_on`, which may lie long before it was recorded.
    Do not conclude that anything has been done by it, nor what a party has promised.
    """

    TYPE = "kompas.directory.agreement.concluded.v1"

    partners: list[Partner] = Field(description="All who agreed, the centre not counted.")
    concluded_on: Day = Field(description="The first day of the agreement (Danish calendar).")


class AgreementEnded(_Agreement):
    """An agreement holds no longer: its term is over, or it was ended before.

    True from `ended_on`, the first day without it.
    Do not conclude that anybody broke it, nor that its parties have stopped working together.
    """

    TYPE = "kompas.directory.agreement.ended.v1"

    ended_on: Day = Field(description="The first day without the agreement.")


class _Body(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the body"

    kind: BodyKind
    slug: Key = Field(description="The body's name among the centre's bodies.", examples=["styregruppe"])


class BodyEstablished(_Body):
    """A board, council or group is there (nedsat, etableret).

    True from `established_on`.
    Do not conclude that it has met, nor that anybody has been appointed to it.
    """

    TYPE = "kompas.directory.body.established.v1"

    established_on: Day = Field(description="The first day of the body (Danish calendar).")


class BodyDissolved(_Body):
    """A board, council or group is no longer there.

    True from `dissolved_on`, the first day without it. Appointments to it end by events of their own.
    Do not conclude that it failed.
    """

    TYPE = "kompas.directory.body.dissolved.v1"

    dissolved_on: Day = Field(description="The first day without the body.")


class _Appointment(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the appointment"

    role: AppointmentRole
    body_slug: Key | None = Field(
        None, description="To which of the centre's bodies, by its name; none for ambassadors."
    )
    body_kind: BodyKind | None = None
    locality: Locality | None = Field(None, description="Place name: where whoever was appointed comes from.")


class AppointmentStarted(_Appointment):
    """Somebody has taken up a post (udpeget, valgt): in a body, or as ambassador or anchor person.

    True from `started_on`. Who it is stays with the centre.
    Do not conclude that two appointments are two persons: one person may hold several.
    """

    TYPE = "kompas.directory.appointment.started.v1"

    started_on: Day = Field(description="The first day in the post (Danish calendar).")


class AppointmentEnded(_Appointment):
    """Somebody no longer holds a post.

    True from `ended_on`, the first day without it.
    Do not conclude why.
    """

    TYPE = "kompas.directory.appointment.ended.v1"

    ended_on: Day = Field(description="The first day out of the post.")


class NetworkStageChanged(Event):
    """A network stands further on its own than before, or less far (netværkets livsforløb).

    True from the moment the centre entered it. `life` says how it is now.
    Do not conclude that it could not change back, nor that the network meets.
    """

    TYPE = "kompas.directory.network.stage_changed.v1"
    TOPIC = "directory.events"
    SUBJECT = "id of the organisation"

    life: NetworkLife
    locality: Locality | None = Field(None, description="Place name: where the network is at home, if anywhere.")


class EditorInvited(Event):
    """An editor of an organisation has been given a link by which the organisation's entries are edited.

    True from the moment it was made. Where it is mailed to stands on the restricted topic `contacts` only.
    Do not conclude that it has been used.
    """

    TYPE = "kompas.directory.editor.invited.v1"
    TOPIC = "directory.events"
    SUBJECT = "id of the link"

    organisation_id: OrganisationId
    contact_id: ContactId
    expires_at: Instant = Field(
        description="When it opens nothing any more; RFC 3339, UTC.", examples=["2023-04-07T11:00:00Z"]
    )
