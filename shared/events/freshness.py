"""What the directory publishes of how fresh it is: an entry was assured or was not, and its owner was asked."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.events.envelope import Event
from shared.events.fields import ContactId, OrganisationId
from shared.events.kinds import OrganisationKind, Sector
from shared.events.words import Kind, Locality

ActivityId = Annotated[
    UUID,
    Field(
        description="The activity: the subject again, so that a goal can set it beside a register.",
        examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c408"],
    ),
]


class Assurer(Kind):
    """Who assured an entry: its `owner` (by a link or a login) or the centre's `staff`, who asked."""

    OWNER = "owner"
    STAFF = "staff"


class _Activity(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the activity"

    organisation_id: OrganisationId
    publisher_kind: OrganisationKind
    publisher_sector: Sector


class OrganisationConfirmed(Event):
    """Somebody has assured that an organisation's entry in the directory holds: its owner, or staff who asked.

    True from the moment they said so.
    Do not conclude that anything in it has changed, nor that what the organisation shows elsewhere holds, too.
    """

    TYPE = "kompas.directory.organisation.confirmed.v1"
    TOPIC = "directory.events"
    SUBJECT = "id of the organisation"

    organisation_id: OrganisationId
    kind: OrganisationKind
    sector: Sector
    assured_by: Assurer


class ActivityConfirmed(_Activity):
    """Somebody has assured that the description of an activity holds: its owner, or staff who asked.

    True from the moment they said so. One that was hidden (`activity.expired`) is found again from now on.
    Do not conclude that anything in it has changed, nor that there is one more description.
    """

    TYPE = "kompas.directory.activity.confirmed.v1"

    activity_id: ActivityId
    assured_by: Assurer


class ActivityExpired(_Activity):
    """A published description is not found any more, because nobody assured that it holds, although asked twice.

    True from the moment it was hidden. Its link still answers, with a note; `activity.confirmed` brings it back.
    Do not conclude that the activity has stopped, nor that the description was withdrawn.
    """

    TYPE = "kompas.directory.activity.expired.v1"


class PremisesConfirmed(Event):
    """Somebody has assured that what the directory says of premises (lokaler) holds.

    True from the moment they said so.
    Do not conclude that they can be borrowed.
    """

    TYPE = "kompas.directory.premises.confirmed.v1"
    TOPIC = "directory.events"
    SUBJECT = "id of the premises"

    assured_by: Assurer
    organisation_id: OrganisationId | None = None
    locality: Locality | None = None


class _Assurance(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the letter"

    contact_id: ContactId
    entries: int = Field(ge=1, le=10_000, description="About how many entries.", examples=[3])


class AssuranceRequested(_Assurance):
    """The owner of entries in the directory has been asked whether they still hold, all of them in one letter.

    True from the moment the centre asked, at the address that it has of the owner.
    Do not conclude that the letter has been read, nor that the entries are wrong.
    """

    TYPE = "kompas.directory.assurance.requested.v1"


class AssuranceReminded(_Assurance):
    """An owner who has not answered whether entries still hold has been asked again.

    True from the moment the centre asked again; `entries` are those that have no answer yet.
    Do not conclude that the owner will not answer.
    """

    TYPE = "kompas.directory.assurance.reminded.v1"


class AssuranceLapsed(_Assurance):
    """An owner who did not answer has been told that entries are hidden, and how to bring them back.

    True from the moment they were hidden.
    Do not conclude that the owner is gone.
    """

    TYPE = "kompas.directory.assurance.lapsed.v1"
