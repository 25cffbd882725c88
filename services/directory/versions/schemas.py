"""Earlier versions as they are answered, and the wish to go back to one."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.directory.changes.schemas import ChangedField
from shared.validation import Answer, Body


class Restoring(Body):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class VersionAnswer(Answer):
    version: int
    at: datetime
    changed: list[ChangedField] = Field(description="What this version changed of the one before it.")


class Versions(Answer):
    """The newest first; a version is kept for a year, the newest for ever."""

    items: list[VersionAnswer]
