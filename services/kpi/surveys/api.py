"""The HTTP door of surveys: staff ask, each association answers for itself, staff for any of them."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request, Response

from services.kpi.surveys import repository, rules, usecases
from services.kpi.surveys.models import Question, Survey
from services.kpi.surveys.schemas import (
    NewResponse,
    NewSurvey,
    Opening,
    QuestionAnswer,
    ResponseAnswer,
    ResponseTaken,
    SurveyAnswer,
    SurveyShown,
)
from shared.auth import Staff, StaffOrAssociation
from shared.door import Session, expect, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("kpi")


@api.post("/surveys", status_code=201)
async def create(
    body: NewSurvey, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> SurveyShown:
    """A draft, which nobody can answer before it is opened."""
    survey, questions = await usecases.create(session, tenant, body)
    tag(response, survey.version)
    return _shown(survey, questions, responses=0)


@api.get("/surveys")
async def list_surveys(
    tenant: TenantPath, session: Session, caller: StaffOrAssociation, paging: Paging
) -> Page[SurveyAnswer]:
    found, following = await repository.page(session, tenant, paging, drafts=caller.is_staff)
    return Page(items=[SurveyAnswer.model_validate(each) for each in found], next_cursor=following)


@api.get("/surveys/{survey_id}")
async def get_survey(
    survey_id: UUID, tenant: TenantPath, session: Session, caller: StaffOrAssociation, response: Response
) -> SurveyShown:
    survey = await usecases.visible(session, tenant, survey_id, caller)
    tag(response, survey.version)
    questions = await repository.questions(session, tenant, survey_id)
    return _shown(survey, questions, await repository.answered(session, survey))


@api.post("/surveys/{survey_id}/open")
async def open_survey(
    survey_id: UUID,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
    body: Opening | None = None,
) -> SurveyAnswer:
    """Associations can answer. With `invited`, the survey tells its response rate."""
    survey = await repository.get(session, tenant, survey_id, lock="update")
    expect(request, survey.version)
    await usecases.open_(session, survey, body.invited if body else None)
    tag(response, survey.version)
    return SurveyAnswer.model_validate(survey)


@api.post("/surveys/{survey_id}/close")
async def close_survey(
    survey_id: UUID, tenant: TenantPath, session: Session, caller: Staff, request: Request, response: Response
) -> SurveyAnswer:
    survey = await repository.get(session, tenant, survey_id, lock="update")
    expect(request, survey.version)
    await usecases.close(session, survey)
    tag(response, survey.version)
    return SurveyAnswer.model_validate(survey)


@api.post("/surveys/{survey_id}/responses", status_code=201)
async def answer(
    survey_id: UUID,
    body: NewResponse,
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    response: Response,
) -> ResponseTaken:
    """An association's answer. It can be given again as long as the survey is open; the newest counts."""
    told, current = await usecases.answer(session, tenant, survey_id, body, caller)
    tag(response, told.version)
    return ResponseTaken(**ResponseAnswer.model_validate(told).model_dump(), current=current)


@api.get("/surveys/{survey_id}/responses")
async def list_responses(
    survey_id: UUID, tenant: TenantPath, session: Session, caller: StaffOrAssociation, paging: Paging
) -> Page[ResponseAnswer]:
    """Staff see every answer, an association its own."""
    survey = await usecases.visible(session, tenant, survey_id, caller)
    own = None if caller.is_staff else caller.organisation_id
    found, following = await repository.answers(session, survey, paging, own)
    return Page(items=[ResponseAnswer.model_validate(each) for each in found], next_cursor=following)


def _shown(survey: Survey, questions: Sequence[Question], responses: int) -> SurveyShown:
    return SurveyShown(
        **SurveyAnswer.model_validate(survey).model_dump(),
        questions=[QuestionAnswer.model_validate(question) for question in questions],
        responses=responses,
        response_rate=rules.response_rate(responses, survey.invited),
    )
