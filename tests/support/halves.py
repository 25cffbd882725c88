"""All tests in two runs side by side, so that one computes while the other waits: `python -m tests.support.halves`.

Each run has a PostgreSQL, a Kafka and ports of its own. Which test runs where, and after which, never changes.
"""

import os
import subprocess
import sys
from threading import Thread

from deploy.local.errors import PlatformError
from deploy.local.java import find_java
from deploy.local.kafka_jars import find_jars
from tests.support.platform import PORTS

# Of about equal length: what waits for Kafka and for whole systems, and everything that is tried in parts.
HALVES = {
    "whole": ["tests/messaging", "tests/e2e"],
    "parts": ["tests", "--ignore=tests/messaging", "--ignore=tests/e2e"],
}
Half = subprocess.Popen[str]


def main() -> int:
    """Both, to their ends, each line with the half that says it; 0 when all tests passed."""
    try:
        find_jars(find_java(print), print)  # Two that fetch at once would do it twice.
    except PlatformError as error:
        print(error, file=sys.stderr)
        return 1
    halves = {name: _start(number) for number, name in enumerate(HALVES)}
    told = [Thread(target=_tell, args=half, daemon=True) for half in halves.items()]
    for each in told:
        each.start()
    try:
        codes = {name: half.wait() for name, half in halves.items()}
    except KeyboardInterrupt:  # Which both were told as well; they stop their servers.
        codes = {name: half.wait() or 130 for name, half in halves.items()}
    for each in told:
        each.join(timeout=10)  # The end of its output, unless a process that outlived its test keeps that open.
    for name, code in codes.items():
        print(f"{name}: {'passed' if code == 0 else f'FAILED, see the lines above that begin with `{name}`'}")
    return max(map(abs, codes.values()))


def _start(number: int) -> Half:
    # Unbuffered, so that what a run said before it was killed is seen.
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "pytest", *list(HALVES.values())[number]],
        env={**os.environ, PORTS: f"{number}/{len(HALVES)}"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    )  # fmt: skip


def _tell(name: str, half: Half) -> None:
    assert half.stdout
    with half.stdout as said:
        for line in said:
            print(f"{name} | {line}", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
