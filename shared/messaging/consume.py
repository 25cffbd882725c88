"""Taking events in: every record of a topic is handled once, known already, not ours, or buried with a reason."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aiokafka import ConsumerRecord
from faststream.exceptions import NackMessage
from faststream.kafka import KafkaBroker
from pydantic_core import from_json
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import Database
from shared.events import CATALOGUE, INBOUND
from shared.events.envelope import Event, Invalid, Undecodable, read
from shared.logging import fault, log
from shared.messaging.broker import SUBSCRIBER
from shared.messaging.dead_letters import About, Class, bury, forget
from shared.messaging.inbox import first_time
from shared.messaging.patience import away, wait_before
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT

HANDLER_TIMEOUT = 60.0
# A connection into a black hole also ends in a timeout, so the first one is no verdict on the event.
TIMEOUT_TRIES = 2
# How long one delivery may wait for the database before the record goes back to Kafka and comes again. Together with
# the handler's tries it stays well under the 300 s after which Kafka would take our partitions away.
PATIENCE = 60.0
BURY_TIMEOUT = 20.0
NAME = re.compile(r"[\w.:/-]{1,200}", re.ASCII)


class Rejected(Exception):
    """Raised by a handler: this event can never be taken. The reason is stored, so it names no person and no value."""


@dataclass(frozen=True, slots=True)
class Received:
    """One event as a handler sees it."""

    id: UUID
    type: str
    tenant: str
    subject: str
    time: datetime
    recorded: datetime
    sequence: int
    event: Any
    source: str = ""
    """Who says so. It matters where others than ourselves write on a topic."""


def id_of(written: str) -> UUID:
    """A subject, or the key that stands for it, as the id it is. Raises `Rejected` where it is none."""
    try:
        return UUID(written)
    except ValueError:
        raise Rejected("the subject is not an id") from None


Handler = Callable[[AsyncSession, Received], Awaitable[None]]
TombstoneHandler = Callable[[AsyncSession, str], Awaitable[None]]


def listen(
    broker: KafkaBroker,
    database: Database,
    metrics: Metrics,
    *,
    consumer: str,
    topic: str,
    handlers: Mapping[type[Event], Handler],
    on_tombstone: TombstoneHandler | None = None,
    timeout: float = HANDLER_TIMEOUT,
) -> Any:
    """Subscribe `consumer` to `topic`; the only door for single events. Handlers never commit and may run twice.

    A handler works in a transaction with the event's tenant set, and what it wrote is committed before the record is
    acknowledged. On a compacted topic `on_tombstone` gets the key that must be erased, in a transaction that sees all.
    """
    group = f"{consumer}.{topic}"
    if any(each.group_id == group for each in broker.subscribers):  # type: ignore[attr-defined]
        raise ValueError(f"{group} listens already; two subscribers of one group would split the topic between them")
    subscriber = broker.subscriber(topic, group_id=group, **SUBSCRIBER)
    inlet = Inlet(database, metrics, consumer, handlers, on_tombstone, timeout, lambda: bool(subscriber.running))
    subscriber(inlet.take)
    return subscriber


class Inlet:
    """What one consumer does with one record."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        consumer: str,
        handlers: Mapping[type[Event], Handler],
        on_tombstone: TombstoneHandler | None,
        timeout: float,
        running: Callable[[], bool],
    ) -> None:
        self._database, self._metrics, self._consumer = database, metrics, consumer
        self._handlers = {event.TYPE: (event, handler) for event, handler in handlers.items()}
        self._on_tombstone = on_tombstone
        self._timeout, self._running = timeout, running

    async def take(self, record: ConsumerRecord) -> None:
        """Settle one record; if the database stays away, send it back to come again. Nothing is buried for that."""
        clock = asyncio.get_running_loop().time
        deadline, attempt, timeouts = clock() + PATIENCE, 0, 0
        while True:
            try:
                wire_type, outcome = await self._settle(record, last_try=timeouts + 1 >= TIMEOUT_TRIES)
            except Exception as error:
                attempt += 1
                timeouts += isinstance(error, TimeoutError)
                pause = wait_before(attempt)
                log().warning("waiting", consumer=self._consumer, attempts=attempt, **_place(record), **fault(error))
                exhausted = clock() + pause > deadline and timeouts != 1
                if exhausted or not self._running():
                    # Not the error itself: FastStream would log its text, and a driver's text quotes values.
                    raise NackMessage from None
                await asyncio.sleep(pause)
            else:
                label = wire_type if wire_type in {*CATALOGUE, *INBOUND} else "unknown"
                self._metrics.consumed.labels(self._metrics.service, self._consumer, label, outcome).inc()
                return

    async def _settle(self, record: ConsumerRecord, *, last_try: bool) -> tuple[str | None, str]:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._handle(record)
        except Exception as error:
            if away(error) or (isinstance(error, TimeoutError) and not last_try):
                raise
            about = about_of(record)
            if isinstance(error, Invalid) and about.type is not None and about.type not in self._handlers:
                return about.type, "ignored"  # Somebody else's event need not look like ours.
            # Where this fails, the event is tried again instead: it may have been the database after all.
            async with asyncio.timeout(BURY_TIMEOUT), self._database.transaction(EVERY_TENANT) as session:
                await bury(session, self._consumer, record, *_verdict(error), about)
            log().error("buried", consumer=self._consumer, type=about.type, **_place(record), **fault(error))
            return about.type, "dead"

    async def _handle(self, record: ConsumerRecord) -> tuple[str | None, str]:
        if record.value is None:
            return None, await self._erase(record)
        envelope = read(record.value)
        if envelope.type not in self._handlers:
            return envelope.type, "ignored"
        event_class, handler = self._handlers[envelope.type]
        received = Received(
            id=envelope.id,
            type=envelope.type,
            tenant=envelope.tenant,
            subject=envelope.subject,
            time=envelope.time,
            recorded=envelope.recordedtime,
            sequence=envelope.sequence,
            event=event_class.read(envelope.data),
            source=envelope.source,
        )
        async with self._database.transaction(envelope.tenant) as session:
            if not await first_time(session, self._consumer, envelope.id):
                return envelope.type, "duplicate"
            await handler(session, received)
        return envelope.type, "handled"

    async def _erase(self, record: ConsumerRecord) -> str:
        if self._on_tombstone is None or record.key is None:
            raise Undecodable("no value")
        event_id = _event_id(record)
        async with self._database.transaction(EVERY_TENANT) as session:
            if event_id and not await first_time(session, self._consumer, event_id):
                return "duplicate"
            await self._on_tombstone(session, _utf8(record.key))
            await forget(session, record.topic, record.key)
        return "handled"


