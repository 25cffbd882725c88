"""What staff do with two entries of one thing, of whichever kind: look at it, merge them, and take it back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.freshness import entries
from services.directory.freshness.rules import EntryKind
from services.directory.merges import repository
from services.directory.merges.models import Merge
from services.directory.merges.rules import AlreadyUndone, Side, differing, foreign
from services.directory.merges.schemas import FieldSaid, FieldTaken, Left, MergeAnswer, MergePreview, NewMerge
from services.directory.merges.usecases import activities, organisations, premises
from shared import clock
from shared.answers import Expected
from shared.errors import Invalid

Json = dict[str, Any]


@dataclass(frozen=True)
class Way:
    """How one kind of entry is merged (the answer is the record of it), and a record played backwards (the answer is
    what somebody has changed since)."""

    merge: Callable[[AsyncSession, str, NewMerge], Awaitable[Json]]
    undo: Callable[[AsyncSession, Merge], Awaitable[list[Json]]]


WAYS = {
    EntryKind.ORGANISATION: Way(organisations.merge, organisations.undo),
    EntryKind.ACTIVITY: Way(activities.merge, activities.undo),
    EntryKind.PREMISES: Way(premises.merge, premises.undo),
}


async def merge(session: AsyncSession, tenant: str, wanted: NewMerge) -> Merge:
    """One entry stands for both from now on."""
    if wanted.kept_id == wanted.merged_id:
        raise Invalid.field("merged_id", "er den samme", "is the same one")
    if unknown := foreign(wanted.kind, wanted.fields):
        raise Invalid.field(f"fields.{unknown[0]}", "har sådan en ikke", "is not said of such an entry")
    record = await WAYS[wanted.kind].merge(session, tenant, wanted)
    done = Merge(
        tenant=tenant,
        kind=wanted.kind,
        kept_id=wanted.kept_id,
        merged_id=wanted.merged_id,
        done={**record, "left": []},
    )
    session.add(done)
    await store(session)
    return done


async def preview(session: AsyncSession, tenant: str, wanted: NewMerge) -> MergePreview:
    """What merging would do: it is done and taken back at once, so it cannot tell anything else than what it does."""
    said = {}
    for field, id in (("kept_id", wanted.kept_id), ("merged_id", wanted.merged_id)):
        if (found := await entries.find(session, tenant, wanted.kind, id)) is None:
            raise Invalid.field(field, "findes ikke", "does not exist")
        said[field] = found.model_dump(mode="json")
    trial = await session.begin_nested()
    try:
        made = shown(await merge(session, tenant, wanted))
    finally:
        await trial.rollback()
    kept, merged, taken = said["kept_id"], said["merged_id"], {each.field for each in made.fields}
    return MergePreview(
        kind=wanted.kind,
        fields=[
            FieldSaid(
                field=field,
                kept=kept[field],
                merged=merged[field],
                taken=Side.MERGED if field in taken else Side.KEPT,
            )
            for field in differing(wanted.kind, kept, merged)
        ],
        moved=made.moved,
        ended_memberships=made.ended_memberships,
    )


async def undo(session: AsyncSession, tenant: str, id: UUID, expected: Expected) -> Merge:
    """Everything is as it was before, but for what somebody has changed since: that stays, and is told."""
    done = await repository.get(session, tenant, id, lock=True)
    expected(done.version)
    if done.undone_at:
        raise AlreadyUndone
    left = await WAYS[done.kind].undo(session, done)
    done.undone_at, done.done = clock.now(), {**done.done, "left": left}
    done.version += 1
    await store(session)
    return done


def shown(done: Merge) -> MergeAnswer:
    made = done.done
    return MergeAnswer(
        id=done.id,
        version=done.version,
        kind=done.kind,
        kept_id=done.kept_id,
        merged_id=done.merged_id,
        merged_at=done.merged_at,
        undone_at=done.undone_at,
        fields=[
            FieldTaken(field=field, before=before, after=after) for field, (before, after) in made["fields"].items()
        ],
        moved={noun: len(ids) for noun, ids in made["moved"].items()}
        | {noun: len(moved) + len(both) for noun, (moved, both) in made["partnerships"].items()},
        ended_memberships=[UUID(each) for each in made["ended"]],
        left=[Left(**each) for each in made["left"]],
    )
