"""The only `KafkaBroker(…)`: settings under which FastStream loses nothing, whatever a stranger puts on a topic."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from faststream.kafka import KafkaBroker
from faststream.middlewares import AckPolicy
from faststream.security import SASLScram512

from shared.messaging.kafka import reach
from shared.messaging.total_consumer import TotalBroker
from shared.settings import Settings

# Beyond it, a handler that is still running is cancelled and rolled back; its event comes again after the restart.
GRACEFUL_TIMEOUT = 15.0

# What every subscriber is given. `earliest`: a new group, or one that was away for a week, must not skip what was
# published meanwhile. The fetch wait bounds the latency of a busy partition behind an idle one.
SUBSCRIBER: dict[str, Any] = {
    "auto_offset_reset": "earliest",
    "fetch_max_wait_ms": 50,
    "session_timeout_ms": 10_000,
    "heartbeat_interval_ms": 3_000,
    "max_poll_interval_ms": 300_000,
    "no_reply": True,  # A stranger's `reply_to` header must not make us publish anything.
}
SESSION_TIMEOUT = SUBSCRIBER["session_timeout_ms"] / 1000

# One record, or a tuple of them where a subscriber takes batches. (aiokafka has no types.)
Records = Any


def make_broker(settings: Settings, service: str) -> KafkaBroker:
    """It only consumes: facts leave through the outbox and its relay, never from a handler."""
    return TotalBroker(
        reach(settings)["bootstrap_servers"],
        client_id=service,
        consumer_only=True,
        allow_auto_create_topics=False,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        graceful_timeout=GRACEFUL_TIMEOUT,
        metadata_max_age_ms=60_000,
        parser=total_parser,
        decoder=whole,
        apply_types=False,
        security=SASLScram512(settings.kafka_username, settings.kafka_password, use_ssl=True)
        if settings.kafka_username
        else None,
        logger=_log(),
        log_level=logging.DEBUG,
    )


def _log() -> logging.Logger:
    logger = logging.getLogger("kompas.kafka")
    logger.setLevel(logging.ERROR)  # Its one warning, at every start, says that we do not create topics on the fly.
    return logger


async def total_parser(record: Records, original: Callable[[Records], Awaitable[Any]]) -> Any:
    """FastStream's parser, made total: it runs before any handler, and a record on which it raises would be lost.

    It decodes header values as UTF-8, which a null or a stranger's bytes do not survive. So it is shown none of them;
    the record itself is kept as it came. (A copy of the record would switch its acknowledgement off.)
    """
    first = record[0] if isinstance(record, tuple) else record
    headers: Sequence[tuple[str, bytes]] = first.headers
    first.headers = ()
    try:
        message = await original((first,) if isinstance(record, tuple) else first)
    finally:
        first.headers = headers
    message.raw_message = record
    return message


async def whole(message: Any) -> Records:
    """Hand the handler the record or the batch as Kafka gave it: key, headers, offset and bytes."""
    raw: Records = message.raw_message
    return raw
