"""Stating a fact: a row in the caller's own transaction, published if and only if that transaction commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.clock import now
from shared.database import ask
from shared.events.contacts import ContactShared
from shared.events.envelope import Event, wrap
from shared.ids import uuid7

# Kafka takes 1 MiB a batch. Ours are about 600 bytes; one that Kafka would refuse for ever must never reach the outbox.
MAX_PAYLOAD_BYTES = 256 * 1024


class TooLargeToPublish(ValueError):
    """An event that no broker would take. Raised where it is stated, so that its transaction rolls back."""


class Row(NamedTuple):
    """One outbox row; `payload` None is a tombstone."""

    event_id: UUID
    tenant: str
    topic: str
    key: str
    type: str
    payload: bytes | None


def row(
    event: Event,
    *,
    tenant: str,
    subject: UUID | str,
    sequence: int = 1,
    time: datetime | None = None,
    id: UUID | None = None,
) -> Row:
    """The row that says this; key = subject, so that everything about one thing stays in order."""
    envelope = wrap(event, tenant=tenant, subject=subject, sequence=sequence, time=time or now(), id=id)
    payload = envelope.to_bytes()
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise TooLargeToPublish(f"{event.TYPE}: {len(payload)} bytes, at most {MAX_PAYLOAD_BYTES}")
    return Row(envelope.id, tenant, event.TOPIC, str(subject), event.TYPE, payload)


# One array a column, so that the statement is the same for 3 rows and for 3,000: parsed once, and sent as one message.
# Every command states facts, so it goes past SQLAlchemy; it can also stand in a statement that does the work itself.
STATE = f"""
    insert into outbox ({", ".join(Row._fields)})
    select * from unnest(%(told_event_id)s::uuid[], %(told_tenant)s::text[], %(told_topic)s::text[],
        %(told_key)s::text[], %(told_type)s::text[], %(told_payload)s::bytea[])
"""  # noqa: S608 -- Put together from constants.


def to_state(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """The values of `STATE` for at least one row."""
    return {f"told_{name}": list(values) for name, values in zip(Row._fields, zip(*rows, strict=True), strict=True)}


async def emit(
    session: AsyncSession,
    event: Event,
    *,
    tenant: str,
    subject: UUID | str,
    sequence: int = 1,
    time: datetime | None = None,
    id: UUID | None = None,
) -> UUID:
    """State one fact; returns its id. Never commits.

    Lock the aggregate's row first: only then do the outbox's ids follow the order of the commits per subject.
    """
    stated = row(event, tenant=tenant, subject=subject, sequence=sequence, time=time, id=id)
    await ask(session, STATE, to_state([stated]))
    return stated.event_id


async def emit_many(session: AsyncSession, rows: Sequence[Row]) -> int:
    """State many facts in one statement; returns how many were new. Never commits.

    A row whose event id is in the outbox already is passed over: it is the same fact, told again by a retry.
    """
    return len(await emit_new(session, rows))


async def emit_new(session: AsyncSession, rows: Sequence[Row]) -> set[UUID]:
    """The same, for whoever must know which were new: their ids."""
    if not rows:
        return set()
    new = await ask(session, f"{STATE} on conflict (event_id) do nothing returning event_id", to_state(rows))
    return {event_id for (event_id,) in new}


async def share_contact(
    session: AsyncSession,
    *,
    tenant: str,
    contact_id: UUID,
    name: str,
    email: str,
    phone: str | None = None,
    language: str = "da",
    manage_url: str | None = None,
    about: str | None = None,
) -> None:
    """Hand a person's contact details to `notify`. The row is deleted once sent: no outbox remembers a person."""
    contact = ContactShared(name=name, email=email, phone=phone, language=language, manage_url=manage_url, about=about)
    await emit(session, contact, tenant=tenant, subject=contact_id)


async def erase_contact(session: AsyncSession, *, tenant: str, contact_id: UUID) -> None:
    """A tombstone: the compacted topic forgets the contact, and every consumer erases it."""
    tombstone = Row(uuid7(), tenant, ContactShared.TOPIC, str(contact_id), ContactShared.TYPE, None)
    await ask(session, STATE, to_state([tombstone]))
