"""What the pages for staff share: the script by which they sign in, ask and tell, and how they look."""

from pathlib import Path
from typing import Literal

from fastapi import Response

from shared.auth import Public
from shared.door import router
from shared.pages import page_file
from shared.tenancy import TenantPath

routes = router("directory")
HERE = Path(__file__).resolve().parent


@routes.get("/staff.{kind}", include_in_schema=False)
async def shared_part(tenant: TenantPath, caller: Public, kind: Literal["js", "css"]) -> Response:
    return page_file(HERE / f"staff.{kind}")
