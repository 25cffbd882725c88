"""A service's second half: relay, consumers and jobs, each kept running until somebody stops the worker."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from faststream.kafka import KafkaBroker

from shared.database import Database
from shared.logging import log
from shared.messaging import dead_letters
from shared.messaging.patience import Hopeless, keep_running
from shared.messaging.relay import Relay
from shared.messaging.watchdog import Watchdog
from shared.metrics import Metrics

MEASURE_EVERY = 10.0
# Joining a group takes seconds, and some more where a predecessor was killed. Beyond this, begin again.
START_TIMEOUT = 120.0
STOP_TIMEOUT = 30.0
# Handlers at work may finish, and the consumers' own limit passes first; then once more, and once again.
END_TIMEOUT, END_AGAIN = STOP_TIMEOUT + 5, 5.0


class Worker:
    """Boots without Kafka and without PostgreSQL, and gets to work when they are there."""

    def __init__(
        self,
        service: str,
        *,
        database: Database,
        metrics: Metrics,
        relay: Relay | None = None,
        broker: KafkaBroker | None = None,
        jobs: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self.service, self.database, self.metrics = service, database, metrics
        self.relay, self.broker, self.jobs = relay, broker, list(jobs)
        self._consuming = False

    async def run(self) -> None:
        """Until cancelled; then lets handlers at work finish. Raises `Hopeless` where only a restart can help."""
        parts = [asyncio.create_task(part, name=name) for name, part in self._parts()]
        try:
            # The first to end has failed: each is kept running but for what only a restart can help.
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end(parts)
            await self.database.dispose()
        for part in parts:
            if not part.cancelled() and (error := part.exception()):
                raise Hopeless(self.service) from error

    def _parts(self) -> Iterator[tuple[str, Coroutine[Any, Any, None]]]:
        if self.relay:
            yield "relay", self.relay.run()
        if self.broker:
            yield "consumers", self._keep("consumers", partial(self._consume, self.broker))
            yield "dead letter gauge", self._keep("dead letter gauge", self._measure)
        for job in self.jobs:
            name = getattr(job, "__qualname__", "job")
            yield name, self._keep(name, job)

    async def _end(self, parts: Collection["asyncio.Task[None]"]) -> None:
        """Tell them until they listen: a library that swallows a cancellation must not keep the process alive."""
        waiting = set(parts)
        for patience in (END_TIMEOUT, END_AGAIN, END_AGAIN):
            for part in waiting:
                part.cancel()
            _, waiting = await asyncio.wait(waiting, timeout=patience)
            if not waiting:
                return
            for part in waiting:
                log().error("does not stop", service=self.service, reason=part.get_name())

    def ready(self) -> bool:
        """Whether everything that should consume does. A relay that waits for its turn is ready, too."""
        return self.broker is None or self._consuming

    async def _keep(self, name: str, part: Callable[[], Awaitable[object]]) -> None:
        await keep_running(name, part, service=self.service)

    async def _consume(self, broker: KafkaBroker) -> None:
        """From connecting to losing the connection, or to being stopped."""
        try:
            async with asyncio.timeout(START_TIMEOUT):
                await broker.connect()
                # Side by side: where a process was killed, each must wait for its predecessor's session to end.
                await asyncio.gather(*(subscriber.start() for subscriber in broker.subscribers))
            self._consuming = True
            log().info("consuming", service=self.service)
            await Watchdog(broker, self.metrics).watch()
        finally:
            self._consuming = False
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT):
                    await broker.stop()

    async def _measure(self) -> None:
        while True:
            await dead_letters.measure(self.database, self.metrics)
            await asyncio.sleep(MEASURE_EVERY)
