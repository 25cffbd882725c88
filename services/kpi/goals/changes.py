"""Telling that goals have changed: heard when the transaction commits, by everybody who shows them."""

from collections.abc import Iterable, Iterator

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from shared.database import driver

CHANNEL = "goals"
# PostgreSQL takes less than 8,000 bytes a notification.
LONGEST = 7_000


async def announce(session: AsyncSession, goals: Iterable[GoalKey]) -> None:
    connection = driver(session)
    for payload in _payloads(goals):
        await connection.execute("select pg_notify(%s, %s)", [CHANNEL, payload])


def _payloads(goals: Iterable[GoalKey]) -> Iterator[str]:
    lines: list[str] = []
    length = 0
    for goal in sorted(goals):
        line = " ".join(goal)
        if length + len(line) > LONGEST:
            yield "\n".join(lines)
            lines, length = [], 0
        lines.append(line)
        length += len(line) + 1
    if lines:
        yield "\n".join(lines)


def announced(payload: str) -> list[GoalKey]:
    """Slugs and goal ids have no spaces, so that three words are a goal."""
    return [GoalKey(*line.split(" ")) for line in payload.splitlines()]
