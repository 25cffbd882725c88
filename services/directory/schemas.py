"""Texts as they are sent to the directory, and what is answered of every noun."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, StringConstraints

from shared.inputs import ONE_LINE, composed
from shared.validation import Answer

Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=ONE_LINE), BeforeValidator(composed)]
PageBody = Annotated[str, StringConstraints(max_length=50_000), BeforeValidator(composed)]


class ThingAnswer(Answer):
    id: UUID
    version: int
