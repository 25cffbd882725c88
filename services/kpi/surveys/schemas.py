"""Bodies and answers about surveys."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from services.kpi.surveys.models import QuestionKind, SurveyState
from shared.errors import Wrong
from shared.events.words import Key
from shared.validation import Answer, Body

Line = Annotated[str, Field(min_length=1, max_length=300)]
QuestionKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
AnswerValue = StrictBool | StrictInt | StrictFloat | StrictStr


class NewQuestion(Body):
    key: QuestionKey
    kind: QuestionKind
    text: Line
    choices: Annotated[list[Line], Field(min_length=2, max_length=50)] | None = None

    @model_validator(mode="after")
    def _choices_where_there_is_a_choice(self) -> Self:
        if (self.kind is QuestionKind.CHOICE) != (self.choices is not None):
            raise Wrong("`choices` hører til `choice` og kun dertil", "`choices` belong to `choice` and only there")
        return self


class NewSurvey(Body):
    slug: Key
    title: Line
    questions: Annotated[list[NewQuestion], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _each_key_once(self) -> Self:
        if len({question.key for question in self.questions}) != len(self.questions):
            raise Wrong("har to spørgsmål med samme nøgle", "has two questions with one key")
        return self


class Opening(Body):
    invited: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """How many associations are asked to answer. It can be told later, when the survey is opened again."""


class NewResponse(Body):
    organisation_id: UUID
    answers: Annotated[dict[QuestionKey, AnswerValue], Field(max_length=100)]
    answered_on: date | None = None


class QuestionAnswer(Answer):
    key: str
    kind: QuestionKind
    text: str
    choices: list[str] | None


class SurveyAnswer(Answer):
    id: UUID
    version: int
    slug: str
    title: str
    state: SurveyState
    opened_at: datetime | None
    closed_at: datetime | None
    invited: int | None


class SurveyShown(SurveyAnswer):
    questions: list[QuestionAnswer]
    responses: int
    """How many associations have answered; one that corrects its answer is still one."""
    response_rate: float | None
    """In per cent of the invited, as far as their number is known."""


class ResponseAnswer(Answer):
    id: UUID
    version: int
    survey_id: UUID
    organisation_id: UUID
    answers: dict[str, Any]
    answered_on: date


class ResponseTaken(ResponseAnswer):
    current: bool
    """False when the association has answered later already; that later answer is what is shown and counted."""
