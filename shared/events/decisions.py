"""What the directory publishes of its review step: an editor was told what became of what they sent in."""

from pydantic import Field

from shared.events.envelope import Event
from shared.events.fields import ContactId, Instant, OrganisationId
from shared.events.words import Kind


class Decision(Kind):
    """What the centre decided about a change of an entry: it is `approved`, or `returned` to be looked at once more."""

    APPROVED = "approved"
    RETURNED = "returned"


class DecisionAnnounced(Event):
    """Whoever sent changes of an organisation's entries in by an editor's link has been written to about what the
    centre decided, all that was decided alike in one letter.

    True from the moment the centre wrote, some minutes after it decided. Which entries they are stands on the
    restricted topic `contacts` only, and why they were returned on the editor's own page.
    Do not conclude that these are all that was decided (of what came in otherwise nobody is written to), nor that
    what was approved is still shown.
    """

    TYPE = "kompas.directory.decision.announced.v1"
    TOPIC = "directory.events"
    SUBJECT = "id of the letter"

    organisation_id: OrganisationId
    contact_id: ContactId
    decision: Decision
    changes: int = Field(ge=1, le=10_000, description="About how many changes.", examples=[2])
    expires_at: Instant = Field(
        description="When the link that the letter brings opens nothing any more; RFC 3339, UTC.",
        examples=["2023-04-07T11:00:00Z"],
    )
