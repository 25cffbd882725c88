"""Changes as they are reviewed and answered."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from services.directory.activities.schemas import ActivityAnswer
from services.directory.changes.models import Kind
from services.directory.changes.rules import State
from services.directory.organisations.schemas import OrganisationAnswer
from services.directory.premises.schemas import PremisesAnswer
from services.directory.schemas import ThingAnswer
from shared.inputs import Reason
from shared.validation import Answer, Body


class Returning(Body):
    """Why, in words that its author reads."""

    reason: Annotated[Reason, StringConstraints(min_length=1)]


class ChangedField(Answer):
    field: str
    before: Any
    after: Any


class ChangeAnswer(ThingAnswer):
    kind: Kind
    entry_id: UUID
    organisation_id: UUID | None
    state: State
    reason: str | None
    submitted_at: datetime | None
    decided_at: datetime | None
    changed: list[ChangedField] = Field(description="Exactly the fields that change, as they are and as they become.")


class ChangeShown(ChangeAnswer):
    missing: list[str] = Field(description="Of an activity: what a citizen would ask and it does not say. Only hints.")
    preview: OrganisationAnswer | ActivityAnswer | PremisesAnswer = Field(description="As everybody would read it.")
