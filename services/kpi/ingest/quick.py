"""Events as msgspec reads them: in a fifth of pydantic's time, and never what pydantic would not take.

The classes in `shared/events` are the contract. Here their schemas are read narrowly: moments in UTC and no finer than
we keep them, no numbers with a fraction, no field and no value that the class does not know. What is written in
another way is not refused; it is left to the class, which reads it or says what is wrong with it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from shared.events import CATALOGUE

Reader = Callable[[msgspec.Raw], dict[str, Any]]
Schema = Mapping[str, Any]

# Each is written anew as the class would write it.
FORMATS = {"date": date, "date-time": Annotated[datetime, msgspec.Meta(tz=True)], "uuid": UUID}
# Of a moment msgspec rounds what the class cuts off.
too_fine = re.compile(rb"\.[0-9]{7}").search
LIMITS = {
    "minimum": "ge", "exclusiveMinimum": "gt", "maximum": "le", "exclusiveMaximum": "lt",
    "minLength": "min_length", "maxLength": "max_length", "minItems": "min_length", "maxItems": "max_length",
}  # fmt: skip


class TooWide(Exception):
    """Something of which several spellings mean the same, or mean something else to msgspec."""


@cache
def reader(wire: str) -> Reader | None:
    """What reads the data of events of this type, as their class would write it anew, or raises `MsgspecError`."""
    event = CATALOGUE.get(wire)
    if (
        event is None
        or event.__pydantic_decorators__.model_validators
        or event.__pydantic_decorators__.field_validators
    ):
        return None
    schema = event.model_json_schema()
    try:
        decode = msgspec.json.Decoder(_struct(schema, schema.get("$defs", {}))).decode
    except TooWide:
        return None

    def read(data: msgspec.Raw) -> dict[str, Any]:
        if too_fine(data):
            raise msgspec.ValidationError
        found: dict[str, Any] = msgspec.to_builtins(decode(data))
        return found

    return read


def _struct(schema: Schema, parts: Mapping[str, Schema]) -> Any:
    if "properties" not in schema:
        raise TooWide
    fields = []
    for name, found in schema["properties"].items():
        default = {} if name in schema.get("required", ()) else {"default": found["default"]}
        # In Python any name will do; the one on the wire may be a word of Python's.
        fields.append((f"f_{name}", _type(found, parts), msgspec.field(name=name, **default)))
    moments = [f"f_{name}" for name, found in schema["properties"].items() if "date-time" in str(found)]
    own = {"__post_init__": _in_utc(moments)} if moments else {}
    return msgspec.defstruct(schema["title"], fields, kw_only=True, forbid_unknown_fields=True, gc=False, namespace=own)


def _in_utc(moments: list[str]) -> Callable[[msgspec.Struct], None]:
    def check(read: msgspec.Struct) -> None:
        """The class writes every moment in UTC, msgspec each in the zone it was told in."""
        for name in moments:
            found = getattr(read, name)
            if found is not None and getattr(found, "tzinfo", None) is not UTC:
                raise ValueError(name)

    return check


def _type(schema: Schema, parts: Mapping[str, Schema]) -> Any:
    if "$ref" in schema:
        return _type(parts[schema["$ref"].rpartition("/")[2]], parts)
    if "anyOf" in schema:
        return reduce(or_, _narrow(schema["anyOf"], parts))
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    limits = {ours: schema[theirs] for theirs, ours in LIMITS.items() if theirs in schema}
    match schema.get("type"):
        case "null":
            return None
        case "boolean":
            return bool
        case "integer":
            return Annotated[int, msgspec.Meta(**limits)]
        case "array":
            return Annotated[list[_type(schema["items"], parts)], msgspec.Meta(**limits)]  # type: ignore[misc]
        case "object":
            return _struct(schema, parts)
        case "string" if "format" in schema:
            if schema["format"] not in FORMATS or limits or "pattern" in schema:
                raise TooWide
            return FORMATS[schema["format"]]
        case "string":
            if pattern := schema.get("pattern"):
                # To Python, `$` is also before a line's end.
                limits["pattern"] = pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern
            return Annotated[str, msgspec.Meta(**limits)]
    raise TooWide


def _narrow(schemas: list[Schema], parts: Mapping[str, Schema]) -> list[Any]:
    """Of several things that a value may be, those that we read: what else there is, the class reads."""
    found = []
    for each in schemas:
        try:
            found.append(_type(each, parts))
        except TooWide:
            continue
    if not found:
        raise TooWide
    return found
