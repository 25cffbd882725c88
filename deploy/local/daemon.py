"""A server process that outlives a crash of ours: started, found again, adopted or stopped."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from deploy.local.home import open_log


class Daemon:
    """One server, recognised by `mark`, an argument of its command line that names its own data folder.

    No pid file: one can be stale, and its number may by now belong to a stranger. The command line cannot lie.
    """

    def __init__(self, mark: str, log: Path) -> None:
        self.mark = mark
        self.log = log
        self._child: subprocess.Popen[bytes] | None = None
        self._adopted: psutil.Process | None = None

    def find(self) -> psutil.Process | None:
        """The running server, whoever started it."""
        found = [process for process in psutil.process_iter(["pid", "cmdline"]) if self._is_ours(process)]
        pids = {process.pid for process in found}
        # A server that has just forked shares its command line with the child for a moment; the parent is the server.
        return next((process for process in found if process.ppid() not in pids), None)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return self.mark in (process.info["cmdline"] or ()) and _alive(process)
        except psutil.Error:
            return False

    def spawn(
        self,
        command: Sequence[str],
        *,
        folder: Path = Path("/"),
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us only and we stop it when its turn comes."""
        if self._child is not None:
            self._child.poll()  # The one before this, which died: take its exit code.
        with open_log(self.log) as output:
            self._child = subprocess.Popen(  # noqa: S603 - the command is ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                start_new_session=True,
                user=user,
                extra_groups=[] if user else None,
                env=environment,
            )

    def is_running(self) -> bool:
        if self._child is not None and self._child.poll() is None:
            return True
        if self._adopted is None or not _alive(self._adopted):
            self._adopted = self.find()
        return self._adopted is not None

    async def stop(self, sign: signal.Signals, *, patience: float) -> None:
        """Ask it to end, and end it if it does not. Returns when it is gone."""
        process = self.find()
        if process is not None:
            process.send_signal(sign)
            if not await self._gone(process, patience):
                process.kill()
                await self._gone(process, patience)
        if self._child is not None:
            self._child.poll()
            self._child = None

    async def _gone(self, process: psutil.Process, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self._child is not None:
                self._child.poll()  # Takes the exit code, without which a dead child of ours stays in the table.
            if not _alive(process):
                return True
            await asyncio.sleep(0.05)
        return False

    def last_words(self, lines: int = 5) -> str:
        """The end of its log, for the message that says it did not start."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 4000))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def _alive(process: psutil.Process) -> bool:
    """A zombie is dead, unless it is a JVM whose first thread ended before the others did."""
    try:
        return bool(process.is_running() and (process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1))
    except psutil.NoSuchProcess:  # Of which the error for a zombie is a kind.
        return False
