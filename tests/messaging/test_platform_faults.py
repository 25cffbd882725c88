"""The local platform survives kill -9 of any part, finds orphans again, and says in one sentence what is in its way."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from deploy.kafka.topics import create_topics
from deploy.local import java, kafka_jars, unprivileged
from deploy.local.errors import PlatformError
from deploy.local.home import Home
from deploy.local.kafka import Kafka
from deploy.local.platform import Platform
from deploy.local.ports import free_ports
from deploy.local.postgres import Postgres
from tests.support.platform import local_platform, temporary_home
from tests.support.waiting import eventually

# A Maven that delivers something else than it was asked for.
FORGER = """#!/bin/sh
for argument; do case $argument in -DoutputDirectory=*) folder=${argument#*=};; esac; done
mkdir -p "$folder"
echo "Downloaded from central: somewhere/kafka_2.13-4.4.0.jar (1.3 MB at 9 MB/s)"
for jar in $(cut -c67- HASHES); do echo forged > "$folder/$jar"; done
"""
FACTS = [f"fact {n}".encode() for n in range(50)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own() -> AsyncIterator[Platform]:
    """A platform that these tests may kill, whoever shares the other one."""
    async with temporary_home() as root:
        platform = local_platform(root)
        await platform.start()
        yield platform
        await platform.stop()


def part(platform: Platform, name: str) -> Postgres | Kafka:
    return next(server for server in platform._servers if server.name == name)


def pid(server: Postgres | Kafka) -> int:
    process = server._daemon.find()
    assert process
    return int(process.pid)


@contextmanager
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the account that PostgreSQL runs as."""
    with subprocess.Popen(["sleep", "60"], user=unprivileged.user()) as process:
        yield process
        process.kill()


async def test_a_killed_postgresql_starts_again_with_every_committed_row(own: Platform) -> None:
    async with await psycopg.AsyncConnection.connect(own.admin_url, autocommit=True) as connection:
        await connection.execute("create table kept (n int)")
        await connection.execute("insert into kept select generate_series(1, 1000)")
        os.kill(pid(part(own, "PostgreSQL")), signal.SIGKILL)

    await own.start()

    async with await psycopg.AsyncConnection.connect(own.admin_url) as connection:
        assert await (await connection.execute("select count(*) from kept")).fetchone() == (1000,)


async def test_a_running_platform_starts_again_what_is_killed_and_has_every_acknowledged_record(own: Platform) -> None:
    await create_topics(own.bootstrap_servers)
    producer = AIOKafkaProducer(bootstrap_servers=own.bootstrap_servers, acks="all")
    await producer.start()
    for fact in FACTS:
        await producer.send_and_wait("booking.events", fact, partition=0)
    supervisor = asyncio.create_task(own.supervise())
    before = [pid(server) for server in own._servers]
    for process in before:
        os.kill(process, signal.SIGKILL)
    await producer.stop()

    async def both_serve() -> bool:
        try:
            async with await psycopg.AsyncConnection.connect(own.admin_url, connect_timeout=2):
                await create_topics(own.bootstrap_servers)
        except (KafkaError, psycopg.OperationalError, OSError):
            return False
        return True

    await eventually(both_serve)
    supervisor.cancel()
    consumer = AIOKafkaConsumer("booking.events", bootstrap_servers=own.bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    assert [(await consumer.getone()).value for _ in FACTS] == FACTS
    await consumer.stop()
    assert not set(before) & {pid(server) for server in own._servers}


async def test_servers_that_outlived_their_starter_are_adopted(own: Platform) -> None:
    """A second platform object knows of the first one's processes only what a restarted program would know."""
    before = [pid(server) for server in own._servers]
    postgres, kafka = own._servers
    assert isinstance(kafka, Kafka)
    successor = Platform(
        own.home,
        postgres=Postgres(own.home, postgres.port),
        kafka=Kafka(own.home, kafka.port, kafka.controller_port),
        say=print,
    )

    await successor.start()

    assert [pid(server) for server in successor._servers] == before


async def test_an_orphan_with_other_settings_is_stopped_and_started_anew(own: Platform) -> None:
    old = part(own, "PostgreSQL")
    before, other_port = pid(old), free_ports(1)[0]
    moved = Postgres(own.home, other_port)

    await moved.start()

    assert pid(moved) != before
    async with await psycopg.AsyncConnection.connect(moved.admin_url) as connection:
        assert connection.info.port == other_port
    await moved.stop()
    await own.start()


async def test_a_stranger_with_the_number_of_a_dead_postgresql_does_not_prevent_the_start(own: Platform) -> None:
    postgres = part(own, "PostgreSQL")
    os.kill(pid(postgres), signal.SIGKILL)
    note = own.home.root / "postgres" / "postmaster.pid"
    with stranger() as other:
        lines = note.read_text().splitlines(keepends=True)
        note.write_text("".join([f"{other.pid}\n", *lines[1:]]))

        await own.start()

        assert other.poll() is None


async def test_servers_that_the_environment_names_are_used_and_none_are_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPAS_DATABASE_URL", "postgresql://boss@db.example/postgres")
    monkeypatch.setenv("KOMPAS_KAFKA_BOOTSTRAP_SERVERS", "kafka.example:9092")

    platform = Platform.of_environment(Home(tmp_path), print)
    await platform.start()
    await platform.stop()

    assert platform.admin_url == "postgresql://boss@db.example/postgres"
    assert platform.bootstrap_servers == "kafka.example:9092"
    assert sorted(os.listdir(tmp_path)) == ["logs", "mailbox"]


@pytest.mark.parametrize("nonsense", ["abc", "0", "70000", "-1", "9 092"])
def test_a_port_that_is_none_is_refused_by_name(nonsense: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KOMPAS_KAFKA_PORT", nonsense)

    with pytest.raises(PlatformError, match="KOMPAS_KAFKA_PORT must be a port number"):
        Platform.of_environment(Home(tmp_path), print)


async def test_a_port_in_use_is_named_with_the_variable_that_moves_it() -> None:
    async with temporary_home() as root:
        platform = local_platform(root)
        platform.home.prepare()
        postgres, kafka = platform._servers
        with socket.create_server(("127.0.0.1", postgres.port)), socket.create_server(("127.0.0.1", kafka.port)):
            with pytest.raises(PlatformError, match=rf"Port {postgres.port} .*KOMPAS_POSTGRES_PORT=") as one:
                await postgres.start()
            with pytest.raises(PlatformError, match=rf"Port {kafka.port} .*KOMPAS_KAFKA_PORT="):
                await kafka.start()
    assert "\n" not in str(one.value)


def test_a_second_start_in_the_same_folder_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from deploy.local.home import Home; home = Home(Path(sys.argv[1]));"
        "home.prepare(); home.claim(); print('claimed', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as first:
        assert first.stdout
        assert first.stdout.readline() == b"claimed\n"

        second = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        first.kill()
        first.wait()
        third = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    assert "Kompas already runs from" in second.stderr
    assert third.stdout == "claimed\n"


def test_without_maven_the_three_remedies_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("KAFKA_HOME", raising=False)

    with pytest.raises(PlatformError, match=r"package `maven`.*KAFKA_HOME.*KOMPAS_KAFKA_BOOTSTRAP_SERVERS"):
        kafka_jars.find_jars(Path("java"), print)


def test_a_jar_that_is_not_the_pinned_one_is_refused_and_leaves_no_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven = tmp_path / "mvn"
    maven.write_text(FORGER.replace("HASHES", str(kafka_jars.HASHES)))
    maven.chmod(0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.delenv("KAFKA_HOME", raising=False)
    said: list[str] = []

    with pytest.raises(PlatformError, match=r"is not the file that deploy/kafka/jars.sha256 names"):
        kafka_jars.find_jars(Path("java"), said.append)

    assert said[-1] == "fetched kafka_2.13-4.4.0.jar (1.3 MB), 1 of 44"
    assert list((tmp_path / "cache" / "kompas").iterdir()) == []


def test_a_kafka_home_without_kafka_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_HOME", str(tmp_path))

    with pytest.raises(PlatformError, match=re.escape(str(tmp_path))):
        kafka_jars.find_jars(Path("java"), print)


@pytest.mark.parametrize(
    ("says", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "25" 2025-09-16', 25),
        ('java version "1.8.0_402"', 1),
        ("The operation couldn’t be completed. Unable to locate a Java Runtime.", None),
    ],
)
def test_the_version_of_a_java_is_read_from_what_it_says(says: str, version: int | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "java"
        program.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{says}\nEND\n")
        program.chmod(0o755)

        assert java._version(program) == version
