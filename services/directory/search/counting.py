"""What is counted of searches, between the request and the database: held in memory for a moment."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.search import repository
from services.directory.search.entries import Entry
from services.directory.search.rules import LEAST_VISITORS, first_of_month, mark
from shared import clock
from shared.database import Database
from shared.logging import fault, log
from shared.messaging.outbox import Row, emit_many
from shared.messaging.patience import wait_before
from shared.tenancy import EVERY_TENANT

# A transaction takes longer than what is told in it, and whoever searches meanwhile waits for it.
WRITE_EVERY = 1.0
LAST_WRITE = 10.0
# While the database is away no more than this is remembered; statistics are not worth a process's memory.
ROOM = 50_000
# So many pages of results are told to the database at once: no answer waits until all of a minute's are written.
PAGES = 500


class Page(NamedTuple):
    """What somebody was shown, and the fact of the search; it has none where more of the same was asked for."""

    tenant: str
    day: date
    entries: Sequence[Entry]
    fact: Row | None


Opened = tuple[str, UUID, UUID, date]
Gap = tuple[str, date, str, str]
Mark = tuple[str, date, str, bytes]


class Counting:
    """A crash costs the last moment of these counts. Nothing in them says who."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages: list[Page] = []
        self._opened: Counter[Opened] = Counter()
        self._gaps: Counter[Gap] = Counter()
        self._marks: set[Mark] = set()
        self._month: tuple[date, bytes] | None = None
        self._stopping = asyncio.Event()
        self._writing = asyncio.Lock()

    def shown(self, tenant: str, entries: Sequence[Entry], fact: Row | None) -> None:
        if len(self._pages) < ROOM:
            self._pages.append(Page(tenant, clock.today(), entries, fact))

    def opened(self, tenant: str, organisation_id: UUID, activity_id: UUID) -> None:
        if len(self._opened) < ROOM:
            self._opened[(tenant, organisation_id, activity_id, clock.today())] += 1

    def gap(self, tenant: str, words: str, filters: str, visitor: tuple[str, str] | None) -> None:
        """`visitor`: address and user agent, unless whoever it is asks not to be counted."""
        if len(self._gaps) >= ROOM or len(self._marks) >= ROOM:
            return
        today = clock.today()
        self._gaps[(tenant, today, words, filters)] += 1
        if visitor and self._month and self._month[0] == first_of_month(today):
            month, key = self._month
            made = mark(key, tenant=tenant, words=words, address=visitor[0], user_agent=visitor[1])
            self._marks.add((tenant, month, words, made))

    async def write(self) -> None:
        """When it returns, everything counted before is in the database."""
        async with self._writing:
            await self._write()

    async def _write(self) -> None:
        month = first_of_month(clock.today())
        if self._month is None or self._month[0] != month:
            async with self._database.transaction(EVERY_TENANT) as session:
                self._month = (month, await repository.key_of(session, month, secrets.token_bytes(32)))
                await repository.forget_rare(session, month, LEAST_VISITORS)
        while pages := self._pages[:PAGES]:
            async with self._database.transaction(EVERY_TENANT) as session:
                await emit_many(session, [page.fact for page in pages if page.fact])
                await repository.add_shown(session, [page[:3] for page in pages if page.entries])
            del self._pages[: len(pages)]
        opened, gaps, marks = self._opened, self._gaps, self._marks
        if not (opened or gaps or marks):
            return
        self._opened, self._gaps, self._marks = Counter(), Counter(), set()
        try:
            async with self._database.transaction(EVERY_TENANT) as session:
                await _add(session, opened, gaps, marks)
        except BaseException:
            self._opened += opened
            self._gaps += gaps
            self._marks |= marks
            raise

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        self._stopping.clear()
        writer = asyncio.create_task(self._write_on())
        try:
            yield
        finally:
            self._stopping.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WRITE):
                    await writer

    async def _write_on(self) -> None:
        failures = 0
        while True:
            last = self._stopping.is_set()
            try:
                await self.write()
            except Exception as error:
                failures += 1
                log().warning("counts of searches wait", service="directory", attempts=failures, **fault(error))
            else:
                failures = 0
            if last:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait_before(failures) if failures else WRITE_EVERY)


async def _add(session: AsyncSession, opened: Counter[Opened], gaps: Counter[Gap], marks: set[Mark]) -> None:
    """In order of their keys, so that two processes that add to the same rows wait and do not deadlock."""
    if opened:
        names = ("tenant", "organisation_id", "activity_id", "day")
        rows = [{**_named(names, one), "opened": times} for one, times in sorted(opened.items())]
        await repository.add_opened(session, rows)
    if gaps:
        names = ("tenant", "day", "words", "filters")
        await repository.add_gaps(
            session,
            [
                {**_named(names, one), "month": first_of_month(one[1]), "searches": searches}
                for one, searches in sorted(gaps.items())
            ],
        )
    if marks:
        await repository.add_marks(
            session, [_named(("tenant", "month", "words", "mark"), one) for one in sorted(marks)]
        )


def _named(names: Sequence[str], values: Sequence[object]) -> dict[str, object]:
    return dict(zip(names, values, strict=True))
