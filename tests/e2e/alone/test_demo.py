"""`kompas demo` on a system of its own: every number as the story has it, also when the system dies in the middle."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import httpx2
import pytest
import pytest_asyncio

from kompas.demo.commands import Story
from kompas.demo.expected import expected_goals
from kompas.demo.settle import differences
from kompas.demo.story import tell
from tests.support.short_folder import short_folder
from tests.support.system import ROOT, Staff, System, running

PLAN = "odense-2023"
# A tenth of the year shows the same as the whole, in seconds.
SCALE = 0.1


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(scale=SCALE)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with short_folder("kompas-demo-") as home, running(home) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def staff(system: System) -> AsyncIterator[Staff]:
    async with system.client() as client:
        yield Staff(client, system.bearer())


class Demo:
    """`kompas demo` in a terminal of its own."""

    def __init__(self, system: System) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kompas.main", "demo", "--scale", str(SCALE)],
            cwd=ROOT, env={**system.environment, "KOMPAS_DEBUG": "1"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    async def ends(self) -> str:
        out, _ = await asyncio.to_thread(self.process.communicate, timeout=400)
        return str(out)

    async def reaches(self, staff: Staff, door: str) -> None:
        """Wait until the first thing is behind `door`; the chapters come one after the other."""
        while True:
            assert self.process.poll() is None, self.process.communicate()
            # What was killed before may still be on its way back.
            with suppress(AssertionError, httpx2.TransportError):
                if (await staff.get(door, limit=1))["items"]:
                    return
            await asyncio.sleep(0.02)


async def events(staff: Staff) -> dict[str, int]:
    """How many facts each service has stated, whether or not anybody counts them."""
    found = {}
    for service in ("directory", "booking", "matching", "notify", "kpi"):
        answer = await staff.client.get(f"/{service}/metrics")
        lines = [line for line in answer.text.splitlines() if line.startswith("kompas_relay_sent_total")]
        found[service] = int(sum(float(line.rpartition(" ")[2]) for line in lines))
    return found


@pytest.mark.timeout(900)
async def test_whatever_is_killed_in_the_middle_the_numbers_are_those_of_an_undisturbed_year(
    system: System, staff: Staff, story: Story
) -> None:
    given_up = Demo(system)
    await given_up.reaches(staff, "directory/activities")
    given_up.process.kill()
    await given_up.ends()

    demo = Demo(system)
    await demo.reaches(staff, "booking/gatherings")
    system.kill_part("postgres")
    await demo.reaches(staff, "matching/opportunities")
    system.kill_part("kafka")
    await demo.reaches(staff, "kpi/observations")
    system.kill()
    await asyncio.to_thread(system.start)
    shown = await demo.ends()

    assert demo.process.returncode == 0, shown
    assert "waiting for it" in shown
    assert differences(list((await staff.goals(PLAN)).values()), expected_goals(story)) == {}


async def test_playing_the_year_twice_changes_nothing_the_second_time(
    system: System, staff: Staff, story: Story
) -> None:
    shown = await Demo(system).ends()
    values, stated = await staff.values(PLAN), await events(staff)

    again = await Demo(system).ends()

    assert differences(list((await staff.goals(PLAN)).values()), expected_goals(story)) == {}
    assert await staff.values(PLAN) == values
    assert await events(staff) == stated
    assert "90,9" in shown
    assert "Other numbers" not in shown + again
