"""All tests in two runs side by side, so that one computes while the other waits: `python -m tests.support.halves`.

Each run has a PostgreSQL, a Kafka and ports of its own. Which test runs where, and after which, never changes.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from deploy.local.errors import PlatformError
from deploy.local.java import find_java
from deploy.local.kafka_jars import find_jars
from tests.support.platform import PORTS

# Of about equal length: the whole system as a user starts it, and everything that is tried in parts.
HALVES = {"whole": ["tests/e2e"], "parts": ["tests", "--ignore=tests/e2e"]}


def main() -> int:
    """Both, to their ends, each line with the half that says it; 0 when all tests passed."""
    try:
        find_jars(find_java(print), print)  # Two that fetch at once would do it twice.
    except PlatformError as error:
        print(error, file=sys.stderr)
        return 1
    started = [
        (name, _start(arguments, ports=f"{number}/{len(HALVES)}"))
        for number, (name, arguments) in enumerate(HALVES.items())
    ]
    try:
        with ThreadPoolExecutor(len(started)) as readers:
            codes = list(readers.map(lambda half: _told(*half), started))
    finally:
        for _, process in started:
            process.terminate()
    for (name, _), code in zip(started, codes, strict=True):
        print(f"{name}: {'passed' if code == 0 else f'FAILED, see the lines above that begin with `{name}`'}")
    return max(map(abs, codes))


def _start(arguments: list[str], ports: str) -> "subprocess.Popen[str]":
    # Unbuffered, so that what a run said before it was killed is seen.
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "pytest", *arguments],
        env={**os.environ, PORTS: ports}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    )  # fmt: skip


def _told(name: str, process: "subprocess.Popen[str]") -> int:
    for line in process.stdout or ():
        print(f"{name} | {line}", end="", flush=True)
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())
