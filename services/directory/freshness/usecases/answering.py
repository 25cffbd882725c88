"""What the owner of entries does by the link in the letter: look, answer once for each entry, take a closing back."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

import services.directory.activities.repository as stored_activities
import services.directory.activities.usecases as activities
import services.directory.editors.usecases as editors
from services.directory.activities.models import Activity
from services.directory.activities.schemas import Withdrawing
from services.directory.contacts.models import Role as ContactRoleKind
from services.directory.freshness import entries, repository
from services.directory.freshness.entries import AnyEntry
from services.directory.freshness.models import Asking, Question
from services.directory.freshness.rules import UNDO_WITHIN, Answer, EntryKind
from services.directory.freshness.usecases.confirming import NotShown, assured, forget_settled
from services.directory.models import AssuredBy
from services.directory.rules import Freshness, State
from shared import clock
from shared.auth import Principal, Role
from shared.errors import Conflict, NotFound, Text
from shared.links import opens


class AlreadyAnswered(Conflict):
    slug = "already-answered"
    title = Text("Der er allerede svaret på det", "It has been answered already")


class NothingToUndo(Conflict):
    slug = "nothing-to-undo"
    title = Text("Der er ikke noget at fortryde", "There is nothing to undo")


async def held_by(session: AsyncSession, tenant: str, id: UUID, token: str) -> Asking:
    """The letter that this link came in. A wrong link, and one of somebody who has left, learn as little as one that
    never was."""
    letter = await repository.asking(session, tenant, id)
    if not opens(token, letter.token_hash) or not await repository.speaks_still(session, letter):
        raise NotFound
    return letter


async def answer(
    session: AsyncSession, letter: Asking, entry_id: UUID, said: Answer, note: str | None, public_url: str
) -> None:
    """Once for each entry: after it the link can do nothing more to it, but take a closing back. That something has
    changed is no answer yet: it is told to staff, and the time to answer begins anew."""
    entry, question = await _asked(session, letter, entry_id)
    if question.answer is not None:
        raise AlreadyAnswered
    if not entries.is_shown(entry):
        raise NotShown
    today = clock.today()
    question.version += 1
    if said is Answer.CHANGED:
        question.changed_on, question.note = today, note
        await _mail_editor(session, letter, public_url)
        if entry.freshness in (Freshness.ASKED, Freshness.ASKED_AGAIN):
            entry.freshness_since = today
    else:
        question.answer, question.answered_on = said, today
        await session.flush()
        if said is Answer.STILL_RIGHT:
            await assured(session, entry, AssuredBy.OWNER)
        else:
            await _close(session, entry, letter)
            await forget_settled(session, letter.tenant)
    await session.flush()


async def _mail_editor(session: AsyncSession, letter: Asking, public_url: str) -> None:
    """A letter's link answers questions and must not open anything to be edited. So an editor is mailed the link that
    does, as whoever asks for one is: where it was not mailed just before."""
    role = await repository.role(session, letter)
    if role.role is ContactRoleKind.EDITOR:
        await editors.mail_to(session, letter.tenant, role.email, public_url)


async def undo(session: AsyncSession, letter: Asking, entry_id: UUID) -> None:
    """A tap too many: what was said to be closed is shown again, and the question is open again."""
    entry, question = await _asked(session, letter, entry_id)
    today = clock.today()
    if question.answer != Answer.CLOSED or question.answered_on is None or question.answered_on + UNDO_WITHIN < today:
        raise NothingToUndo
    if isinstance(entry, Activity):
        if entry.state is not State.WITHDRAWN or entry.replaced_by:
            raise NothingToUndo
        restorer = Principal(letter.tenant, Role.STAFF, f"asking/{letter.id}")
        await activities.publish(session, letter.tenant, entry.id, None, restorer, _any_version)
    elif not entries.is_shown(entry):
        raise NothingToUndo
    entry.freshness, entry.freshness_since = Freshness.ASKED, today
    question.answer = question.answered_on = None
    question.version += 1
    await session.flush()


async def _asked(session: AsyncSession, letter: Asking, entry_id: UUID) -> tuple[AnyEntry, Question]:
    """The entry before the question: in that order staff lock them, too, who confirm it by telephone just now."""
    kinds = {each.entry_id: each.kind for each in await repository.questions(session, letter)}
    if entry_id not in kinds:
        raise NotFound
    if kinds[entry_id] is EntryKind.ACTIVITY:  # Its organisation first, as whoever closes that locks them.
        await stored_activities.owner_of(session, letter.tenant, entry_id)
    entry = await entries.get(session, letter.tenant, kinds[entry_id], entry_id, lock=True)
    return entry, await repository.question(session, letter, entry_id)


async def _close(session: AsyncSession, entry: AnyEntry, letter: Asking) -> None:
    """An activity is withdrawn. An organisation takes memberships and everything it shows along when it closes, and
    premises are others' to book: a tap hides them, and staff, who are told, close them."""
    if isinstance(entry, Activity):
        owner = Principal(letter.tenant, Role.ASSOCIATION, f"asking/{letter.id}", entry.organisation_id)
        await activities.withdraw(session, letter.tenant, entry.id, Withdrawing(), owner, _any_version)
    else:
        await entries.hide(session, entry, clock.today())


def _any_version(_: int) -> None:
    """A tap says what holds now, whatever version was looked at."""
