"""Waiting: which errors say that PostgreSQL or Kafka is away, how long for, and how often to look at what comes."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import NoReturn

import psycopg
from aiokafka.errors import KafkaConnectionError, NodeNotReadyError, RequestTimedOutError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.logging import fault, log

FIRST_WAIT = 0.1
LONGEST_WAIT = 5.0

# Not OSError: TimeoutError is one, and a handler that always times out is a bad event, not a bad day.
_AWAY = (ConnectionError, PoolTimeout, KafkaConnectionError, NodeNotReadyError, RequestTimedOutError)


class Hopeless(Exception):
    """What failed cannot be cured in this process: it should end, non-zero, and be started anew by its supervisor."""


def away(error: BaseException) -> bool:
    """Whether this says that the database or the broker cannot be worked with now, whatever the event is.

    psycopg's OperationalError covers the lost connection, the starting and stopping server, the full disk, the
    deadlock and the statement that had to wait too long. A standby that was just promoted answers "read-only".
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(
        cause, (*_AWAY, psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)
    )


def wait_before(attempt: int, longest: float = LONGEST_WAIT) -> float:
    """Seconds before try number `attempt` (from 1): doubling, bounded, never in step with other processes."""
    return min(longest, FIRST_WAIT * 2.0 ** min(attempt - 1, 16)) * random.uniform(0.5, 1)  # noqa: S311


class Rhythm:
    """For whoever is woken often: goes on at once the first time, and then not again before some time is over."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._next = seconds, 0.0

    async def beat(self) -> None:
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(max(0.0, self._next - clock()))
        self._next = clock() + self._seconds


async def keep_running(name: str, part: Callable[[], Awaitable[object]], *, service: str) -> NoReturn:
    """Run `part` for ever: when it ends or fails, again, after a pause that grows while it fails quickly."""
    clock = asyncio.get_running_loop().time
    attempt = 0
    while True:
        started = clock()
        try:
            await part()
            attempt = 0
        except Hopeless:
            raise
        except Exception as error:
            if (task := asyncio.current_task()) and task.cancelling():
                # Cleaning up failed on the way out; that must not bring back what was told to stop.
                raise asyncio.CancelledError from error
            attempt = 1 if clock() - started > 60 else attempt + 1
            log().warning("part failed", service=service, reason=name, attempts=attempt, **fault(error))
        await asyncio.sleep(wait_before(max(attempt, 1)))
