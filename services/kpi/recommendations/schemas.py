"""What is asked and answered about recommendations."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.kpi.recommendations.models import Status
from shared.validation import Answer, Body


class NewStatus(Body):
    status: Status
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    """Stands beside the recommendation wherever it is shown."""


class StatusAnswer(Answer):
    """What was said of a recommendation, and by what right; the name stays inside."""

    status: Status
    reason: str
    decided_role: str
    decided_at: datetime


class RecommendationAnswer(Answer):
    id: str
    statement: str
    statement_en: str
    source: str
    """The document it stands in, and the lines."""
    note: str | None
    status: Status
    """As was said last; before anybody said anything, as the source has it, or not started."""
    reason: str | None
    """None where nobody has said anything since the source was written."""
    decided_role: str | None
    decided_at: datetime | None
    history: list[StatusAnswer]
    """Everything that was ever said of it, the newest first."""
