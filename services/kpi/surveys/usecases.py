"""What people do with surveys: ask, open, answer and correct, close."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.people import dated
from services.kpi.surveys import repository, rules
from services.kpi.surveys.models import Question, Response, Survey, SurveyState
from services.kpi.surveys.schemas import NewResponse, NewSurvey, SurveyChange, Term
from shared.auth import Principal, Role
from shared.clock import fact_time, now, today
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Text
from shared.events.envelope import Event
from shared.events.kpi import SurveyClosed, SurveyOpened, SurveyResponseSubmitted
from shared.messaging.outbox import emit

TERM = {"closes_on", "remind_days_before"}


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
    if existing := await repository.add(session, survey):
        raise SlugTaken(errors=[FieldError("slug", Text("er optaget", "is taken"))], id=str(existing))
    questions = [
        Question(tenant=tenant, survey_id=survey.id, position=position, **question.model_dump())
        for position, question in enumerate(new.questions)
    ]
    session.add_all(questions)
    await session.flush()
    return survey, questions


async def open_(session: AsyncSession, survey: Survey, term: Term, invited: int | None = None) -> None:
    """From draft, or again after closing. `survey` is locked.

    Opened again without a new last day, it has none: the one it had is over or was cut short.
    """
    if takes_answers(survey):
        raise WrongState
    _set_term(survey, {"closes_on": None} | term.model_dump(include=TERM, exclude_unset=True))
    survey.invited = invited or survey.invited
    survey.state, survey.opened_at, survey.closed_at = SurveyState.OPEN, now(), None
    await _changed(session, survey, SurveyOpened(survey_id=survey.id, survey=survey.slug))


async def change(session: AsyncSession, survey: Survey, wanted: SurveyChange) -> None:
    """Another title, another last day, other reminders. No event carries any of them. `survey` is locked."""
    if survey.state is SurveyState.CLOSED:
        raise WrongState
    before = survey.model_dump()
    if wanted.title:
        survey.title = wanted.title
    _set_term(survey, wanted.model_dump(include=TERM, exclude_unset=True))
    if survey.model_dump() != before:
        survey.version += 1
        session.add(survey)
        await session.flush()


def _set_term(survey: Survey, term: Mapping[str, Any]) -> None:
    closes_on = term.get("closes_on")
    if closes_on is not None and closes_on < today():
        raise Invalid.field("closes_on", "må ikke være en dag, der er gået", "must not be a day that has passed")
    if "closes_on" in term:
        survey.closes_on = closes_on
    if (days := term.get("remind_days_before")) is not None:
        survey.remind_days_before = sorted(set(days), reverse=True)


def takes_answers(survey: Survey) -> bool:
    return rules.takes_answers(survey.state.value, survey.closes_on, today())


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


async def asked_in(session: AsyncSession, survey: Survey) -> list[rules.Asked]:
    found = await repository.questions(session, survey.tenant, survey.id)
    return [rules.Asked(q.key, q.kind.value, q.choices, q.text) for q in found]


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
    if not takes_answers(survey):
        raise NotOpen
    asked = await asked_in(session, survey)
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
