"""What the doors of all nouns do alike: name the version that is answered, and compare the one that was seen."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar
from uuid import UUID

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
    response.headers["Location"] = _address(thing, service, noun)
    return answer(kind, thing, response)


def standing(kind: type[A], thing: Aggregate, asked: UUID, response: Response, service: str, noun: str) -> A:
    """What an id stands for. Where that is another one, into which the entry that was asked for went, the answer says
    its address as `Content-Location` (RFC 9110, section 8.7)."""
    if thing.id != asked:
        response.headers["Content-Location"] = _address(thing, service, noun)
    return answer(kind, thing, response)


def _address(thing: Aggregate, service: str, noun: str) -> str:
    return f"/{service}/{thing.tenant}/{noun}/{thing.id}"
