"""JSON Schema and sample of an event as it stands on the wire: the whole document, everything inlined, nothing null."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from shared.events.envelope import Envelope, Event, data_schema_id

Schema = dict[str, Any]


class WireSchema(GenerateJsonSchema):
    """What is written rather than all that Python accepts: an optional field is left out, so null never occurs."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        keys, values = self.generate_inner(schema["keys_schema"]), self.generate_inner(schema["values_schema"])
        if not values:  # Anything goes, as in the envelope's `data`.
            return {"type": "object"}
        return {"type": "object", "propertyNames": keys, "additionalProperties": values}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def event_schema(event: type[Event]) -> Schema:
    """The schema of the whole CloudEvents document of this type. It allows further properties: readers ignore them."""
    schema = envelope_schema()
    fields: Schema = schema["properties"]
    for name, value in {"type": event.TYPE, "dataschema": data_schema_id(event.TYPE)}.items():
        fields[name] = {"type": "string", "const": value, "description": fields[name]["description"]}
    fields["source"] |= {"examples": [f"/odense/{event.TYPE.split('.')[1]}"]}
    fields["data"] = model_schema(event)
    return schema | {"title": event.TYPE, "description": fields["data"].pop("description")}


def envelope_schema() -> Schema:
    schema = model_schema(Envelope)
    # What has a default in Python stands in every document all the same.
    return schema | {"required": [name for name in schema["properties"] if name != "traceparent"]}


def sample(event: type[Event]) -> dict[str, Any]:
    """One whole document of this type, made of the examples in its schema, every optional field of `data` present."""
    schema = event_schema(event)
    del schema["properties"]["traceparent"]
    document: dict[str, Any] = _example(schema)
    return document | event.EXAMPLE


def model_schema(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(schema_generator=WireSchema)
    definitions = schema.pop("$defs", {})
    inlined: Schema = _inline(schema, definitions)
    return inlined


def unwrapped(text: str) -> str:
    """A docstring as paragraphs: the line breaks inside one are the editor's, not the author's."""
    paragraphs = re.split(r"\n\s*\n|\n\s*(?=Do not conclude)", text.strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _inline(node: Any, definitions: Schema) -> Any:
    if isinstance(node, list):
        return [_inline(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].removeprefix("#/$defs/")]
        node = target | {key: value for key, value in node.items() if key != "$ref"}
    # A reader ignores what it does not know; only a writer must not invent fields, and its class sees to that.
    inlined = {key: _inline(value, definitions) for key, value in node.items() if (key, value) != CLOSED}
    if isinstance(inlined.get("description"), str):
        inlined["description"] = unwrapped(inlined["description"])
    return inlined


CLOSED = ("additionalProperties", False)


def _example(schema: Schema) -> Any:
    if "const" in schema:
        return schema["const"]
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "array":
        return [_example(schema["items"])]
    return {name: _example(field) for name, field in schema["properties"].items()}
