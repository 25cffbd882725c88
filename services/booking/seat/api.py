"""The pages of seats: ask for one, take the one that is offered, give it back. They know nothing; the browser asks."""

from functools import cache
from pathlib import Path

from fastapi import Response

from services.booking.manage.api import POLICY
from shared.auth import Public
from shared.door import router
from shared.tenancy import TenantPath

api = router("booking")
HERE = Path(__file__).resolve().parent


@cache
def _read(name: str) -> bytes:
    return (HERE / name).read_bytes()


@api.get("/seat", include_in_schema=False)
async def seat(tenant: TenantPath, caller: Public) -> Response:
    """The link's token stands after `#`, so it never reaches a server's log."""
    return _page("seat.html")


@api.get("/seat.js", include_in_schema=False)
async def seat_script(tenant: TenantPath, caller: Public) -> Response:
    return _script("seat.js")


@api.get("/signup", include_in_schema=False)
async def signup(tenant: TenantPath, caller: Public) -> Response:
    return _page("signup.html")


@api.get("/signup.js", include_in_schema=False)
async def signup_script(tenant: TenantPath, caller: Public) -> Response:
    return _script("signup.js")


def _page(name: str) -> Response:
    return Response(_read(name), media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


def _script(name: str) -> Response:
    return Response(_read(name), media_type="text/javascript; charset=utf-8")
