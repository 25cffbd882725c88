"""The page that mails link to: a citizen sees and cancels their booking. It knows nothing; the browser asks the API."""

from functools import cache
from pathlib import Path

from fastapi import Response

from shared.auth import Public
from shared.door import router
from shared.tenancy import TenantPath

api = router("booking")
HERE = Path(__file__).resolve().parent
# Nothing inline, nothing from elsewhere: a script that somebody smuggles into the page does not run.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def _read(name: str) -> bytes:
    return (HERE / name).read_bytes()


def _file(name: str, media_type: str) -> Response:
    return Response(_read(name), media_type=media_type, headers={"Content-Security-Policy": POLICY})


@api.get("/manage", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """The link's token stands after `#`, so it never reaches a server's log."""
    return _file("manage.html", "text/html; charset=utf-8")


@api.get("/manage.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return _file("manage.css", "text/css; charset=utf-8")


@api.get("/manage.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return _file("manage.js", "text/javascript; charset=utf-8")
