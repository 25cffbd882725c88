"""Events a consumer could not take: rows in its own database, for a person to look at, send again or throw away."""

import base64
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from aiokafka import ConsumerRecord
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import Database
from shared.logging import log
from shared.messaging.producer import Producer, Record
from shared.messaging.tables import dead_letters
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT

_T = dead_letters.c
HEX = "\\x"
# An event can be wrong in ten thousand places; a person reads the first few.
LONGEST_REASON = 500


class Class(StrEnum):
    UNDECODABLE = "undecodable"
    INVALID = "invalid"
    REJECTED = "rejected"
    TIMEOUT = "timeout"
    BUG = "bug"


class About(NamedTuple):
    """What is known of an event that cannot be taken; less, the earlier it failed."""

    event_id: str | None = None
    type: str | None = None
    tenant: str | None = None


async def bury(
    session: AsyncSession, consumer: str, record: ConsumerRecord, kind: Class, reason: str, about: About
) -> None:
    """Keep the record as it came, with why. A second delivery of the same record counts up, it makes no second row."""
    stone = insert(dead_letters).values(
        {
            "consumer": consumer,
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "key": _text(record.key),
            "event_id": about.event_id,
            "type": about.type,
            "tenant": about.tenant,
            "class": kind.value,
            "reason": reason[:LONGEST_REASON],
            "payload": record.value,
            "headers": [[_printable(name), _b64(value)] for name, value in record.headers or ()],
        }
    )
    again = {
        "class": kind.value,
        "reason": reason[:LONGEST_REASON],
        "attempts": _T.attempts + 1,
        "last_seen": func.now(),
    }
    await (await session.connection()).execute(
        stone.on_conflict_do_update(index_elements=["consumer", "topic", "partition", "offset"], set_=again)
    )


class DeadLetter(NamedTuple):
    id: int
    consumer: str
    topic: str
    partition: int
    offset: int
    key: str | None
    event_id: str | None
    type: str | None
    tenant: str | None
    kind: str
    reason: str
    attempts: int
    first_seen: datetime
    last_seen: datetime
    payload: bytes | None
    headers: list[tuple[str, bytes | None]]


async def find(
    database: Database, *, ids: Sequence[int] | None = None, kind: str | None = None, limit: int = 200
) -> list[DeadLetter]:
    """The oldest first; those with these ids, or of this class."""
    query = select(dead_letters).order_by(_T.id).limit(limit)
    if ids is not None:
        query = query.where(_T.id.in_(ids))
    if kind is not None:
        query = query.where(_T["class"] == kind)
    async with database.transaction(EVERY_TENANT) as session:
        return [_letter(row) for row in (await (await session.connection()).execute(query)).mappings()]


async def redrive(database: Database, kafka: Producer, ids: Sequence[int]) -> list[int]:
    """Put the original records back on their topics, then forget them here; returns the ids that Kafka took.

    Everybody who reads the topic gets the record again, not only who failed: whoever had it knows it by its event id.
    What fails again is buried again, under its new offset.
    """
    letters = await find(database, ids=ids, limit=len(ids))
    outcome = await kafka.publish(
        Record(
            letter.id,
            letter.topic,
            _bytes(letter.key),
            letter.payload,
            [(name, value) for name, value in letter.headers if value is not None],
        )
        for letter in letters
    )
    async with database.transaction(EVERY_TENANT) as session:
        await (await session.connection()).execute(delete(dead_letters).where(_T.id.in_(outcome.acknowledged)))
    return sorted(outcome.acknowledged)


async def discard(database: Database, ids: Sequence[int], *, reason: str) -> list[int]:
    """Throw away for good, payload included; why and how many remains in the log. Returns the ids that were there."""
    async with database.transaction(EVERY_TENANT) as session:
        gone = await (await session.connection()).execute(
            delete(dead_letters).where(_T.id.in_(ids)).returning(_T.id, _T.consumer)
        )
        rows = gone.all()
    for row in rows:
        log().warning("dead letter discarded", consumer=row.consumer, reason=reason)
    return sorted(row.id for row in rows)


async def forget(session: AsyncSession, topic: str, key: bytes) -> None:
    """A tombstone reaches what was buried, too: otherwise a redrive would bring back a person who was erased."""
    await (await session.connection()).execute(delete(dead_letters).where(_T.topic == topic, _T.key == _text(key)))


async def measure(database: Database, metrics: Metrics) -> None:
    waiting = select(_T.consumer, func.count()).group_by(_T.consumer)
    async with database.transaction(EVERY_TENANT) as session:
        counts = (await (await session.connection()).execute(waiting)).all()
    metrics.dead_letters.clear()
    for consumer, count in counts:
        metrics.dead_letters.labels(metrics.service, consumer).set(count)


def _letter(row: Any) -> DeadLetter:
    values = {name: row[name] for name in DeadLetter._fields if name not in ("kind", "headers")}
    headers = [(name, None if value is None else base64.b64decode(value)) for name, value in row["headers"]]
    return DeadLetter(**values, kind=row["class"], headers=headers)


def _text(key: bytes | None) -> str | None:
    """A key as PostgreSQL's text can hold it, and as a person can read it; anything else in hexadecimal."""
    if key is None:
        return None
    try:
        text = key.decode()
    except UnicodeDecodeError:
        return HEX + key.hex()
    return HEX + key.hex() if "\0" in text or text.startswith(HEX) else text


def _bytes(key: str | None) -> bytes | None:
    if key is None:
        return None
    return bytes.fromhex(key.removeprefix(HEX)) if key.startswith(HEX) else key.encode()


def _printable(name: str) -> str:
    return name.replace("\0", "�")


def _b64(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()
