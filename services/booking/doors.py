"""What the doors of all nouns with a capability link do alike."""

from typing import Annotated

from fastapi import Header, Request

from shared.auth import Principal, Role
from shared.errors import Forbidden, NotFound, Unauthenticated

ManageToken = Annotated[str | None, Header(alias="X-Manage-Token", max_length=200)]


def check_holder(caller: Principal, request: Request, token: str | None) -> None:
    """Somebody who is neither staff nor holds any token is told so, without learning what exists."""
    if caller.is_staff or token is not None:
        return
    if getattr(request.state, "foreign", False):
        raise NotFound
    raise Unauthenticated if caller.role is Role.CITIZEN else Forbidden
