"""Publishing: whoever without a right to the exact numbers looks first, makes the step that all others see."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading
from services.kpi.definition.goal import Goal
from services.kpi.definition.people import about_people
from services.kpi.published import repository
from services.kpi.published.rules import Number, Published, Seen, numbers, seen, stepped
from shared.clock import now

Readings = Mapping[GoalKey, tuple[Goal, Reading]]


async def seen_by_all(
    session: AsyncSession, tenant: str, look: Callable[[], Awaitable[Readings]]
) -> tuple[Readings, Mapping[GoalKey, Seen]]:
    """Every number as it stands, and of the goals that count people what everybody may see of them.

    `look` reads the numbers, and once more where a step is due: they may have moved while another one published.
    """
    readings = await look()
    people = [key for key, (goal, _) in readings.items() if about_people(goal)]
    if not people:
        return readings, {}
    published = await repository.newest(session, tenant, people)
    if _due(readings, published):
        await repository.publish_alone(session, tenant)
        readings, published = await look(), await repository.newest(session, tenant, people)
        if due := _due(readings, published):
            await repository.add(session, [(key, number, level) for (key, number), level in due.items()], now())
            published = await repository.newest(session, tenant, people)
    return readings, {
        key: seen(goal, reading, published.get(key, {}))
        for key, (goal, reading) in readings.items()
        if about_people(goal)
    }


def _due(
    readings: Readings, published: Mapping[GoalKey, Mapping[Number, Published]]
) -> dict[tuple[GoalKey, Number], Decimal]:
    """Which numbers are to be shown otherwise than they are."""
    found = {}
    for key, (goal, reading) in readings.items():
        if about_people(goal):
            last = published.get(key, {})
            for number, value in numbers(goal, reading).items():
                level = stepped(last.get(number), value)
                if number not in last or last[number].level != level:
                    found[key, number] = level
    return found
