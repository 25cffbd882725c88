"""The page of rounds: associations wish for a season, staff decide, everybody reads why. It knows nothing; the browser
asks the API, with the access token of whoever signs in."""

from pathlib import Path

from fastapi import Response

from shared.auth import Public
from shared.door import router
from shared.pages import page_file
from shared.tenancy import TenantPath

api = router("booking")
HERE = Path(__file__).resolve().parent


@api.get("/season", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """A round's id may stand after `#`. A token is kept in the page's memory and is gone with it."""
    return page_file(HERE / "season.html")


@api.get("/season.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "season.js")
