"""Reading what was merged earlier: by what the entries are called, and what undoing it did not bring back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.freshness import entries
from services.directory.freshness.rules import EntryKind
from services.directory.merges import repository as merges
from services.directory.merges.models import Merge
from services.directory.merges.schemas import MergeAnswer
from services.directory.merges.usecases import merging
from services.directory.merging import wording
from services.directory.merging.schemas import Counted, Earlier
from services.directory.schemas import Note
from shared.paging import Page, PageRequest

# Of what undoing leaves as it is, that which has a name.
NAMED = {"organisations": EntryKind.ORGANISATION, "activities": EntryKind.ACTIVITY, "premises": EntryKind.PREMISES}


async def page(session: AsyncSession, tenant: str, paging: PageRequest) -> Page[Earlier]:
    """Newest first, those undone too."""
    found, following = await merges.page(session, tenant, None, None, paging)
    return Page(items=await _earlier(session, tenant, found), next_cursor=following)


async def read(session: AsyncSession, tenant: str, id: UUID) -> Earlier:
    [told] = await _earlier(session, tenant, [await merges.get(session, tenant, id)])
    return told


async def _earlier(session: AsyncSession, tenant: str, found: Sequence[Merge]) -> list[Earlier]:
    done = [merging.shown(each) for each in found]
    ids: dict[EntryKind, set[UUID]] = {kind: set() for kind in EntryKind}
    for each in done:
        ids[each.kind] |= {each.kept_id, each.merged_id}
        for left in each.left:
            if left.id and left.what in NAMED:
                ids[NAMED[left.what]].add(left.id)
    names: dict[UUID, str] = {}
    for kind, those in ids.items():
        names |= await entries.names(session, tenant, kind, those)
    return [_told(each, names) for each in done]


def _told(done: MergeAnswer, names: Mapping[UUID, str]) -> Earlier:
    return Earlier(
        **done.model_dump(include={"id", "version", "kind", "merged_at", "undone_at"}),
        kept=names[done.kept_id],
        merged=names[done.merged_id],
        moved=Counted.those(wording.moved(done.moved, len(done.ended_memberships))),
        left=[Note.of(each) for each in wording.left(done.left, done.kept_id, names)],
    )
