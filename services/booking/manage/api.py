"""The page that mails link to: a citizen sees and cancels their booking. It knows nothing; the browser asks the API."""

from pathlib import Path

from fastapi import Response

from shared.auth import Public
from shared.door import router
from shared.pages import page_file
from shared.tenancy import TenantPath

api = router("booking")
HERE = Path(__file__).resolve().parent


@api.get("/manage", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """The link's token stands after `#`, so it never reaches a server's log."""
    return page_file(HERE / "manage.html")


@api.get("/manage.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "manage.css")


@api.get("/manage.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "manage.js")
