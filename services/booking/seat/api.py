"""The page that mails about gatherings link to: take the seat that is offered, or give it back. The browser asks."""

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
async def page(tenant: TenantPath, caller: Public) -> Response:
    """The link's token stands after `#`, so it never reaches a server's log."""
    return Response(
        _read("seat.html"), media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}
    )


@api.get("/seat.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return Response(_read("seat.js"), media_type="text/javascript; charset=utf-8")
