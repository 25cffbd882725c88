"""What is exported, read a part at a time, so that no directory is too large for the memory."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, collate, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.exports.columns import Noun
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from services.directory.rules import Freshness, State

AT_ONCE = 500
Values = Mapping[str, Any]
_MODELS: dict[Noun, Any] = {
    Noun.ORGANISATIONS: Organisation,
    Noun.ACTIVITIES: Activity,
    Noun.PREMISES: Premises,
}


@dataclass(frozen=True)
class Chosen:
    """Which activities a feed, a list or a booklet shows."""

    theme: str | None = None
    locality: str | None = None
    target_group: str | None = None
    organisation_id: UUID | None = None


async def parts(
    session: AsyncSession, tenant: str, noun: Noun, columns: Sequence[str], *, staff: bool
) -> AsyncIterator[Sequence[Values]]:
    """In order of entry. The public's are those that everybody can read one by one, too."""
    model = _MODELS[noun]
    wanted = [_column(model, name).label(name) for name in columns]
    query: Select[Any] = select(*wanted).select_from(model).where(model.tenant == tenant)
    if noun is not Noun.ORGANISATIONS:
        query = query.outerjoin(
            Organisation, (col(Organisation.id) == model.organisation_id) & (Organisation.tenant == model.tenant)
        )
    if not staff:
        query = query.where(public(noun))
    connection = await session.connection()
    result = await connection.stream(query.order_by(model.id), execution_options={"yield_per": AT_ONCE})
    async for rows in result.mappings().partitions():
        yield rows


def public(noun: Noun) -> ColumnElement[bool]:
    """Without what is hidden because nobody confirms it; its link goes on answering."""
    match noun:
        case Noun.ORGANISATIONS:
            return and_(col(Organisation.closed_on).is_(None), col(Organisation.freshness) != Freshness.HIDDEN)
        case Noun.ACTIVITIES:
            return and_(col(Activity.state) == State.PUBLISHED, col(Activity.freshness) != Freshness.HIDDEN)
        case Noun.PREMISES:
            return and_(col(Premises.closed_on).is_(None), col(Premises.freshness) != Freshness.HIDDEN)


async def activities(
    session: AsyncSession, tenant: str, chosen: Chosen, limit: int, *, newest_first: bool = False
) -> list[tuple[Activity, Organisation]]:
    """Published ones with whose they are, by title or the newest first."""
    query = (
        select(Activity, Organisation)
        .join(Organisation, col(Organisation.id) == col(Activity.organisation_id))
        .where(Activity.tenant == tenant, Organisation.tenant == tenant, public(Noun.ACTIVITIES))
    )
    if chosen.theme:
        query = query.where(col(Activity.themes).contains([chosen.theme]))
    if chosen.target_group:
        query = query.where(col(Activity.target_groups).contains([chosen.target_group]))
    if chosen.locality:
        query = query.where(_lower(col(Activity.locality)) == chosen.locality.lower())
    if chosen.organisation_id:
        query = query.where(Activity.organisation_id == chosen.organisation_id)
    newest = (col(Activity.published_on).desc(), col(Activity.id).desc())
    order = newest if newest_first else (_lower(col(Activity.title)), col(Activity.id))
    return [(activity, owner) for activity, owner in (await session.exec(query.order_by(*order).limit(limit))).all()]


def _column(model: Any, name: str) -> Any:
    return Organisation.name if name == "organisation_name" else getattr(model, name)


def _lower(text: Any) -> ColumnElement[str]:
    """Of every letter, whatever locale the database was made with: some know no Æ, Ø and Å."""
    return func.lower(collate(text, "pg_c_utf8"))
