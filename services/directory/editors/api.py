"""The editor links' door: mailed by staff and associations, asked for by editors themselves, revoked."""

from uuid import UUID

from fastapi import Request, Response

from services.directory.editors import usecases
from services.directory.editors.schemas import Asked, LinkAnswer, Links
from shared.auth import Public, StaffOrAssociation
from shared.door import Session, router
from shared.tenancy import TenantPath

routes = router("directory")


@routes.post("/organisations/{organisation_id}/contacts/{role_id}/link", status_code=201)
async def mail_link(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    organisation_id: UUID,
    role_id: UUID,
    request: Request,
) -> LinkAnswer:
    """Mails the editor a link of their own; it opens this organisation's entries for thirty days."""
    public_url = request.app.state.settings.public_url
    link = await usecases.mail(session, tenant, organisation_id, role_id, caller, public_url)
    return LinkAnswer.model_validate(link)


@routes.post("/editor-links", status_code=202, response_class=Response)
async def ask_for_link(tenant: TenantPath, session: Session, caller: Public, body: Asked, request: Request) -> Response:
    """An editor who has lost the link is mailed another one. The answer is the same for every address."""
    guesses = request.app.state.guesses
    guesses.check(request)
    guesses.count(request)
    await usecases.mail_to(session, tenant, body.email, request.app.state.settings.public_url)
    return Response(status_code=202)


@routes.get("/organisations/{organisation_id}/editor-links")
async def list_links(tenant: TenantPath, session: Session, caller: StaffOrAssociation, organisation_id: UUID) -> Links:
    found = await usecases.those_of(session, tenant, organisation_id, caller)
    return Links(items=[LinkAnswer.model_validate(each) for each in found])


@routes.post("/organisations/{organisation_id}/editor-links/{link_id}/revoke")
async def revoke_link(
    tenant: TenantPath, session: Session, caller: StaffOrAssociation, organisation_id: UUID, link_id: UUID
) -> LinkAnswer:
    return LinkAnswer.model_validate(await usecases.revoke(session, tenant, organisation_id, link_id, caller))
