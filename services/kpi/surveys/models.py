"""Surveys, their questions, and the one answer that each association has given."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.kpi.models import Table, Thing
from services.kpi.surveys.rules import REMIND_DAYS_BEFORE
from shared.aggregate import listed, moment


class SurveyState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class QuestionKind(StrEnum):
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"


class Survey(Thing, table=True):
    __tablename__ = "surveys"
    slug: str
    title: str
    state: SurveyState = Field(default=SurveyState.DRAFT, sa_column=listed(SurveyState))
    opened_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    invited: int | None = None
    """How many associations were asked to answer: those with an invitation, or as staff say who asked otherwise."""
    closes_on: date | None = None
    """The last day to answer, if one is set. The survey closes by itself when that day is over."""
    remind_days_before: list[int] = Field(
        default_factory=lambda: list(REMIND_DAYS_BEFORE), sa_column=Column(JSONB, nullable=False)
    )


class Question(Table, table=True):
    __tablename__ = "questions"
    tenant: str = Field(primary_key=True)
    survey_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    position: int
    kind: QuestionKind = Field(sa_column=listed(QuestionKind))
    text: str
    choices: list[str] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))


class Response(Thing, table=True):
    __tablename__ = "responses"
    survey_id: UUID
    organisation_id: UUID
    answers: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    answered_on: date
    answered_by: str
