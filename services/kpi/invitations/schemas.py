"""Bodies and answers about invitations."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import EmailStr, Field, model_validator

from services.kpi.invitations.rules import PassedOver
from services.kpi.surveys.schemas import AnswerValue, QuestionAnswer, QuestionKey, Term
from shared.errors import Wrong
from shared.inputs import Language, Line
from shared.validation import Answer, Body

MOST = 1_000


class NewInvitation(Body):
    """An association and where to write to it. The address goes to `notify` and stays out of every event."""

    organisation_id: UUID
    name: Line
    """The association's; the page and the lists of staff show it."""
    email: Annotated[EmailStr, Field(max_length=254)]
    language: Language = "da"


class Invited(Body):
    members: bool = False
    """Every association that is a member, by the directory's register; without an address if `invitations` has none."""
    invitations: list[NewInvitation] = Field(default_factory=list, max_length=MOST)

    @model_validator(mode="after")
    def _each_association_once(self) -> Self:
        if len({each.organisation_id for each in self.invitations}) != len(self.invitations):
            raise Wrong("har en forening to gange", "has an association twice")
        return self


class NewInvitations(Invited):
    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.members or self.invitations):
            raise Wrong("`members` eller `invitations` skal angives", "`members` or `invitations` must be given")
        return self


class Opening(Term, Invited):
    invited: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """How many associations are asked to answer, where they are asked otherwise than by invitations."""

    @model_validator(mode="after")
    def _counted_or_told(self) -> Self:
        if self.invited is not None and (self.members or self.invitations):
            raise Wrong(
                "`invited` tælles selv, når der er invitationer", "`invited` is counted where there are invitations"
            )
        return self


class Reminding(Body):
    organisation_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST)] | None = None
    """Without it: everybody who has not answered."""


class InvitationsMade(Answer):
    invited: int
    """How many associations are invited to this survey now."""
    mailed: int
    """How many of them were sent a link by this request."""
    without_address: int
    """How many of them cannot be written to until staff give an address."""


class InvitationAnswer(Answer):
    id: UUID
    version: int
    organisation_id: UUID
    name: str | None
    email: str | None
    language: str
    invited_at: datetime
    reminders: int
    reminded_at: datetime | None
    answered_on: date | None


class NotReminded(Answer):
    organisation_id: UUID
    why: PassedOver


class Reminded(Answer):
    reminded: list[UUID]
    passed_over: list[NotReminded]


class GivenAnswers(Body):
    answers: Annotated[dict[QuestionKey, AnswerValue], Field(max_length=100)]


class AskedAssociation(Answer):
    """What whoever holds the link sees: the questions, the association's own answer, and until when it can be given."""

    title: str
    name: str | None
    language: str
    open: bool
    closes_on: date | None
    questions: list[QuestionAnswer]
    answers: dict[str, Any] | None
    answered_on: date | None
