"""Bodies and answers about surveys."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from services.kpi.surveys.models import QuestionKind, SurveyState
from shared.errors import Wrong
from shared.events.words import Key
from shared.inputs import Day, DayOfOld
from shared.validation import Answer, Body

Line = Annotated[str, Field(min_length=1, max_length=300)]
QuestionKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
DaysBefore = Annotated[list[Annotated[int, Field(ge=0, le=60)]], Field(max_length=2)]


def _one_reason(answer: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """One mistake, not one for each kind of answer that it is not."""
    try:
        return check(answer)
    except ValidationError:
        raise Wrong("skal være tekst, et tal, sand eller falsk", "must be text, a number, true or false") from None


AnswerValue = Annotated[StrictBool | StrictInt | StrictFloat | StrictStr, WrapValidator(_one_reason)]


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


class Term(Body):
    """How long a survey can be answered, and when those who have not answered are reminded."""

    closes_on: Day | None = None
    """The last day to answer. Without one the survey stays open until somebody closes it, and nobody is reminded."""
    remind_days_before: DaysBefore | None = None


class SurveyChange(Term):
    title: Line | None = None


class NewResponse(Body):
    organisation_id: UUID
    answers: Annotated[dict[QuestionKey, AnswerValue], Field(max_length=100)]
    answered_on: DayOfOld | None = None


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
    closes_on: date | None
    remind_days_before: list[int]


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


class Results(Answer):
    responses: int
    response_rate: float | None
    questions: list[dict[str, Any]]
    """Of each: `key`, `kind`, `text`, how many `answers`, and by kind `sum mean smallest largest`, `yes no` or
    `choices`."""
