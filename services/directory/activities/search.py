"""Finding activities: by words, best match first, or by filters alone in order of entry; page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    collate,
    false,
    func,
    literal,
    literal_column,
    true,
    tuple_,
)
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.activities.paging import Place, RankedPageRequest
from services.directory.activities.rules import Search
from services.directory.rules import Freshness, State

# Ranks as whole numbers: the last one of a page must be the very same number when it comes back in a cursor.
RANK_STEPS = 1_000_000


@dataclass(frozen=True)
class Filters:
    state: State
    theme: str | None = None
    target_group: str | None = None
    language: str | None = None
    locality: str | None = None
    organisation_id: UUID | None = None
    search: Search | None = None


async def page(
    session: AsyncSession, tenant: str, filters: Filters, paging: RankedPageRequest
) -> tuple[Sequence[Activity], str | None]:
    matches, rank = _by_words(filters.search) if filters.search else (true(), literal(0))
    # What was asked about twice in vain stands after everything else, however well it matches.
    rank = rank - case((col(Activity.freshness) == Freshness.SUNK, 10 * RANK_STEPS), else_=0)
    query = select(Activity, rank.label("rank")).where(
        Activity.tenant == tenant,
        Activity.state == filters.state,
        Activity.freshness != Freshness.HIDDEN,
        matches,
    )
    if filters.theme:
        query = query.where(col(Activity.themes).contains([filters.theme]))
    if filters.target_group:
        query = query.where(col(Activity.target_groups).contains([filters.target_group]))
    if filters.language:
        query = query.where(col(Activity.languages).contains([filters.language]))
    if filters.locality:
        query = query.where(_lower(col(Activity.locality)) == filters.locality.lower())
    if filters.organisation_id:
        query = query.where(Activity.organisation_id == filters.organisation_id)
    if paging.after:
        query = query.where(tuple_(-rank, col(Activity.id)) > tuple_(-paging.after.rank, paging.after.id))
    found = (await session.exec(query.order_by(-rank, col(Activity.id)).limit(paging.limit + 1))).all()
    page = found[: paging.limit]
    following = Place(page[-1][1], page[-1][0].id).cursor() if len(found) > paging.limit else None
    return [activity for activity, _ in page], following


def _by_words(search: Search) -> tuple[ColumnElement[bool], ColumnElement[int]]:
    """What matches, and how well. A match of word stems counts; one inside a compound only comes after those."""
    vector: ColumnElement[object] = literal_column("activities.search")
    words = func.to_tsquery(literal_column("'danish'::regconfig"), search.words)
    said = _lower(func.concat(Activity.title, " ", func.joined(Activity.themes)))
    within = and_(false() if not search.pieces else true(), *(said.contains(piece) for piece in search.pieces))
    rank = cast(func.floor(func.ts_rank(vector, words) * RANK_STEPS), Integer)
    return vector.bool_op("@@")(words) | within, rank


def _lower(text: Any) -> ColumnElement[str]:
    """Lower case of every letter, whatever locale the database was made with: some know no Æ, Ø and Å."""
    return func.lower(collate(text, "pg_c_utf8"))
