"""A service's second half: relay, consumers and jobs, each kept running until somebody stops the worker."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

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
        try:
            async with asyncio.TaskGroup() as group:
                if self.relay:
                    group.create_task(self.relay.run())
                if self.broker:
                    group.create_task(self._keep("consumers", partial(self._consume, self.broker)))
                    group.create_task(self._keep("dead letter gauge", self._measure))
                for job in self.jobs:
                    group.create_task(self._keep(getattr(job, "__qualname__", "job"), job))
        except* Hopeless as hopeless:
            raise Hopeless(self.service) from hopeless
        finally:
            await self.database.dispose()

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
