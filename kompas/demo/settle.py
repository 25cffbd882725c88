"""Waits until everything that was played has been counted."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import httpx2

from kompas.errors import Stop
from kompas.halves import SERVICES

# The gauges of what is under way are read every five seconds; a shorter silence would prove nothing.
SILENCE_SECONDS = 6.0
LONGEST_SECONDS = 180.0
UNDER_WAY = re.compile(r"^kompas_(?:outbox_pending|consumer_lag)\{.*\} (\S+)$", re.MULTILINE)

Goals = list[dict[str, Any]]


def values(goals: Goals) -> dict[str, float | None]:
    return {goal["id"]: None if goal["value"] is None else float(goal["value"]) for goal in goals}


def differences(goals: Goals, expected: Mapping[str, float]) -> dict[str, tuple[float | None, float]]:
    """Goal → what it shows and what the story says; percentages are compared as far as they are shown."""
    shown = values(goals)
    return {
        goal: (shown.get(goal), value)
        for goal, value in expected.items()
        if (found := shown.get(goal)) is None or abs(found - value) > 0.05
    }


async def settled(
    client: httpx2.AsyncClient, tenant: str, plan: str, token: str, expected: Mapping[str, float]
) -> Goals:
    """What staff see, as soon as it is what the story says, or when nothing is under way and nothing moves."""
    clock = asyncio.get_running_loop().time
    began = still_since = clock()
    goals: Goals = []
    while clock() - began < LONGEST_SECONDS:
        try:
            now = await _goals(client, tenant, plan, token)
            if not differences(now, expected):
                return now
            if values(now) != values(goals) or await _under_way(client):
                goals, still_since = now, clock()
            elif clock() - still_since > SILENCE_SECONDS:
                return now
        except (httpx2.TransportError, httpx2.HTTPStatusError):
            still_since = clock()
        await asyncio.sleep(0.5)
    if not goals:
        raise Stop("Everything was played, but the goals cannot be read.", "Look again with `kompas goals`.")
    return goals


async def _goals(client: httpx2.AsyncClient, tenant: str, plan: str, token: str) -> Goals:
    headers = {"authorization": f"Bearer {token}"}
    answer = await client.get(f"/kpi/{tenant}/plans/{plan}/goals", headers=headers)
    answer.raise_for_status()
    items: Goals = answer.json()["items"]
    return items


async def _under_way(client: httpx2.AsyncClient) -> bool:
    """Whether a service still has events to publish or to hear. Where metrics are not public, this says no."""
    answers = await asyncio.gather(*(client.get(f"/{service}/metrics") for service in SERVICES))
    found = [UNDER_WAY.findall(answer.text) for answer in answers if answer.is_success]
    return any(float(number) > 0 for numbers in found for number in numbers)
