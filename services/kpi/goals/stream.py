"""Telling listeners about changed goals: one database connection a process, however many listen."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from fastapi import FastAPI

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.goals import usecases
from services.kpi.goals.changes import CHANNEL, announced
from services.kpi.goals.schemas import GoalAnswer
from shared.database import Database
from shared.messaging.patience import Rhythm, keep_running

# PostgreSQL does not say that a connection is half open; asking once in a while does.
STILL_THERE = 30.0
# The first change is told at once, and what changes next not before so long: ten changed goals are read for hardly more
# than one, and nobody looks twenty times a second.
GATHER = 0.05


class Listener:
    """One who listens, and what it was not told yet: the newest state of each goal, so it cannot fall far behind."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], str] = {}
        self._news = asyncio.Event()

    def tell(self, goal: GoalAnswer, written: str) -> None:
        self._waiting[goal.plan, goal.id] = written
        self._news.set()

    async def hear(self) -> AsyncIterator[str]:
        while True:
            await self._news.wait()
            self._news.clear()
            # One at a time: while the listener takes its time over this one, the others stay the newest.
            while self._waiting:
                yield self._waiting.pop(next(iter(self._waiting)))


class Audience(NamedTuple):
    """Those who are told the same: a centre's staff, or everybody else who looks at the centre."""

    tenant: str
    exact: bool


class Stream:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: dict[Audience, set[Listener]] = defaultdict(set)
        self._shown: dict[str, dict[tuple[str, str], str]] = {}
        self._changed: set[GoalKey] = set()
        self._plans = usecases.KnownPlans()
        self._news = asyncio.Event()

    async def listen(self, tenant: str, *, exact: bool) -> AsyncIterator[str]:
        """Goals as JSON, from now on; exact ones for staff."""
        listener, audience = Listener(), Audience(tenant, exact)
        if not exact and not self._listeners[audience]:
            await self._look(tenant)
        self._listeners[audience].add(listener)
        try:
            async for written in listener.hear():
                yield written
        finally:
            self._listeners[audience].discard(listener)

    def is_heard(self, tenant: str, *, exact: bool) -> bool:
        return bool(self._listeners.get(Audience(tenant, exact)))

    @asynccontextmanager
    async def running(self, app: FastAPI) -> AsyncIterator[None]:
        """As long as the application lives."""
        app.state.stream = self
        tasks = [
            asyncio.create_task(keep_running("goal changes", self._hear, service="kpi")),
            asyncio.create_task(keep_running("goal stream", self._tell, service="kpi")),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _hear(self) -> None:
        connection = await self._database.connection()
        try:
            await connection.execute(f"listen {CHANNEL}")
            await self._catch_up()
            while True:
                async for notice in connection.notifies(timeout=STILL_THERE):
                    self._changed.update(announced(notice.payload))
                    self._news.set()
                await connection.execute("select 1")
        finally:
            await connection.close()

    async def _catch_up(self) -> None:
        """What changed while nobody heard is not known, so everybody is told everything."""
        for tenant in {audience.tenant for audience in self._listening()}:
            async with self._database.transaction(tenant) as session:
                rows = await adopted.goals(session, tenant)
            self._changed.update(GoalKey(row.tenant, row.plan, row.goal) for row in rows)
            self._news.set()

    async def _tell(self) -> None:
        """Read each changed goal once, whoever listens; what changes meanwhile is told together afterwards."""
        rhythm = Rhythm(GATHER)
        while True:
            await self._news.wait()
            await rhythm.beat()
            self._news.clear()
            changed, self._changed = self._changed, set()
            for audience in self._listening():
                tenant, exact = audience
                if wanted := {goal for goal in changed if goal.tenant == tenant}:
                    async with self._database.transaction(tenant) as session:
                        plans = await self._plans.read(session, tenant)
                        goals = await usecases.standing(session, tenant, plans, wanted, exact=exact)
                    for goal in goals:
                        if exact or self._is_news(tenant, goal):
                            written = goal.model_dump_json()
                            for listener in self._listeners[audience]:
                                listener.tell(goal, written)

    async def _look(self, tenant: str) -> None:
        """Remember what everybody sees, so that only what is shown otherwise is news."""
        async with self._database.transaction(tenant) as session:
            plans = await self._plans.read(session, tenant)
            goals = await usecases.standing(session, tenant, plans, exact=False)
        self._shown[tenant] = {(goal.plan, goal.id): _visible(goal) for goal in goals}

    def _is_news(self, tenant: str, goal: GoalAnswer) -> bool:
        """Being told the same again would tell that somebody came; what only a new day changed is no news either."""
        if goal.events is not None:
            return True
        shown, now = self._shown[tenant], _visible(goal)
        told, shown[goal.plan, goal.id] = shown.get((goal.plan, goal.id)), now
        return told != now

    def _listening(self) -> list[Audience]:
        return [audience for audience, listeners in self._listeners.items() if listeners]


# What a step, a decision or a new plan changes, and neither a single fact nor a new day.
VISIBLE = {
    "value",
    "shown",
    "per_dimension",
    "counted",
    "compared_with",
    "decision",
    "status",
    "definition_version",
    "changed",
}


def _visible(goal: GoalAnswer) -> str:
    return goal.model_dump_json(include=VISIBLE)
