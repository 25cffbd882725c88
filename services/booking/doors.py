"""What the doors of all nouns with a capability link do alike: who may come in."""

from typing import Annotated

from fastapi import Header, Request

from shared.auth import Principal, Role
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.links import opens

ManageToken = Annotated[str | None, Header(alias="X-Manage-Token", max_length=200)]
# A link has 256 random bits, so this keeps out noise, not luck. Many citizens may share one address.
WRONG_AN_HOUR = RateLimitItemPerHour(100)


class TooManyGuesses(Problem):
    status, slug = 429, "too-many-guesses"
    title = Text("For mange forkerte links: prøv igen om en time", "Too many wrong links: try again in an hour")


class Guesses:
    """Wrong tokens an address, in one process's memory: a restart forgives."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, request: Request) -> None:
        if not self._limiter.test(WRONG_AN_HOUR, address_of(request)):
            raise TooManyGuesses(headers={"Retry-After": "3600"})

    def count(self, request: Request) -> None:
        self._limiter.hit(WRONG_AN_HOUR, address_of(request))


def address_of(request: Request) -> str:
    """Of IPv6 the network: whoever has one has all its addresses."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


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
