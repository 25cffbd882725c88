"""What kpi publishes: the plans and the numbers that people, not events of other services, supply."""

from typing import Annotated

from pydantic import Field

from shared.events.envelope import Event
from shared.events.fields import ContactId, Day, Number, OrganisationId, SurveyId
from shared.events.words import GoalId, Key, Kind

Survey = Annotated[Key, Field(description="The survey's name.", examples=["tal-fra-din-forening-2023"])]
Series = Annotated[Key, Field(description="Which series of numbers.", examples=["facebook_followers"])]
ObservedOn = Annotated[Day, Field(description="The day the number was read (Danish calendar).")]
PlanId = Annotated[Key, Field(description="The adopted plan, its year included.", examples=["slagelse-2022"])]


class PlanAdopted(Event):
    """A centre goes by this action plan (handleplan) in this year.

    True from the moment it was adopted; its goals count every event of the year, those before the adoption too.
    Do not conclude that a plan adopted before has ended, nor that a goal missing here was never counted.
    """

    TYPE = "kompas.kpi.plan.adopted.v1"
    TOPIC = "kpi.events"
    SUBJECT = "id of the adopted plan"

    plan: Key = Field(description="The plan's name, its year included.", examples=["odense-2023"])
    year: int = Field(ge=2000, le=2200, description="The calendar year it is for.", examples=[2023])
    goals: list[GoalId] = Field(description="The plan's goals, in its own order.", examples=[["1.1", "A.1"]])


class _Observation(Event):
    TOPIC = "kpi.events"
    SUBJECT = "id of the observation"

    series: Series
    observed_on: ObservedOn


class ObservationRecorded(_Observation):
    """Somebody has read a number that no event can tell, such as followers on a social medium.

    True on `observed_on`; a later event with the same series and day corrects it.
    Do not conclude that the number still holds: between two observations nobody looked.
    """

    TYPE = "kompas.kpi.observation.recorded.v1"

    value: Number


class ObservationRetracted(_Observation):
    """A number that somebody had read must not be used: it was a mistake.

    True from the moment it was retracted; the series then says what it said without it.
    Do not conclude that the right number is zero.
    """

    TYPE = "kompas.kpi.observation.retracted.v1"


class _Milestone(Event):
    TOPIC = "kpi.events"
    SUBJECT = "id of the milestone"

    plan: PlanId
    goal: GoalId
    reached_on: Day = Field(description="The day the step was taken (Danish calendar).")


class MilestoneReached(_Milestone):
    """The centre declares that it has taken the step a goal asks for; it keeps the evidence itself.

    True on `reached_on`, which may lie long before the day it was told and after the day the goal was due.
    Do not conclude that anybody outside the centre has looked at the evidence.
    """

    TYPE = "kompas.kpi.milestone.reached.v1"


class MilestoneRetracted(_Milestone):
    """That a step was taken on `reached_on` was a mistake: the goal is not reached by it.

    True from the moment it was retracted; a later `milestone.reached` of the same goal has an id of its own.
    Do not conclude that the step will not be taken.
    """

    TYPE = "kompas.kpi.milestone.retracted.v1"


class _Survey(Event):
    TOPIC = "kpi.events"
    SUBJECT = "id of the survey"

    survey_id: SurveyId
    survey: Survey


class SurveyOpened(_Survey):
    """Associations can answer this survey.

    True from the moment it was opened.
    Do not conclude that anybody has been asked.
    """

    TYPE = "kompas.kpi.survey.opened.v1"


class SurveyClosed(_Survey):
    """Associations can no longer answer this survey.

    True from the moment it was closed.
    Do not conclude that everybody has answered.
    """

    TYPE = "kompas.kpi.survey.closed.v1"


class _Asked(Event):
    TOPIC = "kpi.events"
    SUBJECT = "id of the invitation"

    survey_id: SurveyId
    survey: Survey
    organisation_id: OrganisationId
    contact_id: ContactId
    closes_on: Day | None = Field(None, description="The last day to answer, if one is set (Danish calendar).")


class SurveyInvited(_Asked):
    """An association has been asked to answer a survey, at the address that the centre has of it.

    True from the moment the centre asked. Told again when the association is given a new link.
    Do not conclude that the association has read it, or that associations without this event may not answer.
    """

    TYPE = "kompas.kpi.survey.invited.v1"


class SurveyReminded(_Asked):
    """An association that has not answered a survey has been reminded of it.

    True from the moment the centre reminded it, by itself some days before the survey closes or by hand.
    Do not conclude that the association will not answer, or that the reminder has been read.
    """

    TYPE = "kompas.kpi.survey.reminded.v1"


class SurveyResponseSubmitted(Event):
    """An association has answered a survey, with yes, no and numbers.

    True on `answered_on`. The latest answer of an association replaces its earlier ones.
    Do not conclude that several answers are several associations, that a question left out means no, or that the
    association has counted: it says what it says.
    """

    TYPE = "kompas.kpi.survey.response_submitted.v1"
    TOPIC = "kpi.events"
    SUBJECT = "id of the answer"

    survey_id: SurveyId
    survey: Survey
    organisation_id: OrganisationId
    answers: dict[Key, bool | Number] = Field(
        description="By the question's key: true or false for a yes/no question, a number for a number.",
        examples=[{"help_leadership": True, "new_volunteers": 4}],
    )
    answered_on: Day = Field(description="The day of the answer (Danish calendar).")


class StatusResult(Kind):
    """How a goal's result is judged: `reached` (nået), `mostly_reached` (delvist nået), `not_reached` (ikke nået),
    `changed` (mål ændret), `not_started` (ikke begyndt) or `too_few` (for få til at kunne vurderes)."""

    REACHED = "reached"
    MOSTLY_REACHED = "mostly_reached"
    NOT_REACHED = "not_reached"
    CHANGED = "changed"
    NOT_STARTED = "not_started"
    TOO_FEW = "too_few"


class StatusTime(Kind):
    """How a goal keeps to its time: `on_time` (til tiden), `slightly_late` (lidt forsinket) or `late` (forsinket)."""

    ON_TIME = "on_time"
    SLIGHTLY_LATE = "slightly_late"
    LATE = "late"


class _Status(Event):
    TOPIC = "kpi.events"
    SUBJECT = "id of the decision"

    plan: PlanId
    goal: GoalId


class StatusSet(_Status):
    """A person has decided how a goal stands, otherwise than the counter judges it or before it could.

    True from the moment it was decided, until `status.withdrawn` with the same subject; a newer decision about the
    goal withdraws the one before it. An axis that is left out is left to the counter.
    Do not conclude that the counted value has changed, nor what the reason was: the centre keeps it.
    """

    TYPE = "kompas.kpi.status.set.v1"

    result: StatusResult | None = Field(None, description="The result that was decided, if it was.")
    time: StatusTime | None = Field(None, description="How the goal keeps to its time, if that was decided.")


class StatusWithdrawn(_Status):
    """What a person had decided about a goal's status stands no longer.

    True from the moment it was withdrawn, or a newer decision took its place.
    Do not conclude that it was wrong, nor that the goal is the counter's again: a newer decision may stand.
    """

    TYPE = "kompas.kpi.status.withdrawn.v1"
