"""A PostgreSQL and a Kafka for one test run, or for many in turn: `python -m tests.support.platform`."""

import asyncio
import fcntl
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local import ports
from deploy.local.home import Home, write_private
from deploy.local.kafka import Kafka
from deploy.local.platform import Platform
from deploy.local.postgres import Postgres

PREFIX = "kompas-test-"
REUSE = "KOMPAS_TEST_PLATFORM"
# `0/2`: this is the first of two runs side by side, and every second port is its own.
PORTS = "KOMPAS_TEST_PORTS"


def local_platform(root: Path) -> Platform:
    """A platform of its own, on ports that nobody uses, in a folder that is thrown away afterwards."""
    home = Home(root)
    postgres_port, kafka_port, controller_port = ports.free_ports(3)
    return Platform(
        home, postgres=Postgres(home, postgres_port), kafka=Kafka(home, kafka_port, controller_port), say=print
    )


@asynccontextmanager
async def temporary_home() -> AsyncIterator[Path]:
    """A folder with a short path. What an earlier run that was killed left behind, servers too, is cleared first."""
    for left in _leftovers():
        await _clear_if_abandoned(left)
    draft = Path(tempfile.mkdtemp(prefix=f".{PREFIX}"))
    with (draft / "owner").open("w") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)  # Held until we end, however we end.
        root = _shown(draft)
        try:
            yield root
        finally:
            shutil.rmtree(root, ignore_errors=True)


def _shown(draft: Path) -> Path:
    """Under a name that others look for, now that it has an owner: a run that begins beside ours must not clear it."""
    return draft.rename(draft.with_name(draft.name.removeprefix(".")))


def _leftovers() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))


async def _clear_if_abandoned(root: Path) -> None:
    try:
        with (root / "owner").open("r") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            await local_platform(root).stop()
            shutil.rmtree(root, ignore_errors=True)
    except OSError:
        return  # Somebody uses it, or clears it just now.


async def main() -> None:
    """Run one until Ctrl-C, and print the line that lets test runs reuse it."""
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with temporary_home() as root:
        platform = local_platform(root)
        await platform.start()
        description = root / "platform.json"
        write_private(
            description,
            {"admin_url": platform.admin_url, "kafka_bootstrap_servers": platform.bootstrap_servers},
        )
        print(f"export {REUSE}={description}")
        sys.stdout.flush()
        supervisor = asyncio.create_task(platform.supervise())
        await stop.wait()
        supervisor.cancel()
        await platform.stop()


def reused() -> dict[str, str] | None:
    """The description of the running platform that the environment names."""
    path = os.environ.get(REUSE)
    return json.loads(Path(path).read_text()) if path else None


if __name__ == "__main__":
    asyncio.run(main())
