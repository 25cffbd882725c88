"""The page that an association's link opens. It knows nothing; the browser asks the API with the link's token."""

from pathlib import Path

from fastapi import Response

from shared.auth import Public
from shared.door import router
from shared.pages import page_file
from shared.tenancy import TenantPath

api = router("kpi")
HERE = Path(__file__).resolve().parent


@api.get("/answer", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """The link's token stands after `#`, so it never reaches a server's log."""
    return page_file(HERE / "answer.html")


@api.get("/answer.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "answer.css")


@api.get("/answer.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "answer.js")
