"""What the doors of all nouns with a capability link do alike: who may come in."""

from typing import Annotated

from fastapi import Header, Request

from shared.auth import Principal, Role
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.links import opens

ManageToken = Annotated[str | None, Header(alias="X-Manage-Token", max_length=200)]


def check_holder(caller: Principal, request: Request, token: str | None) -> None:
    """Somebody who is neither staff nor holds any token is told so, without learning what exists."""
    if caller.is_staff:
        return
    if token is not None:
        check_guesses(request)
        return
    if getattr(request.state, "foreign", False):
        raise NotFound
    raise Unauthenticated if caller.role is Role.CITIZEN else Forbidden


def check_guesses(request: Request) -> None:
    """Who has guessed too often is not told whether this one is right."""
    request.app.state.guesses.check(request)


def check_token(caller: Principal | None, request: Request, token: str | None, token_hash: bytes | None) -> None:
    """Staff may, and whoever holds the link. A wrong one learns as little as one for what never was.

    Without a caller the link alone counts."""
    if (caller and caller.is_staff) or opens(token, token_hash):
        return
    request.app.state.guesses.count(request)
    raise NotFound
