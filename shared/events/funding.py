"""What the directory publishes of funding: an association was told of funders' deadlines."""

from typing import Annotated

from pydantic import Field

from shared.events.envelope import Event
from shared.events.fields import ContactId, Day


class FundingAnnounced(Event):
    """Whoever speaks for an association has been written to about funders' deadlines (ansøgningsfrister) that come
    near, all of them in one letter.

    True from the moment the centre wrote. Which deadlines they are stands on the restricted topic `contacts` only,
    because staff name them in words of their own.
    Do not conclude that anybody will apply, nor that there are no other deadlines.
    """

    TYPE = "kompas.directory.funding.announced.v1"
    TOPIC = "directory.events"
    SUBJECT = "id of the letter"

    contact_id: ContactId
    deadlines: int = Field(ge=1, le=10_000, description="Of how many deadlines.", examples=[3])
    last_day: Annotated[
        Day, Field(description="The latest of them (Danish calendar): after it there is nothing left to tell.")
    ]
