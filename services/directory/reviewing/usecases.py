"""Reading what waits: who has waited longest, what a change changes in words, and how the entry would look."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.paging import RankedPageRequest
from services.directory.activities.schemas import ActivityAnswer
from services.directory.changes import usecases as changes
from services.directory.changes.entries import fields_of, shown
from services.directory.changes.models import Change
from services.directory.changes.rules import OPEN, FieldChange, differences
from services.directory.changes.schemas import ChangeShown
from services.directory.decisions import repository as decisions
from services.directory.freshness.entries import AnyEntry, title_of
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.reviewing import preview, repository
from services.directory.reviewing.rules import Piece, compared, parts
from services.directory.reviewing.schemas import Part, PieceAnswer, Queue, Reviewed, Waiting
from services.directory.reviewing.wording import called, told
from services.directory.rules import State
from services.directory.schemas import Note
from shared.auth import Principal
from shared.errors import Language


async def queue(session: AsyncSession, tenant: str, paging: RankedPageRequest) -> Queue:
    found, following = await repository.waiting(session, tenant, paging)
    entries = await repository.entries_of(session, tenant, found)
    owners = await organisations.those_of(session, tenant, [id for each in found if (id := each.organisation_id)])
    items = [_waiting(each, entries[each.entry_id], owners) for each in found]
    return Queue(items=items, count=await repository.count(session, tenant), next_cursor=following)


async def read(session: AsyncSession, tenant: str, id: UUID, caller: Principal, language: Language) -> Reviewed:
    """Exactly what changes, in words; once it is decided, what did change, and why it was sent back."""
    change = await changes.held(session, tenant, id, caller)
    shown_as = await changes.read(session, change)
    looks = shown_as.preview
    first = change.state in OPEN and isinstance(looks, ActivityAnswer) and looks.state is not State.PUBLISHED
    changed = [part for each in shown_as.changed for part in parts(FieldChange(**each.model_dump()))]
    ids = [id for each in changed if each.field == "premises_id" for id in (each.before, each.after) if id]
    places = await repository.premises_called(session, tenant, ids)
    entries = await repository.entries_of(session, tenant, [change])
    return Reviewed(
        **shown_as.model_dump(include=set(Reviewed.model_fields) & set(ChangeShown.model_fields)),
        name=title_of(entries[change.entry_id]),
        organisation=await _owner(session, tenant, change.organisation_id),
        mailed=change.sent_by is not None and await decisions.edits(session, tenant, change.sent_by),
        first=first,
        languages=["da", "en"] if looks.translations.get("en") else ["da"],
        parts=[_part(each, language, places, first=first) for each in changed],
    )


async def look(session: AsyncSession, tenant: str, id: UUID, caller: Principal, language: Language) -> str:
    """The entry's page as citizens would read it."""
    change = await changes.held(session, tenant, id, caller)
    looks = (await changes.read(session, change)).preview
    return preview.write(looks, tenant, await _owner(session, tenant, change.organisation_id) or "", language)


def _waiting(change: Change, entry: AnyEntry, owners: dict[UUID, Organisation]) -> Waiting:
    owner = owners.get(change.organisation_id) if change.organisation_id else None
    changed = differences(fields_of(change.kind, entry), change.fields, first=not shown(entry))
    return Waiting.model_validate(
        {
            **change.model_dump(include=set(Waiting.model_fields)),
            "name": title_of(entry),
            "organisation": owner.name if owner else None,
            "changed": [Note.of(called(part.field)) for each in changed for part in parts(each)],
        }
    )


def _part(change: FieldChange, language: Language, places: dict[str, str], *, first: bool) -> Part:
    before, after = (told(change.field, value, language, places) for value in (change.before, change.after))
    # Where everything is new, no word is marked.
    old, new = ([], [Piece(after, changed=False)]) if first else compared(before, after)
    return Part(field=change.field, name=Note.of(called(change.field)), before=_pieces(old), after=_pieces(new))


def _pieces(pieces: Sequence[Piece]) -> list[PieceAnswer]:
    return [PieceAnswer.model_validate(each) for each in pieces]


async def _owner(session: AsyncSession, tenant: str, id: UUID | None) -> str | None:
    found = await organisations.find(session, tenant, id) if id else None
    return found.name if found else None
