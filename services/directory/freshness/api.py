"""The doors of freshness: anybody reads the share, staff call and confirm, an owner answers by the link in a letter."""

from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Header, Query, Request, Response

from services.directory.freshness import export, repository
from services.directory.freshness.models import Asking
from services.directory.freshness.rules import EntryKind, Policy
from services.directory.freshness.schemas import (
    CallList,
    ConfirmedAnswer,
    GivenAnswer,
    LetterAnswer,
    PolicyAnswer,
    PolicyBody,
    ShareAnswer,
    Undoing,
)
from services.directory.freshness.usecases import answering, confirming, looking
from shared.answers import IfMatch, answer
from shared.auth import Public, Staff, StaffOrAssociation
from shared.door import Session, router
from shared.errors import Unauthenticated, language_of
from shared.pages import page_file
from shared.tenancy import TenantPath

routes = router("directory")
HERE = Path(__file__).resolve().parent
LetterToken = Annotated[str | None, Header(alias="X-Assurance-Token", max_length=200)]
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}


@routes.get("/freshness")
async def get_freshness(tenant: TenantPath, session: Session, caller: Public) -> ShareAnswer:
    """How much of the directory somebody has answered for lately."""
    return await looking.share(session, tenant)


@routes.get("/freshness/policy")
async def get_policy(tenant: TenantPath, session: Session, caller: Staff) -> PolicyAnswer:
    return PolicyAnswer.model_validate(await repository.policy(session, tenant))


@routes.put("/freshness/policy")
async def put_policy(tenant: TenantPath, session: Session, caller: Staff, body: PolicyBody) -> PolicyAnswer:
    """Holds from the next round on. What has been asked already stays asked."""
    await repository.put_policy(session, tenant, Policy(**body.model_dump()))
    return PolicyAnswer.model_validate(body)


@routes.get("/freshness/call-list", responses=_CSV, response_model=CallList)
async def get_call_list(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    accept_language: Annotated[str | None, Header()] = None,
    format: Annotated[Literal["json", "csv"], Query()] = "json",
) -> CallList | Response:
    """What nobody confirms, what owners say has changed or closed, and what nobody can be asked about."""
    calls = await looking.calls(session, tenant)
    return export.to_csv(calls, language_of(accept_language)) if format == "csv" else calls


@routes.post("/organisations/{organisation_id}/confirm")
async def confirm_organisation(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    organisation_id: UUID,
    expected: IfMatch,
    response: Response,
) -> ConfirmedAnswer:
    """The entry holds as it is: staff have asked, or the association says so itself."""
    entry = await confirming.confirm(session, tenant, EntryKind.ORGANISATION, organisation_id, caller, expected)
    return answer(ConfirmedAnswer, entry, response)


@routes.post("/activities/{activity_id}/confirm")
async def confirm_activity(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    activity_id: UUID,
    expected: IfMatch,
    response: Response,
) -> ConfirmedAnswer:
    entry = await confirming.confirm(session, tenant, EntryKind.ACTIVITY, activity_id, caller, expected)
    return answer(ConfirmedAnswer, entry, response)


@routes.post("/premises/{premises_id}/confirm")
async def confirm_premises(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    premises_id: UUID,
    expected: IfMatch,
    response: Response,
) -> ConfirmedAnswer:
    entry = await confirming.confirm(session, tenant, EntryKind.PREMISES, premises_id, caller, expected)
    return answer(ConfirmedAnswer, entry, response)


@routes.get("/askings/{asking_id}")
async def get_letter(
    tenant: TenantPath, session: Session, caller: Public, asking_id: UUID, request: Request, token: LetterToken = None
) -> LetterAnswer:
    """What an owner is asked about, for whoever holds the link of the letter. Reading it changes nothing."""
    return await looking.letter(session, await _held(request, session, tenant, asking_id, token))


@routes.post("/askings/{asking_id}/answers")
async def give_answer(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    asking_id: UUID,
    body: GivenAnswer,
    request: Request,
    token: LetterToken = None,
) -> LetterAnswer:
    """`still_right` assures the entry, `closed` withdraws it; both are taken once. `changed` tells staff, and mails an
    editor the link to edit by."""
    letter = await _held(request, session, tenant, asking_id, token)
    public_url = request.app.state.settings.public_url
    await answering.answer(session, letter, body.entry_id, body.answer, body.note, public_url)
    return await looking.letter(session, letter)


@routes.post("/askings/{asking_id}/undo")
async def undo_closing(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    asking_id: UUID,
    body: Undoing,
    request: Request,
    token: LetterToken = None,
) -> LetterAnswer:
    """Take `closed` back, within thirty days."""
    letter = await _held(request, session, tenant, asking_id, token)
    await answering.undo(session, letter, body.entry_id)
    return await looking.letter(session, letter)


@routes.get("/assure", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """Opening it does nothing: mail scanners open links, too. What stands after `#` never reaches a server's log."""
    return page_file(HERE / "page" / "assure.html")


@routes.get("/assure.css", include_in_schema=False)
async def style(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "page" / "assure.css")


@routes.get("/assure.js", include_in_schema=False)
async def script(tenant: TenantPath, caller: Public) -> Response:
    return page_file(HERE / "page" / "assure.js")


async def _held(request: Request, session: Session, tenant: str, asking_id: UUID, token: str | None) -> Asking:
    if token is None:
        raise Unauthenticated
    with request.app.state.guesses.trying(request):
        return await answering.held_by(session, tenant, asking_id, token)
