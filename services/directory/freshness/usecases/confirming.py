"""An entry is assured: by staff, by its association with a login, or by its owner's link."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.freshness import entries, repository
from services.directory.freshness.entries import AnyEntry
from services.directory.freshness.models import Question
from services.directory.freshness.rules import EntryKind
from services.directory.models import AssuredBy
from services.directory.rules import Freshness
from shared import clock
from shared.answers import Expected
from shared.auth import Principal
from shared.errors import Conflict, Forbidden, Text
from shared.messaging.outbox import erase_contact

ELSEWHERE = "elsewhere"


class NotShown(Conflict):
    slug = "not-shown"
    title = Text("Det vises ikke i vejviseren", "The directory does not show it")


async def confirm(
    session: AsyncSession, tenant: str, kind: EntryKind, id: UUID, caller: Principal, expected: Expected
) -> AnyEntry:
    """Staff who have asked, or the association itself, say that the entry holds as it is."""
    entry = await entries.get(session, tenant, kind, id, lock=True)
    if not caller.may_act_for(entries.owner_of(entry)):
        raise Forbidden
    expected(entry.version)
    return await assured(session, entry, AssuredBy.STAFF if caller.is_staff else AssuredBy.OWNER)


async def assured(session: AsyncSession, entry: AnyEntry, by: AssuredBy) -> AnyEntry:
    """`entry` is locked. Saying it twice on a day is saying it once. Nobody need be asked any more."""
    if not entries.is_shown(entry):
        raise NotShown
    today = clock.today()
    if (entry.freshness, entry.assured_on, entry.assured_by) != (Freshness.FRESH, today, by):
        await entries.assure(session, entry, by, today)
    await settle(session, entry.tenant, await repository.open_about(session, entry.tenant, [entry.id]))
    return entry


async def settle(session: AsyncSession, tenant: str, questions: Sequence[Question]) -> None:
    """There is nothing left to ask in these; a letter without any open question is forgotten by notify."""
    for question in questions:
        question.answer, question.answered_on = ELSEWHERE, clock.today()
        question.version += 1
    await session.flush()
    await forget_settled(session, tenant)


async def forget_settled(session: AsyncSession, tenant: str) -> None:
    for letter in await repository.settled_letters(session, tenant):
        if letter.contact_id:
            await erase_contact(session, tenant=tenant, contact_id=letter.contact_id)
            letter.contact_id = None
            letter.version += 1
    await session.flush()
