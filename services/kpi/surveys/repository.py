"""Every question about surveys and their answers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.surveys.models import Question, Response, Survey, SurveyState
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


async def get(session: AsyncSession, tenant: str, survey_id: UUID, *, lock: str = "") -> Survey:
    query = select(Survey).where(Survey.tenant == tenant, Survey.id == survey_id)
    if lock:
        query = query.with_for_update(read=lock == "share")
    found = (await session.exec(query)).first()
    if found is None:
        raise NotFound
    return found


async def add(session: AsyncSession, survey: Survey) -> UUID | None:
    """None if it was new; else the id of the survey that the centre has under that name."""
    statement = insert(Survey).values(survey.model_dump()).on_conflict_do_nothing(index_elements=["tenant", "slug"])
    if (await session.exec(statement.returning(col(Survey.id)))).first():
        return None
    query = select(Survey.id).where(Survey.tenant == survey.tenant, Survey.slug == survey.slug)
    return (await session.exec(query)).one()


async def questions(session: AsyncSession, tenant: str, survey_id: UUID) -> Sequence[Question]:
    query = select(Question).where(Question.tenant == tenant, Question.survey_id == survey_id)
    return (await session.exec(query.order_by(col(Question.position)))).all()


async def page(
    session: AsyncSession, tenant: str, paging: PageRequest, *, drafts: bool
) -> tuple[Sequence[Survey], str | None]:
    query = select(Survey).where(Survey.tenant == tenant)
    if not drafts:
        query = query.where(Survey.state != SurveyState.DRAFT)
    return await paginate(session, query, Survey.id, paging)


async def shown(session: AsyncSession, tenant: str) -> Sequence[Survey]:
    """Every survey that is more than a draft."""
    query = select(Survey).where(Survey.tenant == tenant, Survey.state != SurveyState.DRAFT)
    return (await session.exec(query.order_by(col(Survey.id)))).all()


async def first_answer(session: AsyncSession, response: Response) -> bool:
    """Store it if the association has not answered this survey; a second one at the same time waits here and loses."""
    statement = insert(Response).values(response.model_dump())
    taken = statement.on_conflict_do_nothing(index_elements=["tenant", "survey_id", "organisation_id"])
    return (await session.exec(taken.returning(col(Response.id)))).first() is not None


async def answer_of(session: AsyncSession, survey: Survey, organisation_id: UUID) -> Response:
    query = select(Response).where(
        Response.tenant == survey.tenant, Response.survey_id == survey.id, Response.organisation_id == organisation_id
    )
    return (await session.exec(query.with_for_update())).one()


async def answered(session: AsyncSession, survey: Survey) -> int:
    query = select(func.count()).where(Response.tenant == survey.tenant, Response.survey_id == survey.id)
    return (await session.exec(query)).one()


async def answers(
    session: AsyncSession, survey: Survey, paging: PageRequest, organisation_id: UUID | None
) -> tuple[Sequence[Response], str | None]:
    query = select(Response).where(Response.tenant == survey.tenant, Response.survey_id == survey.id)
    if organisation_id is not None:
        query = query.where(Response.organisation_id == organisation_id)
    return await paginate(session, query, Response.id, paging)


async def answer_given(session: AsyncSession, survey: Survey, organisation_id: UUID) -> Response | None:
    query = select(Response).where(
        Response.tenant == survey.tenant, Response.survey_id == survey.id, Response.organisation_id == organisation_id
    )
    return (await session.exec(query)).first()


async def every_answer(session: AsyncSession, survey: Survey) -> Sequence[Response]:
    """In the order in which associations answered first. A survey is answered by hundreds, not by millions."""
    query = select(Response).where(Response.tenant == survey.tenant, Response.survey_id == survey.id)
    return (await session.exec(query.order_by(col(Response.id)))).all()
