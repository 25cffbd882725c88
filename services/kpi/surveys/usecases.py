"""What people do with surveys: ask, open, answer and correct, close."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.people import dated
from services.kpi.surveys import repository, rules
from services.kpi.surveys.models import Question, Response, Survey, SurveyState
from services.kpi.surveys.schemas import NewResponse, NewSurvey
from shared.auth import Principal, Role
from shared.clock import fact_time, now
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Text
from shared.events.envelope import Event
from shared.events.kpi import SurveyClosed, SurveyOpened, SurveyResponseSubmitted
from shared.messaging.outbox import emit


class SlugTaken(Conflict):
    slug = "slug-taken"
    title = Text("Der er allerede et spørgeskema med det navn", "There is a survey of that name already")


class NotOpen(Conflict):
    slug = "survey-not-open"
    title = Text("Spørgeskemaet er ikke åbent", "The survey is not open")


class WrongState(Conflict):
    slug = "wrong-state"
    title = Text("Det kan man ikke gøre med spørgeskemaet nu", "That cannot be done with the survey now")


async def create(session: AsyncSession, tenant: str, new: NewSurvey) -> tuple[Survey, Sequence[Question]]:
    survey = Survey(tenant=tenant, slug=new.slug, title=new.title)
    if not await repository.add(session, survey):
        raise SlugTaken(errors=[FieldError("slug", Text("er optaget", "is taken"))])
    questions = [
        Question(tenant=tenant, survey_id=survey.id, position=position, **question.model_dump())
        for position, question in enumerate(new.questions)
    ]
    session.add_all(questions)
    await session.flush()
    return survey, questions


async def open_(session: AsyncSession, survey: Survey, invited: int | None) -> None:
    """From draft, or again after closing. `survey` is locked."""
    if survey.state is SurveyState.OPEN:
        raise WrongState
    survey.invited = invited or survey.invited
    survey.state, survey.opened_at, survey.closed_at = SurveyState.OPEN, now(), None
    await _changed(session, survey, SurveyOpened(survey_id=survey.id, survey=survey.slug))


async def close(session: AsyncSession, survey: Survey) -> None:
    if survey.state is not SurveyState.OPEN:
        raise WrongState
    survey.state, survey.closed_at = SurveyState.CLOSED, now()
    await _changed(session, survey, SurveyClosed(survey_id=survey.id, survey=survey.slug))


async def _changed(session: AsyncSession, survey: Survey, event: Event) -> None:
    survey.version += 1
    session.add(survey)
    await session.flush()
    await emit(session, event, tenant=survey.tenant, subject=survey.id, sequence=survey.version)


async def visible(session: AsyncSession, tenant: str, survey_id: UUID, caller: Principal) -> Survey:
    """A draft is nobody's but staff's."""
    survey = await repository.get(session, tenant, survey_id)
    if survey.state is SurveyState.DRAFT and not caller.is_staff:
        raise NotFound
    return survey


async def answer(
    session: AsyncSession, tenant: str, survey_id: UUID, new: NewResponse, caller: Principal
) -> tuple[Response, bool]:
    """An association's one answer; a newer one replaces it. Answers whether this one now stands.

    An answer given on an earlier day than the one that stands is told as a fact, and changes nothing that is shown.
    """
    if caller.role is Role.ASSOCIATION and new.organisation_id != caller.organisation_id:
        raise Forbidden(errors=[FieldError("organisation_id", Text("er ikke jeres egen", "is not your own"))])
    # Shared: associations answer side by side, but nobody after it was closed.
    survey = await repository.get(session, tenant, survey_id, lock="share")
    if survey.state is not SurveyState.OPEN:
        raise NotOpen
    asked = [
        rules.Asked(q.key, q.kind.value, q.choices) for q in await repository.questions(session, tenant, survey_id)
    ]
    if wrong := rules.mistakes(asked, new.answers):
        raise Invalid(errors=wrong)
    response = Response(
        tenant=tenant,
        survey_id=survey.id,
        organisation_id=new.organisation_id,
        answers=dict(new.answers),
        answered_on=dated(new.answered_on, caller, "answered_on"),
        answered_by=caller.subject,
    )
    told, current = response, True
    if not await repository.first_answer(session, response):
        told = await repository.answer_of(session, survey, new.organisation_id)
        current = _replace(told, response)
        await session.flush()
    event = SurveyResponseSubmitted(
        survey_id=survey.id,
        survey=survey.slug,
        organisation_id=new.organisation_id,
        answers=rules.public(asked, new.answers),
        answered_on=response.answered_on,
    )
    time = fact_time(response.answered_on)
    await emit(session, event, tenant=tenant, subject=told.id, sequence=told.version, time=time)
    return told, current


def _replace(standing: Response, new: Response) -> bool:
    standing.version += 1
    if new.answered_on < standing.answered_on:
        return False
    standing.answers, standing.answered_on, standing.answered_by = new.answers, new.answered_on, new.answered_by
    return True
