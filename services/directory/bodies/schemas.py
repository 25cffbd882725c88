"""Bodies as they are sent and answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator

from services.directory.schemas import Name, ThingAnswer
from shared import validation
from shared.events.registers import BodyKind
from shared.events.words import Key
from shared.inputs import Day, composed


class NewBody(validation.Body):
    kind: BodyKind
    slug: Annotated[Key, BeforeValidator(composed)]
    name: Name
    organisation_id: UUID | None = None
    established_on: Day | None = None


class Dissolving(validation.Body):
    dissolved_on: Day | None = None


class BodyAnswer(ThingAnswer):
    kind: BodyKind
    slug: str
    name: str
    organisation_id: UUID | None
    established_on: date
    dissolved_on: date | None
