"""The page that an association's link opens. It knows nothing; the browser asks the API with the link's token."""

from functools import cache
from pathlib import Path

from fastapi import Response

from shared.auth import Public
from shared.door import router
from shared.tenancy import TenantPath

api = router("kpi")
HERE = Path(__file__).resolve().parent
# Nothing inline, nothing from elsewhere: a script that somebody smuggles into a question does not run.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def _read(name: str) -> bytes:
    return (HERE / name).read_bytes()


def _file(name: str, media_type: str) -> Response:
    return Response(_read(name), media_type=media_type, headers={"Content-Security-Policy": POLICY})


@api.get("/answer", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """The link's token stands after `#`, so it never reaches a server's log."""
    return _file("answer.html", "text/html; charset=utf-8")


@api.get("/answer.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return _file("answer.css", "text/css; charset=utf-8")


@api.get("/answer.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return _file("answer.js", "text/javascript; charset=utf-8")
