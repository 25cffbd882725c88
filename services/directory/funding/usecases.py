"""Associations are told of funders' deadlines: one letter to each, and what they say to it by its link."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.contacts.models import ContactRole
from services.directory.freshness.rules import owner
from services.directory.funders.models import Deadline
from services.directory.funding import repository, rules
from services.directory.funding.models import FundingLetter
from services.directory.funding.schemas import ComingDeadline, LetterAnswer
from shared import clock
from shared.errors import Language, NotFound, language_of
from shared.events.contacts import ContactShared
from shared.events.funding import FundingAnnounced
from shared.ids import uuid7
from shared.links import hashed, new_token, opens
from shared.messaging.outbox import Row, emit_many, erase_contact, row

Told = Sequence[tuple[Deadline, str]]


class Words(dict[Language, str]):
    """What letters say of deadlines, written once for all who read the same language."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self._told = told

    def __missing__(self, language: Language) -> str:
        lines = [rules.line(each.due_on, each.title, funder, each.website, language) for each, funder in self._told]
        self[language] = rules.listed(lines, language)
        return self[language]


async def announce(session: AsyncSession, tenant: str, public_url: str) -> None:
    """All of it for one centre, once: whoever comes again on the same day finds nothing left to tell."""
    today = clock.today()
    await repository.one_at_a_time(session, tenant)
    for each in await repository.gone_by(session, tenant, today):
        each.due_on = rules.next_year(each.due_on, today)
        each.version += 1
    await session.flush()
    policy = await repository.policy(session, tenant)
    # Deadlines are locked before letters, as whoever moves or removes one does it.
    found = await repository.coming(session, tenant, today, today + policy.looks_ahead, lock=True)
    await _forget(session, tenant, today)
    last_letter = await repository.last_written(session, tenant)
    chosen = {each.id for each in rules.to_tell([each for each, _ in found], policy, today, last_letter)}
    readers = await _readers(session, tenant) if chosen else []
    if not readers:
        return
    told = [(each, funder) for each, funder in found if each.id in chosen]
    letters = [
        FundingLetter(tenant=tenant, contact_role_id=reader.id, contact_id=uuid7(), deadline_ids=[], token_hashes=[])
        for reader in readers
    ]
    words, rows = Words(told), []
    for letter, reader in zip(letters, readers, strict=True):
        letter.deadline_ids = [each.id for each, _ in told]
        rows += [_shared(letter, reader, words, public_url), _stated(letter, told)]
    session.add_all(letters)
    for each, _ in told:
        each.told_for = each.due_on
        if rules.is_last(each, policy, today):
            each.told_last_for = each.due_on
    await session.flush()
    await emit_many(session, rows)


async def take_out(session: AsyncSession, tenant: str, deadline_id: UUID, public_url: str) -> None:
    """It was moved, or removed: a letter that still waits to be sent names it no longer. The next one gives its new
    day."""
    letters = await repository.naming(session, tenant, deadline_id)
    if not letters:
        return
    coming = {each.id: (each, funder) for each, funder in await repository.coming(session, tenant, clock.today())}
    readers = await repository.readers(session, tenant, letters)
    rows = []
    for letter in letters:
        letter.deadline_ids = [id for id in letter.deadline_ids if id != deadline_id]
        letter.version += 1
        left = [coming[id] for id in letter.deadline_ids if id in coming]
        if left and (reader := readers.get(letter.contact_role_id)):
            rows.append(_shared(letter, reader, Words(left), public_url))
        else:
            await _erase(session, letter)
    await session.flush()
    await emit_many(session, rows)


async def held_by(session: AsyncSession, tenant: str, id: UUID, token: str) -> ContactRole:
    """Whose letter it is that this link came in. A wrong link, and one of somebody who has left, learn as
    little as one that never was."""
    letter = await repository.letter(session, tenant, id)
    reader = (await repository.readers(session, tenant, [letter])).get(letter.contact_role_id)
    if reader is None or not any(opens(token, each) for each in letter.token_hashes):
        raise NotFound
    return reader


async def want(session: AsyncSession, reader: ContactRole, *, wanted: bool) -> None:
    """No more letters: to this address, and to nobody else of the associations whose letters it gets. Or letters again,
    to this address."""
    roles = {each.id for each in await repository.at_address(session, reader.tenant, reader.email)}
    if not wanted:
        for association in (await _wanting(session, reader.tenant)).values():
            if association.reader.email.casefold() == reader.email.casefold():
                roles |= association.roles
        for letter in await repository.of_readers(session, reader.tenant, roles):
            await _erase(session, letter)
            letter.version += 1
        await session.flush()
    await repository.want(session, reader.tenant, roles, wanted=wanted)
    await session.refresh(reader)


async def page(session: AsyncSession, reader: ContactRole) -> LetterAnswer:
    return LetterAnswer(
        language=reader.language,
        wanted=reader.funding_news,
        deadlines=[
            ComingDeadline(title=each.title, funder=funder, due_on=each.due_on, note=each.note, website=each.website)
            for each, funder in await repository.coming(session, reader.tenant, clock.today())
        ],
    )


@dataclass(frozen=True)
class _Association:
    reader: ContactRole
    # Of everybody there who would have such letters.
    roles: set[UUID]


async def _wanting(session: AsyncSession, tenant: str) -> dict[UUID, _Association]:
    """Associations that would have letters. One person reads them: who answers for the association's entries, of those
    who would."""
    of: dict[UUID, list[ContactRole]] = defaultdict(list)
    for each in await repository.speakers(session, tenant):
        if each.funding_news:
            of[each.organisation_id].append(each)
    return {
        id: _Association(reader, {each.id for each in roles})
        for id, roles in of.items()
        if (reader := owner(roles)) is not None
    }


async def _readers(session: AsyncSession, tenant: str) -> list[ContactRole]:
    """The same address is the same person, whatever associations they speak for."""
    by_address: dict[str, ContactRole] = {}
    for each in (await _wanting(session, tenant)).values():
        by_address.setdefault(each.reader.email.casefold(), each.reader)
    return list(by_address.values())


async def _forget(session: AsyncSession, tenant: str, today: date) -> None:
    """Where a letter went that was sent long ago, or whose reader has left."""
    for letter in await repository.to_forget(session, tenant, today - rules.FORGET_AFTER):
        await _erase(session, letter)
        letter.version += 1
    await session.flush()


async def _erase(session: AsyncSession, letter: FundingLetter) -> None:
    if letter.contact_id:
        await erase_contact(session, tenant=letter.tenant, contact_id=letter.contact_id)
        letter.contact_id = None


def _shared(letter: FundingLetter, reader: ContactRole, words: Words, public_url: str) -> Row:
    """Where the letter goes and what it names, for notify alone."""
    token = new_token()
    letter.token_hashes = [*letter.token_hashes, hashed(token)]
    contact = ContactShared(
        name=reader.name,
        email=reader.email,
        language=reader.language,
        manage_url=f"{public_url.rstrip('/')}/directory/{letter.tenant}/funding#{letter.id}.{token}",
        about=words[language_of(reader.language)],
    )
    return row(contact, tenant=letter.tenant, subject=letter.contact_id or uuid7())


def _stated(letter: FundingLetter, told: Told) -> Row:
    announced = FundingAnnounced(
        contact_id=letter.contact_id, deadlines=len(told), last_day=max(each.due_on for each, _ in told)
    )
    return row(announced, tenant=letter.tenant, subject=letter.id, sequence=letter.version)
