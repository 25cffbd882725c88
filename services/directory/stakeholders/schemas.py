"""Stakeholders as they are sent and answered."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from services.directory.schemas import Name, ThingAnswer
from shared.events.fields import Register
from shared.events.kinds import Sector
from shared.inputs import DayOfOld, composed
from shared.validation import Body

RegisterName = Annotated[Register, BeforeValidator(composed)]


class NewStakeholder(Body):
    in_register: RegisterName = Field(alias="register")
    name: Name
    sector: Sector
    designated_on: DayOfOld | None = None


class Removal(Body):
    removed_on: DayOfOld | None = None


class StakeholderAnswer(ThingAnswer):
    in_register: str = Field(serialization_alias="register")
    name: str
    sector: Sector
    designated_on: date
    removed_on: date | None
