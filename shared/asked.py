"""Many query parameters, read as one model: FastAPI solves each by itself, which took longer than a search."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, get_args

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


def asked(model: type[M]) -> Callable[[Request], Coroutine[Any, Any, M]]:
    """A dependency that gives what the address asks for, or refuses it as FastAPI would."""
    several = {name for name, field in model.model_fields.items() if list[str] in get_args(field.annotation)}

    async def read(request: Request) -> M:
        sent = request.query_params
        try:
            return model.model_validate({name: sent.getlist(name) if name in several else sent[name] for name in sent})
        except ValidationError as error:
            raise RequestValidationError(
                [{**each, "loc": ("query", *each["loc"])} for each in error.errors(include_url=False)]
            ) from None

    return read


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The same for the description of the API, as a route's `openapi_extra`."""
    schema = model.model_json_schema()
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": _whole(each, schema.get("$defs", {})),
                **({"description": each["description"]} if "description" in each else {}),
            }
            for name, each in schema["properties"].items()
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
