"""Page views between their request and the outbox: a bounded list in memory, and the writer that empties it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from services.directory.pageviews import claims
from services.directory.pageviews.claims import Held
from services.directory.pageviews.keys import DayKeys
from services.directory.statistics import usecases as statistics
from shared.database import Database
from shared.errors import Unavailable
from shared.logging import fault, log
from shared.messaging.outbox import emit_new
from shared.messaging.patience import wait_before
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT

# A crash may cost this much of the page views: the price of not asking the database in each request.
WRITE_EVERY = 0.2
# About 90 MB of memory, or a minute of the heaviest traffic while the database is away. What does not fit is refused.
ROOM = 100_000
BATCH = 2_000
# What a starting process waits for the database; then it starts without.
FIRST_KEY = 3.0
# What a stopping process waits for the database before it gives up the views it still holds.
LAST_WRITE = 10.0


class Pageviews:
    """Holds nothing of a visitor but the hash: the rows are what the outbox will hold, made in the request."""

    def __init__(self, database: Database, metrics: Metrics, *, room: int = ROOM) -> None:
        self.keys = DayKeys(database)
        self._database, self._room = database, room
        self._rows: list[Held] = []
        self._stopping = asyncio.Event()
        self._service = metrics.service
        self.outcomes = metrics.counter("kompas_pageviews", "Page views by what became of them.", "outcome")
        self._held = metrics.gauge("kompas_pageviews_held", "Page views accepted and not yet written.")

    def add(self, view: Held) -> None:
        if len(self._rows) >= self._room:
            self.note("refused")
            raise Unavailable
        self._rows.append(view)

    def note(self, outcome: str, number: int = 1) -> None:
        self.outcomes.labels(self._service, outcome).inc(number)

    async def write(self) -> None:
        """Everything held, a batch an insert. A view leaves memory when its transaction has committed.

        If that answer is lost, the rows are written again, and their ids tell the database which it has: only what is
        new to it is added to the day's sums.
        """
        while batch := self._rows[:BATCH]:
            async with self._database.transaction(EVERY_TENANT) as session:
                settled = await claims.settle(session, batch)
                new = await emit_new(session, [view.row for view in settled.counted])
                # By id: of one view that came twice in a batch, the outbox has one row.
                seen = {view.row.event_id: view.seen for view in settled.counted}
                await statistics.add(session, [each for id, each in seen.items() if id in new])
            for outcome, number in settled.outcomes.items():
                self.note(outcome, number)
            del self._rows[: len(batch)]

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Write for as long as the application lives, and what is left when it stops."""
        self._stopping.clear()
        with suppress(Exception):  # Without the day's key views are refused; the writer tries, and says so, again.
            async with asyncio.timeout(FIRST_KEY):
                await self.keys.keep()
        writer = asyncio.create_task(self._write_on())
        try:
            yield
        finally:
            self._stopping.set()
            try:
                async with asyncio.timeout(LAST_WRITE):
                    await writer
            except TimeoutError:
                log().error("page views lost", service=self._service, count=len(self._rows))

    async def _write_on(self) -> None:
        failures = 0
        while True:
            last = self._stopping.is_set()
            try:
                await self.keys.keep()
                await self.write()
            except Exception as error:
                failures += 1
                log().warning("page views wait", service=self._service, attempts=failures, **fault(error))
            else:
                failures = 0
                if last:
                    return
            self._held.labels(self._service).set(len(self._rows))
            await self._pause(wait_before(failures) if failures else WRITE_EVERY)

    async def _pause(self, seconds: float) -> None:
        """Cut short by the call to stop, but only once: a last write that fails waits like any other."""
        if self._stopping.is_set():
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
