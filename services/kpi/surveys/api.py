"""The HTTP door of surveys: staff ask, each association answers for itself, staff for any of them."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request, Response

from services.kpi.invitations import repository as invitations
from services.kpi.invitations.schemas import Opening
from services.kpi.invitations.usecases import invite
from services.kpi.surveys import repository, rules, usecases
from services.kpi.surveys.export import to_csv
from services.kpi.surveys.models import Question, Survey
from services.kpi.surveys.results import totals
from services.kpi.surveys.schemas import (
    NewResponse,
    NewSurvey,
    QuestionAnswer,
    ResponseAnswer,
    ResponseTaken,
    Results,
    SurveyAnswer,
    SurveyChange,
    SurveyShown,
)
from shared.auth import Staff, StaffOrAssociation
from shared.door import Session, expect, router, tag
from shared.errors import language_of
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


@api.patch("/surveys/{survey_id}")
async def change_survey(
    survey_id: UUID,
    body: SurveyChange,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> SurveyAnswer:
    """Another title, a longer time, other reminders. Questions stay as they were asked."""
    survey = await repository.get(session, tenant, survey_id, lock="update")
    expect(request, survey.version)
    await usecases.change(session, survey, body)
    tag(response, survey.version)
    return SurveyAnswer.model_validate(survey)


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
    """Associations can answer; members, or whoever is listed, are asked. So the survey tells a response rate."""
    survey = await repository.get(session, tenant, survey_id, lock="update")
    expect(request, survey.version)
    wanted = body or Opening()
    await usecases.open_(session, survey, wanted, wanted.invited)
    if wanted.members or wanted.invitations:
        await invite(session, survey, wanted, request.app.state.settings.public_url)
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


@api.get("/surveys/{survey_id}/responses.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_responses(
    survey_id: UUID, tenant: TenantPath, session: Session, caller: Staff, request: Request
) -> Response:
    """Every answer, texts included, for a spreadsheet; Danish, or English by `Accept-Language`."""
    survey = await repository.get(session, tenant, survey_id)
    asked, answers = await usecases.asked_in(session, survey), await repository.every_answer(session, survey)
    language = language_of(request.headers.get("accept-language"))
    lines = to_csv(asked, answers, await invitations.names(session, survey), language)
    headers = {"Content-Disposition": f'attachment; filename="answers-{survey.id}.csv"', "Vary": "Accept-Language"}
    return Response(lines, media_type="text/csv; charset=utf-8", headers=headers)


@api.get("/surveys/{survey_id}/results")
async def results(survey_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> Results:
    """All answers together, question by question. What people wrote is only counted here."""
    survey = await repository.get(session, tenant, survey_id)
    answers = await repository.every_answer(session, survey)
    asked = await usecases.asked_in(session, survey)
    return Results(
        responses=len(answers),
        response_rate=rules.response_rate(len(answers), survey.invited),
        questions=totals(asked, [each.answers for each in answers]),
    )


def _shown(survey: Survey, questions: Sequence[Question], responses: int) -> SurveyShown:
    return SurveyShown(
        **SurveyAnswer.model_validate(survey).model_dump(),
        questions=[QuestionAnswer.model_validate(question) for question in questions],
        responses=responses,
        response_rate=rules.response_rate(responses, survey.invited),
    )
