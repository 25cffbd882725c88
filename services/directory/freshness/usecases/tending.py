"""What time asks for by the day: entries fall due, owners are asked and reminded; what stays silent sinks and hides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.contacts.models import ContactRole
from services.directory.freshness import entries, repository, rules
from services.directory.freshness.models import Asking, Question
from services.directory.freshness.repository import Candidate
from services.directory.freshness.rules import Policy
from services.directory.freshness.usecases.confirming import ELSEWHERE, forget_settled, settle
from services.directory.rules import Freshness
from shared import clock
from shared.aggregate import record
from shared.errors import language_of
from shared.events.freshness import AssuranceLapsed, AssuranceReminded, AssuranceRequested
from shared.ids import uuid7
from shared.links import hashed, new_token
from shared.messaging.outbox import erase_contact, share_contact


@dataclass(frozen=True)
class Owners:
    """Who answers for each organisation; the same address is the same person, whatever organisation asks."""

    of: dict[UUID, ContactRole]

    def address(self, candidate: Candidate) -> str | None:
        found = self.of.get(candidate.organisation_id) if candidate.organisation_id else None
        return found.email.casefold() if found else None


async def tend(session: AsyncSession, tenant: str, public_url: str) -> None:
    """All of it for one centre, once: whoever comes again on the same day finds nothing left to do."""
    today = clock.today()
    await repository.one_at_a_time(session, tenant)
    await _clear(session, tenant, today)
    policy = await repository.policy(session, tenant)
    owners = await _owners(session, tenant)
    found = await repository.candidates(session, tenant, policy, today + rules.ASKED_ALONG)
    found = await _steps(session, tenant, found, owners, policy, today)
    await _ask(session, tenant, found, owners, policy, today, public_url)


async def _owners(session: AsyncSession, tenant: str) -> Owners:
    speakers: dict[UUID, list[ContactRole]] = defaultdict(list)
    for each in await repository.speakers(session, tenant):
        speakers[each.organisation_id].append(each)
    chosen = {id: rules.owner(roles) for id, roles in speakers.items()}
    return Owners({id: role for id, role in chosen.items() if role})


async def _clear(session: AsyncSession, tenant: str, today: date) -> None:
    """What was asked in vain: about what is shown no longer, or of somebody who has left, whose successor is asked."""
    await settle(session, tenant, await repository.moot(session, tenant))
    for letter in await repository.letters_to_nobody(session, tenant):
        if letter.contact_id:
            await erase_contact(session, tenant=tenant, contact_id=letter.contact_id)
            letter.contact_id = None
            letter.version += 1
        for question in await repository.questions(session, letter):
            if question.answer is None:
                question.answer, question.answered_on = ELSEWHERE, today
                question.version += 1
                for was in (Freshness.ASKED, Freshness.ASKED_AGAIN):
                    steps = (was, Freshness.ASK)
                    await repository.move(session, tenant, question.kind, [question.entry_id], steps, today)
    await session.flush()


async def _steps(
    session: AsyncSession,
    tenant: str,
    found: Sequence[Candidate],
    owners: Owners,
    policy: Policy,
    today: date,
) -> list[Candidate]:
    """Take every step but the first letter, and answer how all of them stand then."""
    groups: dict[tuple[rules.EntryKind, Freshness, Freshness], list[UUID]] = defaultdict(list)
    after: dict[UUID, Candidate] = {each.id: each for each in found}
    for each in found:
        standing = each.standing
        became = rules.next_step(standing, policy, today, reachable=owners.address(each) is not None)
        if became is None or became is Freshness.ASKED:
            continue
        groups[standing.kind, standing.freshness, became].append(each.id)
        after[each.id] = replace(each, standing=replace(standing, freshness=became, since=today))
    for (kind, was, became), ids in groups.items():
        if became is Freshness.HIDDEN:
            moved = await _hide(session, tenant, kind, ids, today)
        else:
            moved = await repository.move(session, tenant, kind, ids, (was, became), today)
        if became is Freshness.ASKED_AGAIN:
            await _write_again(session, tenant, moved, AssuranceReminded, today)
        elif became is Freshness.HIDDEN:
            await _write_again(session, tenant, moved, AssuranceLapsed, today)
    return list(after.values())


async def _hide(
    session: AsyncSession, tenant: str, kind: rules.EntryKind, ids: Iterable[UUID], today: date
) -> set[UUID]:
    hidden = set()
    for id in sorted(ids):
        entry = await entries.get(session, tenant, kind, id, lock=True)
        if entry.freshness is Freshness.SUNK:
            await entries.hide(session, entry, today)
            hidden.add(id)
    return hidden


async def _write_again(
    session: AsyncSession,
    tenant: str,
    about: set[UUID],
    telling: type[AssuranceReminded | AssuranceLapsed],
    today: date,
) -> None:
    """Once for each letter, however many of its entries came so far today; and each letter but once in its life."""
    unanswered: dict[UUID, int] = defaultdict(int)
    for question in await repository.open_about(session, tenant, about):
        unanswered[question.asking_id] += 1
    written = "reminded_on" if telling is AssuranceReminded else "lapsed_on"
    for letter in await repository.letters(session, tenant, unanswered):
        if letter.contact_id and getattr(letter, written) is None:
            setattr(letter, written, today)
            letter.version += 1
            event = telling(contact_id=letter.contact_id, entries=unanswered[letter.id])
            await record(session, letter, event)
    await session.flush()


async def _ask(
    session: AsyncSession,
    tenant: str,
    found: Sequence[Candidate],
    owners: Owners,
    policy: Policy,
    today: date,
    public_url: str,
) -> None:
    """One letter to each owner whose turn has come, the longest unassured first, about all that is due soon."""
    left = rules.letters_a_day(len({each.email.casefold() for each in owners.of.values()}))
    left -= await repository.asked_on(session, tenant, today)
    waiting: dict[str, list[Candidate]] = defaultdict(list)
    along: dict[str, list[Candidate]] = defaultdict(list)
    for each in found:
        if (address := owners.address(each)) is None:
            continue
        if rules.next_step(each.standing, policy, today, reachable=True) is Freshness.ASKED:
            waiting[address].append(each)
        elif rules.asked_along(each.standing, policy, today):
            along[address].append(each)
    for address, due in list(waiting.items())[: max(left, 0)]:
        await _write_to(session, tenant, [*due, *along[address]], owners, today, public_url)
    await forget_settled(session, tenant)


async def _write_to(
    session: AsyncSession,
    tenant: str,
    about: Sequence[Candidate],
    owners: Owners,
    today: date,
    public_url: str,
) -> None:
    asked = [each for each in about if await _asked(session, tenant, each, today)]
    if not asked or asked[0].organisation_id is None:
        return  # Confirmed while we came.
    role, token = owners.of[asked[0].organisation_id], new_token()
    letter = Asking(
        tenant=tenant, contact_role_id=role.id, contact_id=uuid7(), token_hash=hashed(token), asked_on=today
    )
    session.add(letter)
    await session.flush()
    for each in asked:
        session.add(Question(tenant=tenant, asking_id=letter.id, kind=each.standing.kind, entry_id=each.id))
    await share_contact(
        session,
        tenant=tenant,
        contact_id=letter.contact_id or uuid7(),
        name=role.name,
        email=role.email,
        language=role.language,
        manage_url=f"{public_url.rstrip('/')}/directory/{tenant}/assure#{letter.id}.{token}",
        about=rules.named([each.title for each in asked], language_of(role.language)),
    )
    await record(session, letter, AssuranceRequested(contact_id=letter.contact_id, entries=len(asked)))


async def _asked(session: AsyncSession, tenant: str, each: Candidate, today: date) -> bool:
    steps = (each.standing.freshness, Freshness.ASKED)
    return bool(await repository.move(session, tenant, each.standing.kind, [each.id], steps, today))
