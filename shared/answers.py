"""What the doors of all nouns do alike: name the version that is answered, and compare the one that was seen."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response

from shared.aggregate import Aggregate
from shared.door import expect, tag
from shared.validation import Answer

A = TypeVar("A", bound=Answer)

# Called with the version that was found, once the row is locked; refuses it when the caller had looked at another one.
Expected = Callable[[int], None]


async def _if_match(request: Request) -> Expected:
    return partial(expect, request)


IfMatch = Annotated[Expected, Depends(_if_match)]


def answer(kind: type[A], thing: Aggregate, response: Response) -> A:
    tag(response, thing.version)
    return kind.model_validate(thing)


def created(kind: type[A], thing: Aggregate, response: Response, service: str, noun: str) -> A:
    response.headers["Location"] = f"/{service}/{thing.tenant}/{noun}/{thing.id}"
    return answer(kind, thing, response)
