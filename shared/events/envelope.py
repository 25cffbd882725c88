"""What an event is (`Event`) and what it travels in (`Envelope`, CloudEvents 1.0): strict to write, kind to read."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar
from uuid import UUID

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.clock import now
from shared.events.fields import Instant
from shared.events.words import reading
from shared.ids import uuid7
from shared.tenancy import Tenant

AnyModel = TypeVar("AnyModel", bound=BaseModel)


class Unreadable(Exception):
    """A record that is no event of ours. The text names places, never what stood there: it is logged and stored."""


class Undecodable(Unreadable):
    """The bytes are not one JSON object."""


class Invalid(Unreadable):
    """The JSON is not an event, or not the event that its type promises; `fields` are the paths and what is wrong
    there."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__("; ".join(fields))
        self.fields = fields


class Event(BaseModel):
    """One past fact, as its publisher states it. The docstring of each subclass is its published reference."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, serialize_by_alias=True)

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]
    SUBJECT: ClassVar[str]  # What the envelope's `subject`, and so the Kafka key, is; for the reference.
    EXAMPLE: ClassVar[dict[str, str]] = {}  # Where the published sample's envelope must differ to make sense.

    @classmethod
    def read(cls, data: Any) -> Self:
        """The event in `data`, whatever a newer publisher has added to it (fields, values of closed lists)."""
        with reading():
            return _validated(cls, data, "data.")


class Part(BaseModel):
    """A piece of an event that has fields of its own, such as one organiser among several."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


# Printable and bounded, not our own shape: an event of an unknown type or source must be readable to be ignored.
Name = Annotated[str, Field(pattern=r"^[!-~]+$", max_length=200)]


class Envelope(BaseModel):
    """A CloudEvents 1.0 event in JSON format, with the extensions `tenant`, `recordedtime`, `sequence`,
    `traceparent`."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    specversion: Annotated[Literal["1.0"], Field(description="CloudEvents' version.")] = "1.0"
    id: Annotated[
        UUID,
        Field(
            description="The event's own id (UUID version 7). An event that arrives twice has the same id twice.",
            examples=["01870a3c-5d10-7c3e-9b1f-0a4c5e8d2f11"],
        ),
    ]
    type: Annotated[Name, Field(description="Which fact; names the schema of `data`, version included.")]
    source: Annotated[Name, Field(description="Who says so: `/<tenant>/<service>`.", examples=["/odense/booking"])]
    subject: Annotated[
        Name,
        Field(
            description="The id of what the event is about; also the Kafka key, so one subject's events stay in order.",
            examples=["01870a3c-5d00-7b52-8e77-6f9d1c2b3a40"],
        ),
    ]
    time: Annotated[
        Instant,
        Field(
            description="When the fact became true; RFC 3339, UTC. May lie long before `recordedtime`.",
            examples=["2023-03-08T11:00:00Z"],
        ),
    ]
    datacontenttype: Annotated[Literal["application/json"], Field(description="What `data` is.")] = "application/json"
    dataschema: Annotated[Name, Field(description="The id of the schema of `data`: `urn:kompas:data:<type>`.")]
    tenant: Annotated[
        Tenant, Field(description="Whose fact: one volunteer centre and its municipality.", examples=["odense"])
    ]
    recordedtime: Annotated[
        Instant, Field(description="When it was recorded; RFC 3339, UTC.", examples=["2023-03-08T11:00:00Z"])
    ]
    sequence: Annotated[
        int,
        Field(
            ge=1,
            le=2**31 - 1,
            description="The version of the subject after this event. Grows; a gap is a change no event tells.",
            examples=[1],
        ),
    ]
    traceparent: Annotated[
        str | None,
        Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", description="W3C trace context, if any."),
    ] = None
    data: Annotated[dict[str, Any], Field(description="The fact itself.")]

    def to_bytes(self) -> bytes:
        """One JSON document, UTF-8, times in UTC with `Z`; what is not known is left out, never null."""
        return self.model_dump_json(exclude_none=True).encode()


def wrap(
    event: Event,
    *,
    tenant: str,
    subject: UUID | str,
    sequence: int,
    time: datetime,
    id: UUID | None = None,
    recorded: datetime | None = None,
    traceparent: str | None = None,
) -> Envelope:
    return Envelope(
        id=id or uuid7(),
        type=event.TYPE,
        source=f"/{tenant}/{event.TYPE.split('.')[1]}",
        subject=str(subject),
        time=time,
        dataschema=data_schema_id(event.TYPE),
        tenant=tenant,
        recordedtime=recorded or now(),
        sequence=sequence,
        traceparent=traceparent,
        data=event.model_dump(mode="json", exclude_none=True),
    )


def data_schema_id(wire_type: str) -> str:
    """CloudEvents wants an absolute URI here; a URN is one without promising a host that must answer for ever."""
    return f"urn:kompas:data:{wire_type}"


def read(payload: bytes) -> Envelope:
    """The envelope in a record's bytes, or `Undecodable` or `Invalid` and nothing else. `data` is not judged yet."""
    try:
        document = pydantic_core.from_json(payload, allow_inf_nan=False)
    except ValueError:
        raise Undecodable("not JSON") from None
    if not isinstance(document, dict):
        raise Undecodable("not a JSON object")
    return _validated(Envelope, document, "")


def _validated(model: type[AnyModel], value: Any, prefix: str) -> AnyModel:
    try:
        return model.model_validate(value, extra="ignore")
    except ValidationError as error:
        known = _field_names(model)
        # A path may contain a key that the sender chose, which is input like any other.
        fields = [
            prefix
            + ".".join(str(step) if isinstance(step, int) or step in known else "*" for step in problem["loc"])
            + f": {problem['type']}"
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
    raise Invalid(fields)


@cache
def _field_names(model: type[BaseModel]) -> frozenset[str]:
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return frozenset(name for part in parts for name in part.get("properties", ()))
