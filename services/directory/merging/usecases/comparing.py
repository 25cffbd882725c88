"""Reading what may be there twice: which two look alike, and everything in which two differ."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.duplicates import usecases as duplicates
from services.directory.freshness import entries
from services.directory.freshness.rules import EntryKind
from services.directory.merges.rules import Closed, MergedAlready, Side, chosen, differing
from services.directory.merges.schemas import MergePreview, NewMerge
from services.directory.merges.usecases import merging
from services.directory.merging import wording
from services.directory.merging.rules import choices
from services.directory.merging.schemas import Alike, Compared, Counted, Differing, Line, Pair, Pairs, Seen
from services.directory.reviewing.repository import premises_called
from services.directory.reviewing.rules import compared
from services.directory.reviewing.schemas import PieceAnswer
from services.directory.rules import State
from services.directory.schemas import Note
from shared.errors import Conflict, Language

Json = Mapping[str, Any]
Names = Mapping[UUID, str]
# What finds those that look alike, and what an answer calls them.
FINDING: dict[EntryKind, tuple[Any, str]] = {
    EntryKind.ORGANISATION: (duplicates.find, "organisations"),
    EntryKind.ACTIVITY: (duplicates.find_activities, "activities"),
    EntryKind.PREMISES: (duplicates.find_premises, "premises"),
}


async def pairs(session: AsyncSession, tenant: str, kind: EntryKind, limit: int, language: Language) -> Pairs:
    """Surest first. What everybody sees would be kept; else what was entered first, since its id is known longest."""
    find, noun = FINDING[kind]
    found = await find(session, tenant, limit)
    both = [[each.model_dump(mode="json") for each in getattr(pair, noun)] for pair in found.items]
    owners = await _owners(session, tenant, [entry for two in both for entry in two])
    return Pairs(
        items=[
            Pair(
                entries=[_alike(kind, entry, owners, language) for entry in sorted(two, key=_hidden)],
                score=pair.score,
                why=Note.of(wording.WHY[pair.why]),
            )
            for pair, two in zip(found.items, both, strict=True)
        ],
        total=found.total,
    )


async def compare(session: AsyncSession, tenant: str, wanted: NewMerge, language: Language) -> Compared:
    """Everything in which the two differ, in words; and what stands in the way, so that another choice may be made.

    What is merged or closed already is nothing to choose about, and refused.
    """
    trial: MergePreview | None = None
    refused = None
    try:
        trial = await merging.preview(session, tenant, wanted)
    except (Closed, MergedAlready):
        raise
    except Conflict as problem:
        refused = " ".join(text.read(language) for text in (problem.title, problem.detail) if text)
    kept, merged = [
        (await entries.get(session, tenant, wanted.kind, id)).model_dump(mode="json")
        for id in (wanted.kept_id, wanted.merged_id)
    ]
    owners = await _owners(session, tenant, [kept, merged])
    rooms = [id for entry in (kept, merged) if (id := entry.get("premises_id"))]
    places = await premises_called(session, tenant, rooms)
    taken = chosen(wanted.kind, kept, merged, wanted.fields)
    return Compared(
        kind=wanted.kind,
        kept=_seen(wanted.kind, kept, owners, language),
        merged=_seen(wanted.kind, merged, owners, language),
        fields=[
            _differing(fields, kept, merged, Side.MERGED if taken.keys() & {*fields} else Side.KEPT, language, places)
            for fields in choices(differing(wanted.kind, kept, merged))
        ],
        moved=Counted.those(wording.moved(trial.moved, len(trial.ended_memberships))) if trial else [],
        refused=refused,
    )


def _hidden(entry: Json) -> bool:
    return bool(entry.get("state", State.PUBLISHED) != State.PUBLISHED)


async def _owners(session: AsyncSession, tenant: str, said: Sequence[Json]) -> Names:
    ids = {UUID(id) for each in said if (id := each.get("organisation_id"))}
    return await entries.names(session, tenant, EntryKind.ORGANISATION, ids)


def _alike(kind: EntryKind, entry: Json, owners: Names, language: Language) -> Alike:
    whose = entry.get("organisation_id")
    owner = owners[UUID(whose)] if whose else None
    lines = wording.lines(kind, entry, owner, language)
    return Alike(
        id=entry["id"],
        name=entry["title" if kind is EntryKind.ACTIVITY else "name"],
        lines=[Line(name=Note.of(name), text=text) for name, text in lines],
    )


def _seen(kind: EntryKind, entry: Json, owners: Names, language: Language) -> Seen:
    return Seen(**_alike(kind, entry, owners, language).model_dump(), version=entry["version"])


def _differing(
    fields: list[str], kept: Json, merged: Json, taken: Side, language: Language, places: Mapping[str, str]
) -> Differing:
    pieces = compared(*(wording.read(fields, entry, language, places) for entry in (kept, merged)))
    ours, theirs = ([PieceAnswer.model_validate(each) for each in side] for side in pieces)
    name = Note.of(wording.choice(fields))
    return Differing.model_validate({"fields": fields, "name": name, "kept": ours, "merged": theirs, "taken": taken})
