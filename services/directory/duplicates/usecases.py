"""What staff do about entries that look alike: see them, and say that two are not the same, or may be after all."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.activities.paging import RankedPageRequest
from services.directory.duplicates import descriptions, repository
from services.directory.duplicates.models import NotTheSame
from services.directory.duplicates.rules import Named, Pair, alike, one_street
from services.directory.duplicates.schemas import (
    Called,
    DuplicateActivities,
    DuplicateActivity,
    DuplicateAnswer,
    DuplicatePremises,
    DuplicateRooms,
    DuplicatesAnswer,
    Lookalike,
    LookalikeActivity,
    LookalikePremises,
    NotTheSameOnes,
    ToldApart,
)
from services.directory.freshness import entries
from services.directory.freshness.rules import EntryKind
from services.directory.names import core
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from shared.errors import Invalid
from shared.paging import Page


async def find(session: AsyncSession, tenant: str, limit: int, of: UUID | None = None) -> DuplicatesAnswer:
    """Surest first. What somebody has told apart is not shown again."""
    known = await repository.open_ones(session, tenant)
    # Beside the other requests: a thousand associations of one town take half a second.
    left = await _left(session, tenant, await asyncio.to_thread(alike, known), of)
    known_ones = await organisations.those_of(session, tenant, _all_ends(left[:limit]))
    return DuplicatesAnswer(
        items=[
            DuplicateAnswer(
                organisations=[Lookalike.model_validate(known_ones[id]) for id in _ends(pair)],
                score=pair.score,
                why=pair.why,
            )
            for pair in left[:limit]
        ],
        total=len(left),
    )


async def find_activities(
    session: AsyncSession, tenant: str, limit: int, of: UUID | None = None
) -> DuplicateActivities:
    known = await repository.described_ones(session, tenant)
    left = await _left(session, tenant, await asyncio.to_thread(descriptions.alike, known, of), of)
    described = await repository.activities(session, tenant, _all_ends(left[:limit]))
    return DuplicateActivities(
        items=[
            DuplicateActivity(
                activities=[_lookalike(*described[id]) for id in _ends(pair)], score=pair.score, why=pair.why
            )
            for pair in left[:limit]
        ],
        total=len(left),
    )


async def find_premises(session: AsyncSession, tenant: str, limit: int, of: UUID | None = None) -> DuplicatePremises:
    """By name within a postcode or place, as organisations; another address is another place."""
    rooms = await repository.rooms(session, tenant)
    places = repository.places_of(tenant, (each.locality for each in rooms.values()))
    known = [Named(r.id, r.name, core(r.name, places), None, r.postcode, r.locality) for r in rooms.values()]
    left = [
        pair
        for pair in await _left(session, tenant, await asyncio.to_thread(alike, known), of)
        if one_street(rooms[pair.one].address, rooms[pair.other].address)
    ]
    return DuplicatePremises(
        items=[
            DuplicateRooms(
                premises=[LookalikePremises.model_validate(rooms[id]) for id in _ends(pair)],
                score=pair.score,
                why=pair.why,
            )
            for pair in left[:limit]
        ],
        total=len(left),
    )


async def tell_apart(session: AsyncSession, tenant: str, said: NotTheSameOnes) -> None:
    [(kind, (one, other))] = said.told().items()
    if one == other:
        raise Invalid.field(f"{kind}_ids", "er den samme", "are one and the same")
    for id in (one, other):
        if await entries.find(session, tenant, kind, id) is None:
            raise Invalid.field(f"{kind}_ids", "findes ikke", "do not exist")
    await repository.tell_apart(session, tenant, one, other)


async def told_apart(session: AsyncSession, tenant: str, paging: RankedPageRequest) -> Page[ToldApart]:
    """Newest first; also what went into another one since, or closed."""
    found, following = await repository.page(session, tenant, paging)
    ids = {id for each in found for id in (each.one, each.other)}
    names = {kind: await entries.names(session, tenant, kind, ids) for kind in EntryKind}
    return Page(items=[_apart(each, names) for each in found], next_cursor=following)


async def _left(session: AsyncSession, tenant: str, pairs: Sequence[Pair], of: UUID | None) -> list[Pair]:
    apart = await repository.told_apart(session, tenant)
    return [pair for pair in pairs if _ends(pair) not in apart and (of is None or of in _ends(pair))]


def _apart(said: NotTheSame, names: Mapping[EntryKind, Mapping[UUID, str]]) -> ToldApart:
    # Of which kind the two are is not written down, and an id is of one kind only.
    kind = next(kind for kind, those in names.items() if said.one in those)
    both = [Called(id=id, name=names[kind][id]) for id in (said.one, said.other)]
    return ToldApart(kind=kind, entries=both, said_at=said.said_at)


def _lookalike(activity: Activity, owner: Organisation) -> LookalikeActivity:
    return LookalikeActivity.model_validate({**activity.model_dump(), "organisation_name": owner.name})


def _ends(pair: Pair) -> tuple[UUID, UUID]:
    return pair.one, pair.other


def _all_ends(pairs: Sequence[Pair]) -> list[UUID]:
    return [id for pair in pairs for id in _ends(pair)]
