"""What an address asks for, read as one model: FastAPI solves each parameter by itself, longer than a search takes.

For the routes of `shared.door.Direct`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_args

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from shared.tenancy import TENANT_PATTERN

M = TypeVar("M", bound=BaseModel)


def asked(model: type[M], request: Request) -> M:
    """What the address asks for; refused as FastAPI would refuse it."""
    sent, several = request.query_params, _several(model)
    try:
        return model.model_validate({name: sent.getlist(name) if name in several else sent[name] for name in sent})
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("query", *each["loc"])} for each in error.errors(include_url=False)]
        ) from None


@cache
def _several(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in model.model_fields.items() if list[str] in get_args(field.annotation))


def described(model: type[BaseModel], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The same for the description of the API, as a route's `openapi_extra`; `headers`: what each is for."""
    schema = model.model_json_schema()
    tenant = {"name": "tenant", "in": "path", "required": True, "schema": {"type": "string", "pattern": TENANT_PATTERN}}
    return {
        "parameters": [
            tenant,
            *(
                {
                    "name": name,
                    "in": "query",
                    "required": name in schema.get("required", ()),
                    "schema": _whole(each, schema.get("$defs", {})),
                    **({"description": each["description"]} if "description" in each else {}),
                }
                for name, each in schema["properties"].items()
            ),
            *(
                {"name": name, "in": "header", "schema": {"type": "string"}, "description": text}
                for name, text in (headers or {}).items()
            ),
        ]
    }


def _whole(part: Any, named: dict[str, Any]) -> Any:
    """What is named elsewhere stands here itself: the names are the document's, which has others alike."""
    if isinstance(part, list):
        return [_whole(each, named) for each in part]
    if not isinstance(part, dict):
        return part
    said = named[part["$ref"].rpartition("/")[2]] if "$ref" in part else {}
    return {**said, **{name: _whole(each, named) for name, each in part.items() if name != "$ref"}}
