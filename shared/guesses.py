"""Who has guessed too often: wrong links an address, counted by every service whose doors take links."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network

from fastapi import Request
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shared.errors import NotFound, Problem, Text

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

    @contextmanager
    def trying(self, request: Request) -> Iterator[None]:
        """Around the look for what a link opens: a link that opens nothing (`NotFound`) counts."""
        self.check(request)
        try:
            yield
        except NotFound:
            self.count(request)
            raise


def address_of(request: Request) -> str:
    """Of IPv6 the network: whoever has one has all its addresses."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))
