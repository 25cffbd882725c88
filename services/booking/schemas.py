"""Days, numbers and reasons as they are sent to booking, before any noun's own rules."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from fastapi import Depends, Query
from pydantic import AfterValidator, Field, model_validator

from shared.clock import start_of_day
from shared.errors import Wrong
from shared.events.notify import MessageChannel
from shared.inputs import ContactDetails as Details
from shared.inputs import Day, Reason
from shared.validation import Body


class DaysAsked(NamedTuple):
    begin: datetime | None
    end: datetime | None


# A coroutine, because FastAPI sends whatever else can be called through a pool of threads.
async def days_asked(
    first: Annotated[Day | None, Query(alias="from")] = None, until: Annotated[Day | None, Query(alias="to")] = None
) -> DaysAsked:
    """`?from=…&to=…` of a list: Danish days from `from` up to and without `to`, as the moments at which they begin."""
    return DaysAsked(start_of_day(first) if first else None, start_of_day(until) if until else None)


Days = Annotated[DaysAsked, Depends(days_asked)]
People = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class Feature(StrEnum):
    """What somebody must know before they go: `step_free_access` (niveaufri adgang), `accessible_toilet`
    (handicaptoilet), `hearing_loop` (teleslynge), `lift` (elevator), `disabled_parking` (handicapparkering),
    `automatic_door` (automatisk dør), `quiet_room` (stillerum), `assistance_dogs` (servicehunde velkomne),
    `projector`, `video_meeting` (videomøde), `kitchen` (køkken) or `piano`."""

    STEP_FREE_ACCESS = "step_free_access"
    ACCESSIBLE_TOILET = "accessible_toilet"
    HEARING_LOOP = "hearing_loop"
    LIFT = "lift"
    DISABLED_PARKING = "disabled_parking"
    AUTOMATIC_DOOR = "automatic_door"
    QUIET_ROOM = "quiet_room"
    ASSISTANCE_DOGS = "assistance_dogs"
    PROJECTOR = "projector"
    VIDEO_MEETING = "video_meeting"
    KITCHEN = "kitchen"
    PIANO = "piano"


def _once_each(given: list[Feature]) -> list[Feature]:
    return list(dict.fromkeys(given))


Features = Annotated[list[Feature], Field(max_length=len(Feature)), AfterValidator(_once_each)]


class ContactDetails(Details):
    """Who somebody is and how to reach them. `prefers: sms` is for what cannot wait, an offer above all: it comes as a
    text message, where the centre sends any, and otherwise by mail."""

    prefers: MessageChannel | None = None

    @model_validator(mode="after")
    def _a_number(self) -> "ContactDetails":
        if self.prefers is MessageChannel.SMS and self.phone is None:
            raise Wrong(
                "skal have 'phone', når der skal sendes sms", "must have 'phone' where text messages are preferred"
            )
        return self


class Cancellation(Body):
    """Why is for the centre's own eyes; it stays in the database and is never part of an event."""

    reason: Reason | None = None
