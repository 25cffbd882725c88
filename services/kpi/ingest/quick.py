"""Events as msgspec reads them: in a fifth of pydantic's time, and never what pydantic would not take.

The classes in `shared/events` are the contract. Here their schemas are read narrowly: ids, days and moments in the one
way in which we write them, no numbers with a fraction, no field and no value that the class does not know. What is
written in another way is not refused; it is left to the class, which reads it or says what is wrong with it.
"""

from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal

import msgspec

from shared.events import CATALOGUE

Reader = Callable[[msgspec.Raw], dict[str, Any]]
Schema = Mapping[str, Any]

DAY = (
    "(?:19|20|21)[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.(?!0{6})[0-9]{6})?"
FORMATS = {
    "date": f"^{DAY}$",
    "date-time": f"^{DAY}T{CLOCK}Z$",
    "uuid": "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
}
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
    return lambda data: msgspec.to_builtins(decode(data))


def _struct(schema: Schema, parts: Mapping[str, Schema]) -> Any:
    if "properties" not in schema:
        raise TooWide
    fields = []
    for name, found in schema["properties"].items():
        default = {} if name in schema.get("required", ()) else {"default": found["default"]}
        # In Python any name will do; the one on the wire may be a word of Python's.
        fields.append((f"f_{name}", _type(found, parts), msgspec.field(name=name, **default)))
    return msgspec.defstruct(schema["title"], fields, kw_only=True, forbid_unknown_fields=True, gc=False)


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
        case "string" if schema.get("format", "date") in FORMATS:
            pattern = FORMATS[schema["format"]] if "format" in schema else schema.get("pattern")
            if pattern:
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
