"""What becomes of a mail: planned, taken, sent or put off, or stopped; its end is a fact in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.channels import repository as channels
from services.notify.contacts import repository as contacts
from services.notify.contacts.models import Contact
from services.notify.deliveries import repository, rules
from services.notify.deliveries.models import Delivery
from services.notify.deliveries.rules import Reason, Send, State, Stop, Wait
from services.notify.deliveries.seasons import Season
from shared.aggregate import record
from shared.clock import now
from shared.events.notify import MessageChannel, MessageFailed, MessagePurpose, MessageSent, MessageSuppressed

FACTS = {State.SENT: MessageSent, State.FAILED: MessageFailed, State.SUPPRESSED: MessageSuppressed}


@dataclass(frozen=True)
class Told:
    """A booking, or a sign-up, as an event told of it."""

    tenant: str
    event_id: UUID
    said_at: datetime
    booking_id: UUID
    sequence: int
    contact_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    locality: str | None
    # Whether a mail may say when, where and what it is about.
    says_when: bool
    answer_by: datetime | None = None
    entry_id: UUID | None = None
    revision: int | None = None
    calendar_method: Literal["REQUEST", "CANCEL"] | None = None
    season: Season | None = None


@dataclass(frozen=True)
class AskedAssociation:
    """An association that is asked to answer a survey, or reminded of it, as an event told."""

    tenant: str
    event_id: UUID
    invitation_id: UUID
    sequence: int
    contact_id: UUID
    survey_id: UUID
    organisation_id: UUID
    closes_on: date | None


@dataclass(frozen=True)
class DirectoryLetter:
    """To an owner who is asked whether entries still hold, to an association that is told of deadlines of funders, or
    to an editor who is told of a decision, as an event told."""

    tenant: str
    event_id: UUID
    letter_id: UUID
    sequence: int
    contact_id: UUID
    entries: int
    last_day: date | None = None


@dataclass(frozen=True)
class Job:
    """A message that is ours to send now."""

    delivery: Delivery
    contact: Contact
    # What a telephone shows as the sender, where it is a text message.
    text_from: str | None = None


async def plan(session: AsyncSession, told: Told, purpose: MessagePurpose) -> None:
    """Note that somebody must be told; the sender does it. No address, or nothing but the past: nothing to tell."""
    if told.contact_id is None or not rules.worth_telling(starts_at=told.starts_at, said_at=told.said_at):
        return
    delivery = Delivery(
        tenant=told.tenant,
        event_id=told.event_id,
        contact_id=told.contact_id,
        channel=MessageChannel.EMAIL,
        purpose=purpose,
        subject_id=told.booking_id,
        sequence=told.sequence,
        says_when=told.says_when,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        locality=told.locality if told.says_when else None,
        answer_by=told.answer_by,
        entry_id=told.entry_id,
        revision=told.revision,
        calendar_method=told.calendar_method if told.says_when else None,
        season=told.season.model_dump(mode="json") if told.season and told.says_when else None,
        **_begun(),
    )
    await _plan(session, delivery)


async def plan_survey(session: AsyncSession, asked: AskedAssociation, purpose: MessagePurpose) -> None:
    """Note that an association must be written to about a survey; after its last day it is not."""
    delivery = _asking(
        asked,
        purpose,
        subject_id=asked.invitation_id,
        survey_id=asked.survey_id,
        organisation_id=asked.organisation_id,
        ends_at=rules.over_after(asked.closes_on),
    )
    await _plan(session, delivery)


async def plan_letter(session: AsyncSession, letter: DirectoryLetter, purpose: MessagePurpose) -> None:
    """Note that somebody must be written to. Once nothing is left to say, the directory takes the address back."""
    over = rules.over_after(letter.last_day)
    await _plan(session, _asking(letter, purpose, subject_id=letter.letter_id, entries=letter.entries, ends_at=over))


def _asking(asked: AskedAssociation | DirectoryLetter, purpose: MessagePurpose, **about: Any) -> Delivery:
    """A letter that asks or tells of something: it is no appointment, so it says no time."""
    return Delivery(
        tenant=asked.tenant,
        event_id=asked.event_id,
        contact_id=asked.contact_id,
        channel=MessageChannel.EMAIL,
        purpose=purpose,
        sequence=asked.sequence,
        says_when=False,
        **about,
        **_begun(),
    )


async def nothing_left_to_ask(
    session: AsyncSession, tenant: str, survey_id: UUID, organisation_id: UUID | None, at: datetime, reason: Reason
) -> None:
    """The survey was closed, or an association has answered it: what waited to be sent then will not be."""
    for delivery in await repository.pending_about(session, tenant, survey_id, organisation_id, at):
        await _stop(session, delivery, State.SUPPRESSED, reason)


def _begun() -> dict[str, Any]:
    return {"state": State.PENDING, "reason": None, "created_at": now(), "due_at": now()}


async def _plan(session: AsyncSession, delivery: Delivery) -> None:
    overtaken = await repository.newest_sequence(session, delivery.tenant, delivery.subject_id) > delivery.sequence
    if await repository.add(session, delivery) and overtaken:
        # A confirmation that arrives after the cancellation would tell the opposite of what is true.
        await _stop(session, await session.get_one(Delivery, delivery.id), State.SUPPRESSED, Reason.OVERTAKEN)


async def contact_known(session: AsyncSession, contact_id: UUID) -> None:
    await repository.hurry(session, contact_id, now())
    await repository.wake(session)


async def contact_erased(session: AsyncSession, contact_id: UUID) -> None:
    for delivery in await repository.pending_for(session, contact_id):
        await _stop(session, delivery, State.SUPPRESSED, Reason.ERASED)


async def take(session: AsyncSession, limit: int, lease: timedelta, *, texts: bool = False) -> tuple[int, list[Job]]:
    """How many are due, and those of them to send now: ours while the lease lasts. The rest is put off or stopped.
    `texts` is whether we can send text messages at all."""
    found = await repository.due(session, now(), limit)
    known = await contacts.those_of(session, [delivery.contact_id for delivery in found])
    senders = await channels.senders(session, [delivery.tenant for delivery in found]) if texts else {}
    jobs = []
    for delivery in found:
        contact = known.get(delivery.contact_id)
        decision = rules.decide(
            contact_known=contact is not None,
            ends_at=delivery.answer_by or delivery.ends_at,
            created_at=delivery.created_at,
            now=now(),
        )
        match decision:
            case Send() if contact:
                delivery.channel = rules.channel_for(
                    delivery.purpose,
                    # An entry for a calendar cannot travel in a text message.
                    wanted=contact.phone is not None
                    and delivery.tenant in senders
                    and delivery.calendar_method is None,
                    before=delivery.channel,
                    state=delivery.state,
                    attempts=delivery.attempts,
                )
                delivery.state = State.SENDING
                delivery.attempts += 1
                delivery.due_at = now() + lease
                by_text = delivery.channel is MessageChannel.SMS
                jobs.append(Job(delivery, contact, senders[delivery.tenant] if by_text else None))
            case Wait(until):
                delivery.due_at = until
            case Stop(state, reason):
                await _stop(session, delivery, state, reason)
    return len(found), jobs


async def mark_sent(session: AsyncSession, job: Job) -> bool:
    """Whether the reader is still known, or was erased in the meantime."""
    known = await contacts.is_known(session, job.contact.id)  # First, as a tombstone does it.
    if delivery := await repository.taken(session, job.delivery.id, job.delivery.attempts):
        await _stop(session, delivery, State.SENT, None)
    return known


async def mark_refused(session: AsyncSession, job: Job, reason: Reason) -> None:
    """The mail server, or the address itself, says that it will never work."""
    if delivery := await repository.taken(session, job.delivery.id, job.delivery.attempts):
        await _stop(session, delivery, State.FAILED, reason)


async def by_mail_instead(session: AsyncSession, job: Job) -> None:
    """The text message was refused, or nobody knows what became of it. What it tells must be told all the same."""
    if delivery := await repository.taken(session, job.delivery.id, job.delivery.attempts):
        delivery.state, delivery.channel, delivery.due_at = State.PENDING, MessageChannel.EMAIL, now()
        await repository.wake(session)


async def put_off(session: AsyncSession, jobs: Sequence[Job]) -> None:
    """It did not work now; try again later, unless it has been tried for long enough."""
    for job in jobs:
        delivery = await repository.taken(session, job.delivery.id, job.delivery.attempts)
        if delivery is None:
            continue
        text = delivery.channel is MessageChannel.SMS
        if text and rules.gives_up_text(created_at=delivery.created_at, now=now()):
            delivery.state, delivery.channel, delivery.due_at = State.PENDING, MessageChannel.EMAIL, now()
            continue
        match rules.after_failure(attempts=delivery.attempts, created_at=delivery.created_at, now=now()):
            case Wait(until):
                delivery.state, delivery.due_at = State.PENDING, until
            case Stop(state, reason):
                await _stop(session, delivery, state, reason)


async def _stop(session: AsyncSession, delivery: Delivery, state: State, reason: Reason | None) -> None:
    delivery.state, delivery.reason, delivery.finished_at = state, reason, now()
    delivery.version += 1
    await record(session, delivery, FACTS[state](channel=delivery.channel, purpose=delivery.purpose))
    # Whatever waited for this one to be finished is due now.
    await repository.wake(session)
