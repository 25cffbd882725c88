"""Ids, times and numbers as events carry them, each with its unit and an example."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema

from shared.events.words import Key


def to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(to_utc)]

OrganisationId = Annotated[
    UUID,
    Field(
        description="The organisation in the directory of the same tenant.",
        examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c401"],
    ),
]
CompanyId = Annotated[
    UUID,
    Field(
        description="The company: an organisation of kind `company` in the directory of the same tenant.",
        examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c402"],
    ),
]
ReplacedBy = Annotated[
    UUID | None,
    Field(
        description="The entry that stands for both, if it was one and the same thing, entered twice.",
        examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c409"],
    ),
]
ResourceId = Annotated[UUID, Field(description="What is booked.", examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c403"])]
ContactId = Annotated[
    UUID,
    Field(
        description="Where to reach the person, for those who may read the restricted topic `contacts`. One id per "
        "request, not per person: two requests of one person cannot be put together by it.",
        examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c404"],
    ),
]
SeriesId = Annotated[
    UUID,
    Field(
        description="The recurring request that the booking is one occurrence of, if it is one.",
        examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c407"],
    ),
]
StakeholderId = Annotated[
    UUID,
    Field(
        description="The member of the register: the subject of `stakeholder.designated`.",
        examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c405"],
    ),
]
SurveyId = Annotated[UUID, Field(description="The survey.", examples=["01856f8a-1c00-7a10-8a51-3d2f60b7c406"])]

StartsAt = Annotated[Instant, Field(description="When it starts; RFC 3339, UTC.", examples=["2023-03-15T09:00:00Z"])]
EndsAt = Annotated[
    Instant,
    Field(description="When it ends, later than it starts; RFC 3339, UTC.", examples=["2023-03-15T09:30:00Z"]),
]
Day = Annotated[date, Field(description="A date of the Danish calendar.", examples=["2023-03-08"])]

Participants = Annotated[
    int,
    Field(ge=0, le=1_000_000, description="How many took part, organisers not counted.", examples=[17]),
]
Occurrences = Annotated[int, Field(ge=0, le=1000, description="How many times.", examples=[38])]
Weekday = Annotated[int, Field(ge=1, le=7, description="1 is Monday, 7 is Sunday.", examples=[1])]
Capacity = Annotated[
    int, Field(ge=1, le=1_000_000, description="How many people have room at the same time.", examples=[12])
]
Hours = Annotated[
    float,
    Field(
        gt=0,
        le=100_000,
        allow_inf_nan=False,
        description="Hours of work given, all taking part together (two people, three hours: 6).",
        examples=[6],
    ),
]
MOST = 10**15  # Whole numbers up to here are exact in every language's floating point.
Number = Annotated[
    int | float,
    WithJsonSchema({"type": "number", "minimum": -MOST, "maximum": MOST}),
    Field(ge=-MOST, le=MOST, allow_inf_nan=False, description="A number.", examples=[1650]),
]

# A field of this type is `in_register` in Python, `register` on the wire: every pydantic class has a `register`.
Register = Annotated[
    Key,
    Field(
        description="A list of those whom a material is meant to reach, by its name.",
        examples=["inspirationspakken"],
    ),
]
