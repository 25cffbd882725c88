"""What is asked and answered about a person's decision on a goal's status."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.kpi.goals.rules import Result, Time
from shared.errors import Wrong
from shared.validation import Answer, Body


class NewDecision(Body):
    result: Result | None = None
    time: Time | None = None
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    """Stands beside the goal wherever it is shown."""

    @model_validator(mode="after")
    def _decides_something(self) -> Self:
        if self.result is None and self.time is None:
            raise Wrong("resultat eller tid skal angives", "a result or a time must be given")
        return self


class DecisionAnswer(Answer):
    """What a person decided, and by what right; the name stays inside."""

    result: Result | None
    time: Time | None
    reason: str
    decided_role: str
    decided_at: datetime
