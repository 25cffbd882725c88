"""Every question about invitations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.invitations.models import Invitation
from services.kpi.surveys.models import Response, Survey, SurveyState
from shared.errors import NotFound
from shared.paging import PageRequest, paginate


def _answer() -> object:
    """The one answer of the association that an invitation is for."""
    return and_(
        col(Response.tenant) == col(Invitation.tenant),
        col(Response.survey_id) == col(Invitation.survey_id),
        col(Response.organisation_id) == col(Invitation.organisation_id),
    )


async def get(session: AsyncSession, tenant: str, id: UUID) -> Invitation:
    query = select(Invitation).where(Invitation.tenant == tenant, Invitation.id == id)
    if found := (await session.exec(query)).first():
        return found
    raise NotFound


async def of_survey(
    session: AsyncSession, survey: Survey, organisations: Collection[UUID] | None = None
) -> Sequence[Invitation]:
    """Locked: of all associations, or of these."""
    query = select(Invitation).where(Invitation.tenant == survey.tenant, Invitation.survey_id == survey.id)
    if organisations is not None:
        query = query.where(col(Invitation.organisation_id).in_(organisations))
    return (await session.exec(query.order_by(col(Invitation.id)).with_for_update())).all()


async def names(session: AsyncSession, survey: Survey) -> dict[UUID, str | None]:
    query = select(Invitation.organisation_id, Invitation.name).where(
        Invitation.tenant == survey.tenant, Invitation.survey_id == survey.id
    )
    return dict((await session.exec(query)).all())


async def count(session: AsyncSession, survey: Survey) -> int:
    query = select(func.count()).where(Invitation.tenant == survey.tenant, Invitation.survey_id == survey.id)
    return (await session.exec(query)).one()


async def without_address(session: AsyncSession, survey: Survey) -> int:
    query = select(func.count()).where(
        Invitation.tenant == survey.tenant, Invitation.survey_id == survey.id, col(Invitation.email).is_(None)
    )
    return (await session.exec(query)).one()


async def answered_by(session: AsyncSession, survey: Survey) -> set[UUID]:
    query = select(Response.organisation_id).where(Response.tenant == survey.tenant, Response.survey_id == survey.id)
    return set((await session.exec(query)).all())


async def remove(session: AsyncSession, invitation: Invitation) -> None:
    await session.exec(delete(Invitation).where(col(Invitation.id) == invitation.id))


async def page(
    session: AsyncSession, survey: Survey, paging: PageRequest, answered: bool | None
) -> tuple[Sequence[Invitation], str | None]:
    query = select(Invitation).where(Invitation.tenant == survey.tenant, Invitation.survey_id == survey.id)
    if answered is not None:
        given = select(Response.id).where(_answer()).exists()  # type: ignore[arg-type]
        query = query.where(given if answered else ~given)
    return await paginate(session, query, Invitation.id, paging)


async def answers_of(session: AsyncSession, invitations: Sequence[Invitation]) -> dict[UUID, Response]:
    """By the id of the invitation."""
    query = (
        select(Invitation.id, Response)
        .join(Response, _answer())  # type: ignore[arg-type]
        .where(col(Invitation.id).in_([each.id for each in invitations]))
    )
    return dict((await session.exec(query)).all())


async def to_look_at(session: AsyncSession, closed_before: datetime) -> Sequence[Survey]:
    """Of all centres: open surveys with a last day, and those closed so long ago that addresses must go."""
    addressed = select(Invitation.id).where(
        col(Invitation.survey_id) == col(Survey.id), col(Invitation.contact_id).is_not(None)
    )
    query = select(Survey).where(
        or_(
            and_(col(Survey.state) == SurveyState.OPEN, col(Survey.closes_on).is_not(None)),
            and_(
                col(Survey.state) == SurveyState.CLOSED,
                col(Survey.closed_at) < closed_before,
                addressed.exists(),
            ),
        )
    )
    return (await session.exec(query.order_by(col(Survey.id)))).all()
