"""The page that an editor's link opens: few fields first, a preview, what state it is in. It knows nothing itself."""

from pathlib import Path

from fastapi import Response

from services.directory.doors import Editing
from services.directory.editing.schemas import Opened
from services.directory.organisations import repository as organisations
from services.directory.organisations.schemas import OrganisationAnswer
from services.directory.reviews import repository as reviews
from shared.auth import Public
from shared.door import Session, router
from shared.errors import NotFound
from shared.pages import page_file
from shared.tenancy import TenantPath

routes = router("directory")
HERE = Path(__file__).resolve().parent


@routes.get("/edit", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """The link's token stands after `#`, so it never reaches a server's log."""
    return page_file(HERE / "edit.html")


@routes.get("/edit.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "edit.css")


@routes.get("/edit.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "edit.js")


@routes.get("/editing")
async def open_editing(tenant: TenantPath, session: Session, caller: Editing) -> Opened:
    """Whose entries the caller edits, and whether staff want to see changes first."""
    if caller.organisation_id is None:
        raise NotFound  # Staff edit everybody's.
    organisation = await organisations.get(session, tenant, caller.organisation_id)
    return Opened(
        organisation=OrganisationAnswer.model_validate(organisation), review=await reviews.wanted(session, tenant)
    )
