"""What matching publishes: who would help, who needs it, and what companies and associations do together."""

from pydantic import Field

from shared.events.envelope import Event
from shared.events.fields import CompanyId, ContactId, Day, Hours, OrganisationId
from shared.events.words import Kind, Language, Locality, Slug


class OpportunityKind(Kind):
    """What an association looks for: `job` (frivilligjob, lasting), `task` (opgave, once), `specialist` (somebody
    with a skill), `board` (bestyrelse), `mentorship`, `placement` (praktik), `accompaniment` (ledsager, følgeven) or
    `referral` (brobygning of somebody to a community)."""

    JOB = "job"
    TASK = "task"
    SPECIALIST = "specialist"
    BOARD = "board"
    MENTORSHIP = "mentorship"
    PLACEMENT = "placement"
    ACCOMPANIMENT = "accompaniment"
    REFERRAL = "referral"


class EngagementKind(Kind):
    """How a company helps: `corporate_volunteering` (its staff work for an association in working hours), `pro_bono`
    (its trade, given free), `mentorship` (its staff guide somebody) or `other`."""

    CORPORATE_VOLUNTEERING = "corporate_volunteering"
    PRO_BONO = "pro_bono"
    MENTORSHIP = "mentorship"
    OTHER = "other"


class VolunteerRegistered(Event):
    """Somebody would like to volunteer and may be asked.

    True from the moment they said yes.
    Do not conclude that they are a new person to the centre, that they are volunteering anywhere, or anything about
    their health or situation: interests are what they would like to do, not what they need.
    """

    TYPE = "kompas.matching.volunteer.registered.v1"
    TOPIC = "matching.events"
    SUBJECT = "id of the registration"

    interests: list[Slug] = Field(description="What they would like to do.", examples=[["besøgsven"]])
    locality: Locality | None = Field(None, description="Place name: around where.")
    languages: list[Language] = Field(description="What they speak.", examples=[["da"]])
    contact_id: ContactId


class _Opportunity(Event):
    TOPIC = "matching.events"
    SUBJECT = "id of the opportunity"

    organisation_id: OrganisationId
    kind: OpportunityKind


class OpportunityPosted(_Opportunity):
    """An organisation looks for volunteers, and everybody can read it.

    True from the moment it was posted.
    Do not conclude how many it looks for, or that it has found nobody yet.
    """

    TYPE = "kompas.matching.opportunity.posted.v1"

    skills: list[Slug] = Field(
        description="What one should be able to do; empty means nothing special.", examples=[["bogføring"]]
    )
    locality: Locality | None = Field(None, description="Place name: where the work is done.")


class OpportunityClosed(_Opportunity):
    """An organisation no longer looks for volunteers here.

    True from the moment it was closed.
    Do not conclude that it has found somebody.
    """

    TYPE = "kompas.matching.opportunity.closed.v1"


class _Engagement(Event):
    TOPIC = "matching.events"
    SUBJECT = "id of the engagement"

    company_id: CompanyId
    organisation_id: OrganisationId | None = Field(None, description="The organisation that is helped, if it is one.")
    kind: EngagementKind


class EngagementAgreed(_Engagement):
    """A company has promised to help.

    True from the moment both sides had agreed.
    Do not conclude that it has helped; see `engagement.held`.
    """

    TYPE = "kompas.matching.engagement.agreed.v1"


class EngagementHeld(_Engagement):
    """A company has helped.

    True on `held_on`, the day itself or its last day.
    Do not conclude how many took part, or that the company will help again.
    """

    TYPE = "kompas.matching.engagement.held.v1"

    held_on: Day = Field(description="The (last) day of the help (Danish calendar).")
    hours: Hours | None = None
