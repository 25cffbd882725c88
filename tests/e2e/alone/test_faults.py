"""Nothing lost, nothing twice: kill -9 of everything, in turn and together, under a load of 2,000 commands."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from tests.e2e.load import Answers, Command, seeded
from tests.support.short_folder import short_folder
from tests.support.system import Staff, System, running, settled

PLAN = "odense-2023"
COMMANDS = 2_000
CLIENTS = 8
PATIENCE_SECONDS = 90


class Clerk:
    """Sends each command until it is answered, always with the same key, as good software at a shaky line does."""

    def __init__(self, system: System, client: httpx2.AsyncClient) -> None:
        self.system, self.client = system, client
        self.bearer = system.bearer()
        self.answers: Answers = {}
        self.done = 0

    async def send(self, command: Command) -> None:
        service, _, rest = command.path(self.answers).partition("/")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = await self.client.post(
                    f"/{service}/odense/{rest}",
                    json=command.body(self.answers),
                    headers={**self.bearer, "idempotency-key": command.key},
                )
            except httpx2.HTTPError:
                answer = None
            if answer is not None and answer.status_code not in (500, 502, 503):
                assert answer.status_code == command.status, f"{command.key}: {answer.status_code} {answer.text}"
                self.answers[command.key] = answer.json()
                self.done += 1
                return
            assert time.monotonic() < deadline, f"{command.key} was never answered"
            await asyncio.sleep(0.2)


async def play(clerk: Clerk, chains: list[list[Command]]) -> None:
    waiting = iter(chains)

    async def work() -> None:
        for chain in waiting:
            for command in chain:
                await clerk.send(command)

    await asyncio.gather(*(work() for _ in range(CLIENTS)))


async def disturb(clerk: Clerk, at: dict[int, Callable[[], Awaitable[None]]]) -> None:
    """Do each disturbance once so many commands are done."""
    for count, disturbance in sorted(at.items()):
        while clerk.done < count:
            await asyncio.sleep(0.05)
        await disturbance()


@pytest.mark.timeout(900)
async def test_every_counter_is_right_after_everything_was_killed() -> None:
    load = seeded(seed=2023, commands=COMMANDS)

    with short_folder("kompas-faults-") as home, running(home) as system:
        async with system.client() as client:
            clerk = Clerk(system, client)

            async def kill(part: str) -> None:
                system.kill_part(part)

            async def kill_services() -> None:
                system.kill()
                await asyncio.to_thread(system.start)

            async def kill_all() -> None:
                system.kill()
                system.kill_part("postgres")
                system.kill_part("kafka")
                await asyncio.to_thread(system.start)

            for command in load.setup:
                await clerk.send(command)
            await asyncio.gather(
                play(clerk, load.chains),
                disturb(
                    clerk,
                    {
                        300: lambda: kill("kafka"),
                        700: lambda: kill("postgres"),
                        1_100: kill_services,
                        1_600: kill_all,
                    },
                ),
            )

            assert clerk.done >= COMMANDS
            staff = Staff(client, system.bearer())
            await settled(staff, PLAN, {goal: float(value) for goal, value in load.expected.items()})
            dead = (await client.get("/kpi/metrics")).text
            assert 'kompas_dead_letters{consumer="kpi",service="kpi"} 0.0' in dead or "kompas_dead_letters{" not in dead
