"""HSDS as it is published: its JSON Schemas and OpenAPI document, read from `shared/hsds` beside the checkout."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "hsds"
PUBLISHED = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/"
# What HSDS compiles for its OpenAPI document, by the name of the file that holds it here.
COMPILED = {
    "compiled/service.json": "schema/service.json",
    "compiled/organization.json": "schema/organization.json",
    "compiled/service_at_location.json": "schema/service_at_location.json",
    "compiled/service_list.json": "service_list.schema.json",
    "compiled/organization_list.json": "organization_list.schema.json",
    "compiled/service_at_location_list.json": "service_at_location_list.schema.json",
}
# The tables' own words for what JSON Schema calls a format; a validator that knows only the latter would let all pass.
FORMATS = {"date": "date", "datetime": "date-time"}
Json = dict[str, Any]


def required() -> None:
    """Skip, and say so, where HSDS is not at hand. It is nobody's service that a test run could start, and it is not
    ours to copy, so a checkout that stands alone must pass without it.
    """
    if not BESIDE.is_dir():
        pytest.skip(f"HSDS's schemas are not beside the checkout, at {BESIDE}")


@cache
def _file(name: str) -> Any:
    return json.loads((BESIDE / name).read_text(encoding="utf-8"))


@cache
def schema(name: str, *, strict: bool = True) -> Json:
    """A published schema with everything it refers to in it. Strict: and nothing beside what HSDS knows."""
    return dict(_whole(_file(COMPILED.get(name, f"schema/{name}")), strict))


def openapi(server: str) -> Json:
    """The published OpenAPI document, self-contained, for an API at this address."""
    return {**_whole(_file("openapi.json"), False, _file("openapi.json")), "servers": [{"url": server}]}


def without_what_is_published(node: Any) -> Any:
    """A document of ours with anything where it refers to a schema that HSDS publishes, and only there."""
    if isinstance(node, list):
        return [without_what_is_published(each) for each in node]
    if not isinstance(node, dict):
        return node
    if str(node.get("$ref", "")).startswith(PUBLISHED):
        name = node["$ref"].removeprefix(PUBLISHED)
        return {"type": _file(COMPILED.get(name, f"schema/{name}"))["type"]}
    return {key: without_what_is_published(value) for key, value in node.items()}


def _whole(node: Any, strict: bool, root: Any = None) -> Any:
    if isinstance(node, list):
        return [_whole(each, strict, root) for each in node]
    if not isinstance(node, dict):
        return node
    if ref := node.get("$ref"):
        target: Any = root
        if ref.startswith("#/"):
            for step in ref.removeprefix("#/").split("/"):
                target = target[step]
        else:
            name = ref.removeprefix(PUBLISHED)
            target = _file(COMPILED.get(name, f"schema/{name}"))
        return _whole(target, strict, root)
    whole = {key: _whole(value, strict, root) for key, value in node.items()}
    if strict and isinstance(node.get("datapackage_type"), str) and node["datapackage_type"] in FORMATS:
        whole["format"] = FORMATS[node["datapackage_type"]]
    if strict and node.get("type") == "object" and isinstance(node.get("properties"), dict):
        whole["additionalProperties"] = False
    return whole
