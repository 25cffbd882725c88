"""The HTTP door of invitations: staff ask and remind; whoever holds an association's link answers for it."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Request

from services.kpi.invitations import repository, usecases
from services.kpi.invitations.models import Invitation
from services.kpi.invitations.schemas import (
    AskedAssociation,
    GivenAnswers,
    InvitationAnswer,
    InvitationsMade,
    NewInvitations,
    Reminded,
    Reminding,
)
from services.kpi.surveys import repository as surveys
from services.kpi.surveys.models import Response, Survey
from shared.auth import Public, Staff
from shared.door import Session, router
from shared.errors import Unauthenticated
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("kpi")
SurveyToken = Annotated[str | None, Header(alias="X-Survey-Token", max_length=200)]


@api.post("/surveys/{survey_id}/invitations", status_code=201)
async def invite(
    survey_id: UUID,
    body: NewInvitations,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
) -> InvitationsMade:
    """Ask more associations while the survey is open, or one again: at another address, with a new link."""
    survey = await surveys.get(session, tenant, survey_id, lock="update")
    return await usecases.invite(session, survey, body, request.app.state.settings.public_url)


@api.get("/surveys/{survey_id}/invitations")
async def list_invitations(
    survey_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    paging: Paging,
    answered: bool | None = None,
) -> Page[InvitationAnswer]:
    """Who was asked, who has answered, and who was reminded."""
    survey = await surveys.get(session, tenant, survey_id)
    found, following = await repository.page(session, survey, paging, answered)
    answers = await repository.answers_of(session, found)
    return Page(items=[_shown(each, answers.get(each.id)) for each in found], next_cursor=following)


@api.post("/surveys/{survey_id}/reminders")
async def remind(
    survey_id: UUID, tenant: TenantPath, session: Session, caller: Staff, body: Reminding | None = None
) -> Reminded:
    """Remind by hand those who have not answered. Nobody is reminded more than twice, nor twice on a day."""
    survey = await surveys.get(session, tenant, survey_id, lock="update")
    return await usecases.remind(session, survey, body.organisation_ids if body else None)


@api.delete("/surveys/{survey_id}/invitations/{invitation_id}", status_code=204)
async def withdraw(survey_id: UUID, invitation_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> None:
    """Take an invitation back and forget its address. What the association has answered stays."""
    survey: Survey = await surveys.get(session, tenant, survey_id, lock="update")
    await usecases.withdraw(session, survey, invitation_id)


@api.get("/invitations/{invitation_id}")
async def look(
    invitation_id: UUID, tenant: TenantPath, session: Session, caller: Public, token: SurveyToken = None
) -> AskedAssociation:
    """The questions, and what the association has answered; for whoever holds its link."""
    return await usecases.show(session, await _held(session, tenant, invitation_id, token))


@api.put("/invitations/{invitation_id}/answer")
async def answer(
    invitation_id: UUID,
    body: GivenAnswers,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    token: SurveyToken = None,
) -> AskedAssociation:
    """The association's one answer, which takes the place of the one it gave before."""
    invitation = await _held(session, tenant, invitation_id, token)
    await usecases.answer(session, invitation, body)
    return await usecases.show(session, invitation)


async def _held(session: Session, tenant: str, invitation_id: UUID, token: str | None) -> Invitation:
    if token is None:
        raise Unauthenticated
    return await usecases.held_by(session, tenant, invitation_id, token)


def _shown(invitation: Invitation, given: Response | None) -> InvitationAnswer:
    return InvitationAnswer(
        **invitation.model_dump(include=set(InvitationAnswer.model_fields) - {"answered_on"}),
        answered_on=given.answered_on if given else None,
    )
