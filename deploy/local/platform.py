"""PostgreSQL and Kafka together: started side by side, watched, started again when they die, stopped in order."""

import asyncio
import os
from collections.abc import Awaitable, Callable

from deploy.local import ports
from deploy.local.home import Home
from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres

POSTGRES_PORT, KAFKA_PORT = 54329, 9092
LOOK_EVERY_SECONDS = 1.0
LONGEST_BACK_OFF_SECONDS = 30.0


class Platform:
    """The servers of one home folder; a server that the environment says is elsewhere is none of ours."""

    def __init__(
        self, home: Home, *, postgres: Postgres | None, kafka: Kafka | None, say: Callable[[str], None]
    ) -> None:
        self.home = home
        self._database_url = os.environ.get("KOMPAS_DATABASE_URL", "")
        self._bootstrap_servers = os.environ.get("KOMPAS_KAFKA_BOOTSTRAP_SERVERS", "")
        self._postgres = postgres
        self._kafka = kafka
        self._say = say

    @classmethod
    def of_environment(cls, home: Home, say: Callable[[str], None]) -> "Platform":
        kafka_port = ports.from_environment("KOMPAS_KAFKA_PORT", KAFKA_PORT)
        controller_port = ports.from_environment("KOMPAS_KAFKA_CONTROLLER_PORT", kafka_port + 1)
        postgres_port = ports.from_environment("KOMPAS_POSTGRES_PORT", POSTGRES_PORT)
        return cls(
            home,
            postgres=None if os.environ.get("KOMPAS_DATABASE_URL") else Postgres(home, postgres_port, say),
            kafka=None
            if os.environ.get("KOMPAS_KAFKA_BOOTSTRAP_SERVERS")
            else Kafka(home, kafka_port, controller_port, say),
            say=say,
        )

    @property
    def admin_url(self) -> str:
        """A PostgreSQL administrator's address."""
        return self._postgres.admin_url if self._postgres else self._database_url

    @property
    def bootstrap_servers(self) -> str:
        return self._kafka.bootstrap_servers if self._kafka else self._bootstrap_servers

    @property
    def _servers(self) -> list[Postgres | Kafka]:
        return [server for server in (self._postgres, self._kafka) if server]

    async def start(self, with_postgres: Callable[[], Awaitable[None]] | None = None) -> None:
        """Both at once; `with_postgres` is done as soon as that is up, while Kafka's JVM is still warming."""
        self.home.prepare()
        steps = [self._start_postgres(with_postgres), *([self._kafka.start()] if self._kafka else [])]
        outcomes = await asyncio.gather(*steps, return_exceptions=True)
        if failures := [outcome for outcome in outcomes if isinstance(outcome, BaseException)]:
            await self.stop()
            raise failures[0]

    async def _start_postgres(self, then: Callable[[], Awaitable[None]] | None) -> None:
        if self._postgres:
            await self._postgres.start()
        if then:
            await then()

    async def stop(self) -> None:
        """Kafka first: it holds nothing that is not in PostgreSQL or on its own disk."""
        for server in reversed(self._servers):
            await server.stop()

    async def supervise(self) -> None:
        """For ever: start again what dies, waiting longer each time it does not stay up."""
        await asyncio.gather(*(self._keep(server) for server in self._servers), asyncio.Event().wait())

    async def _keep(self, server: Postgres | Kafka) -> None:
        back_off = LOOK_EVERY_SECONDS
        while True:
            await asyncio.sleep(back_off)
            if server.is_running():
                back_off = LOOK_EVERY_SECONDS
                continue
            self._say(f"{server.name} has ended, starting it again")
            try:
                await server.start()
                self._say(f"{server.name} is back")
            except Exception as error:  # Whatever it is, the next attempt may find it gone.
                self._say(f"{server.name} does not start yet: {error}")
            back_off = min(back_off * 2, LONGEST_BACK_OFF_SECONDS)