def _verdict(error: Exception) -> tuple[Class, str]:
    """The class of a failure and its reason: names of types, fields and places in the code, never a value."""
    match error:
        case Undecodable():
            return Class.UNDECODABLE, str(error)
        case Invalid():
            return Class.INVALID, str(error)
        case Rejected():
            return Class.REJECTED, str(error)
        case TimeoutError():
            return Class.TIMEOUT, "TimeoutError"
        case _:
            found = fault(error)
            return Class.BUG, f"{found['error']} at {found['where']}"


def _place(record: ConsumerRecord) -> dict[str, Any]:
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset}


def about_of(record: ConsumerRecord) -> About:
    """What a broken event still says of itself, as far as it can be a name; it goes into a table that people read."""
    try:
        document = from_json(record.value or b"")
    except ValueError:
        return About()
    if not isinstance(document, dict):
        return About()
    said = (document.get(name) for name in ("id", "type", "tenant"))
    return About(*(value if isinstance(value, str) and NAME.fullmatch(value) else None for value in said))


def _event_id(record: ConsumerRecord) -> UUID | None:
    """The id that our relay puts on a tombstone, which has no body to carry it."""
    for name, value in record.headers:
        if name == "ce_id":
            try:
                return UUID(value.decode())
            except (AttributeError, ValueError):
                return None
    return None


def _utf8(key: bytes) -> str:
    try:
        return key.decode()
    except UnicodeDecodeError:
        raise Undecodable("key is not UTF-8") from None
