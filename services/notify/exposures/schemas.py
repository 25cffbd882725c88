"""Exposures as they are sent and answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.events.words import Key, LooseSlug
from shared.inputs import Day
from shared.validation import Answer, Body

# Every pydantic class has a `register`, so the field is called otherwise in Python.
Register = Annotated[Key, Field(alias="register", examples=["inspirationspakken"])]


class NewExposure(Body):
    in_register: Register
    stakeholder_id: UUID
    material: Key
    channel: LooseSlug
    exposed_on: Day | None = None


class ExposureAnswer(Answer):
    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    id: UUID
    version: int
    in_register: Annotated[str, Field(alias="register")]
    stakeholder_id: UUID
    material: str
    channel: str
    exposed_on: date
