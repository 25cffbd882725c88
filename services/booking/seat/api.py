"""The pages of seats: ask for one, take the one that is offered, give it back. They know nothing; the browser asks."""

from pathlib import Path

from fastapi import Response

from shared.auth import Public
from shared.door import router
from shared.pages import page_file
from shared.tenancy import TenantPath

api = router("booking")
HERE = Path(__file__).resolve().parent


@api.get("/seat", include_in_schema=False)
async def seat(tenant: TenantPath, caller: Public) -> Response:
    """The link's token stands after `#`, so it never reaches a server's log."""
    return page_file(HERE / "seat.html")


@api.get("/seat.js", include_in_schema=False)
async def seat_script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "seat.js")


@api.get("/signup", include_in_schema=False)
async def signup(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "signup.html")


@api.get("/signup.js", include_in_schema=False)
async def signup_script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "signup.js")
