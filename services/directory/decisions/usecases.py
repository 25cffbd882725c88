"""Whoever sent changes in by a link is written to: what staff approved, what they ask to look at once more."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.changes.entries import fields_of
from services.directory.changes.models import Change
from services.directory.changes.rules import State
from services.directory.contacts.models import ContactRole
from services.directory.decisions import repository, rules
from services.directory.decisions.repository import Letter
from services.directory.decisions.rules import Outcome
from services.directory.editors import repository as links
from services.directory.editors import usecases as editors
from services.directory.freshness import entries
from services.directory.freshness.rules import EntryKind
from shared.aggregate import record
from shared.clock import now
from shared.errors import language_of
from shared.events.decisions import Decision, DecisionAnnounced
from shared.ids import uuid7
from shared.messaging.outbox import share_contact

DECISIONS = {State.APPROVED: Decision.APPROVED, State.RETURNED: Decision.RETURNED}
Told = Sequence[tuple[Change, Outcome, str]]


async def tell(session: AsyncSession, tenant: str, public_url: str) -> None:
    """All of it for one centre, once: whoever comes again finds nothing left to tell."""
    await _take_out(session, tenant, public_url)
    # To approve and to send back are two letters: the one asks for something, and the other one does not.
    waiting: dict[tuple[UUID, Decision], list[Change]] = defaultdict(list)
    for change in await repository.untold(session, tenant):
        if change.sent_by:
            waiting[change.sent_by, DECISIONS[change.state]].append(change)
    for (role_id, decision), changes in waiting.items():
        if rules.ripe([each.untold_since for each in changes if each.untold_since], now()):
            await _write(session, tenant, role_id, decision, changes, public_url)
    await session.flush()


async def _write(
    session: AsyncSession, tenant: str, role_id: UUID, decision: Decision, changes: Sequence[Change], public_url: str
) -> None:
    for each in changes:
        each.untold_since = None
    told = await _holding(session, changes)
    editor = await repository.editor(session, tenant, role_id) if told else None
    if editor is None:
        return
    contact_id = uuid7()
    link, url = await editors.issue(session, editor, contact_id, public_url)
    for change, *_ in told:
        change.letter_id = link.id
    await _share(session, editor, contact_id, told, url)
    announced = DecisionAnnounced(
        organisation_id=link.organisation_id,
        contact_id=contact_id,
        decision=decision,
        changes=len(told),
        expires_at=link.expires_at,
    )
    await record(session, link, announced)


async def _take_out(session: AsyncSession, tenant: str, public_url: str) -> None:
    """What was decided otherwise since, undone, or sent in anew is told no longer by a letter that may still wait to be
    sent, for days if the mail server is away."""
    by_letter: dict[UUID, list[Change]] = defaultdict(list)
    for change in await repository.told(session, tenant):
        if change.letter_id:
            by_letter[change.letter_id].append(change)
    letters = await repository.letters(session, tenant, by_letter)
    for id, changes in by_letter.items():
        letter = letters[id]
        over = letter.contact_id is None or now() >= letter.made_at + rules.FORGET_AFTER
        left = [] if over else await _holding(session, [each for each in changes if each.untold_since is None])
        if len(left) == len(changes):
            continue
        for each in changes:
            each.letter_id = None
        if not left or not await _written_anew(session, tenant, id, letter, left, public_url):
            await editors.forget(session, tenant, letter.organisation_id, id)
    await session.flush()


async def _written_anew(
    session: AsyncSession, tenant: str, id: UUID, letter: Letter, left: Told, public_url: str
) -> bool:
    """The same letter with what is left of it. Its link cannot be repeated, so it has a new one; the old one goes on
    working, because it may have been sent."""
    role_id = left[0][0].sent_by
    editor = await repository.editor(session, tenant, role_id) if role_id else None
    old = await links.get(session, tenant, letter.organisation_id, id)
    if editor is None or old.contact_id is None:
        return False
    contact_id, old.contact_id = old.contact_id, None
    link, url = await editors.issue(session, editor, contact_id, public_url)
    for change, *_ in left:
        change.letter_id = link.id
    await _share(session, editor, contact_id, left, url)
    return True


async def _holding(session: AsyncSession, changes: Sequence[Change]) -> Told:
    """Those that there is still something to tell of: what it is, and what the entry is called."""
    told = []
    for change in changes:
        entry = await entries.get(session, change.tenant, EntryKind(change.kind), change.entry_id)
        became = rules.outcome(
            change.state,
            shown=entries.is_shown(entry),
            planned=isinstance(entry, Activity) and entry.publish_on is not None,
            undone=rules.undone(change.decided or [], fields_of(change.kind, entry)),
        )
        if became:
            told.append((change, became, entries.title_of(entry)))
    return told


async def _share(session: AsyncSession, editor: ContactRole, contact_id: UUID, told: Told, url: str) -> None:
    """Where the letter goes and what it names, for notify alone."""
    await share_contact(
        session,
        tenant=editor.tenant,
        contact_id=contact_id,
        name=editor.name,
        email=editor.email,
        language=editor.language,
        manage_url=url,
        about=rules.words([(became, title) for _, became, title in told], language_of(editor.language)),
    )
