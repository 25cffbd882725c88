"""Apache Kafka as one KRaft node, broker and controller in one JVM, on loopback, with its data in `.kompas/kafka`."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local import ports
from deploy.local.daemon import Daemon
from deploy.local.errors import PlatformError
from deploy.local.home import Home
from deploy.local.java import find_java
from deploy.local.kafka_jars import find_jars

LOGGING = Path(__file__).parent / "log4j2.properties"
PATIENCE_SECONDS = 90
# One user on one machine: starting in half the processor time is worth more than the last half of the throughput.
QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
JVM = ["-Xms128m", "-Xmx512m", *QUICK, "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true"]
A_YEAR_IN_MINUTES = 365 * 24 * 60


class Kafka:
    """`start` leaves a broker that answers; it formats, recovers, adopts or restarts whatever that takes."""

    name = "Kafka"

    def __init__(
        self, home: Home, port: int, controller_port: int, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self.port = port
        self.controller_port = controller_port
        self._home = home
        self._data = home.root / "kafka"
        self._settings = home.root / "kafka.properties"
        self._say = say
        self._mark = f"-Dkompas.kafka={self._data}"
        self._daemon = Daemon(mark=self._mark, log=home.logs / "kafka.log")

    @property
    def bootstrap_servers(self) -> str:
        return f"{ports.LOOPBACK}:{self.port}"

    async def start(self) -> None:
        java = await asyncio.to_thread(find_java, self._say)
        jars = await asyncio.to_thread(find_jars, java, self._say)
        command = self._command(java, jars, "kafka.Kafka", self._settings.name)
        settings = self._properties(self._data)
        running = self._daemon.find()
        if running is not None:
            unchanged = running.cmdline() == command and _read(self._settings) == settings
            if unchanged and await self._answers(within=PATIENCE_SECONDS):
                return
            self._say("stopping a Kafka that an earlier run left behind")
            await self.stop()
        if not self._data.exists():
            self._say("formatting Kafka's storage")
            await asyncio.to_thread(self._format, java, jars)
        await ports.require_free(self.port, what="Kafka", variable="KOMPAS_KAFKA_PORT")
        await ports.require_free(
            self.controller_port, what="Kafka's controller", variable="KOMPAS_KAFKA_CONTROLLER_PORT"
        )
        self._settings.write_text(settings)
        self._daemon.spawn(command, folder=self._data.parent, environment=_environment())
        if not await self._answers(within=PATIENCE_SECONDS):
            await self.stop()
            raise PlatformError(f"Kafka does not start; the end of {self._daemon.log}:\n{self._daemon.last_words()}")

    async def stop(self) -> None:
        await self._daemon.stop(signal.SIGTERM, patience=30)

    def is_running(self) -> bool:
        return self._daemon.is_running()

    def _command(self, java: Path, jars: Path, *main: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={LOGGING}"
        return [str(java), *JVM, logging, self._mark, "-cp", f"{jars}{os.sep}*", *main]

    def _properties(self, data: Path) -> str:
        settings = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{ports.LOOPBACK}:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{self.bootstrap_servers},CONTROLLER://{ports.LOOPBACK}:{self.controller_port}",
            "log.dirs": data.name,  # Seen from the home folder, whose own path may hold a comma or a letter like æ.
            "auto.create.topics.enable": "false",
            "default.replication.factor": 1,
            "min.insync.replicas": 1,
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 5,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 5,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            # A centre that closes for the summer must not find its counters' places in the log forgotten.
            "offsets.retention.minutes": A_YEAR_IN_MINUTES,
            # There are no other members to wait for: a consumer gets its partitions at once.
            "group.initial.rebalance.delay.ms": 0,
            # After a kill the controller waits this long for the dead broker before it accepts the new one.
            "broker.session.timeout.ms": 4_000,
            "broker.heartbeat.interval.ms": 1_000,
            "message.max.bytes": 1048588,
            "num.network.threads": 2,
            "num.io.threads": 4,
            "log.cleaner.dedupe.buffer.size": 8_000_000,
            "socket.request.max.bytes": 33_554_432,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    def _format(self, java: Path, jars: Path) -> None:
        """Format beside the place and move it there, so that a crash in between leaves nothing half made."""
        new = self._home.draft_of(self._data)
        description = self._settings.with_name("kafka.new.properties")
        description.write_text(self._properties(new))
        tool = self._command(java, jars, "kafka.tools.StorageTool")
        outcome = subprocess.run(  # noqa: S603 - the command is ours
            [*tool, "format", "--cluster-id", uuid4().hex[:22], "--config", description.name],
            cwd=new.parent,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if outcome.returncode:
            raise PlatformError(f"Kafka's storage could not be formatted: {(outcome.stderr or outcome.stdout).strip()}")
        description.unlink()
        os.sync()
        new.rename(self._data)

    async def _answers(self, within: float) -> bool:
        """Whether it serves clients before the time is up or it ends."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and self._daemon.is_running():
            if await self._listens() and await self._serves():
                return True
            await asyncio.sleep(0.1)
        return False

    async def _listens(self) -> bool:
        """A cheap look first: a client that finds nobody complains in the log."""
        try:
            _, writer = await asyncio.open_connection(ports.LOOPBACK, self.port)
        except OSError:
            return False
        writer.close()
        return True

    async def _serves(self) -> bool:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap_servers, request_timeout_ms=5_000)
        try:
            await admin.start()
            return bool((await admin.describe_cluster())["brokers"])
        except (KafkaError, OSError, TimeoutError):
            return False
        finally:
            await admin.close()


def _environment() -> dict[str, str]:
    """Without a UTF-8 locale the JVM cannot name a file in a folder called `Fælles`."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
