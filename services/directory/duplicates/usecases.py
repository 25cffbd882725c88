"""What staff do about entries that look alike: see them, and say that two are not the same."""

import asyncio
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.duplicates import repository
from services.directory.duplicates.rules import Pair, alike
from services.directory.duplicates.schemas import DuplicateAnswer, DuplicatesAnswer, Lookalike
from services.directory.organisations import repository as organisations
from shared.errors import Invalid


async def find(session: AsyncSession, tenant: str, limit: int, of: UUID | None = None) -> DuplicatesAnswer:
    """Surest first. What somebody has told apart is not shown again."""
    known = await repository.open_ones(session, tenant)
    # Beside the other requests: a thousand associations of one town take half a second.
    pairs = await asyncio.to_thread(alike, known)
    apart = await repository.told_apart(session, tenant)
    left = [
        pair for pair in pairs if (pair.one, pair.other) not in apart and (of is None or of in (pair.one, pair.other))
    ]
    shown = left[:limit]
    entries = await organisations.those_of(session, tenant, [id for pair in shown for id in _ends(pair)])
    return DuplicatesAnswer(
        items=[
            DuplicateAnswer(
                organisations=[Lookalike.model_validate(entries[id]) for id in _ends(pair)],
                score=pair.score,
                why=pair.why,
            )
            for pair in shown
        ],
        total=len(left),
    )


async def tell_apart(session: AsyncSession, tenant: str, ids: list[UUID]) -> None:
    one, other = ids
    if one == other:
        raise Invalid.field("organisation_ids", "er den samme", "are one and the same")
    known = await organisations.those_of(session, tenant, ids)
    if len(known) < len(ids):
        raise Invalid.field("organisation_ids", "findes ikke", "do not exist")
    await repository.tell_apart(session, tenant, one, other)


def _ends(pair: Pair) -> tuple[UUID, UUID]:
    return pair.one, pair.other
