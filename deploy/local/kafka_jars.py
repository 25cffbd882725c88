"""Kafka's jars: those of `KAFKA_HOME`, else a cache outside the tree that Maven fills once."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import PlatformError

POM = Path(__file__).parent.parent / "kafka" / "pom.xml"
HASHES = POM.with_name("jars.sha256")
FETCHED = re.compile(r"Downloaded from \S+: \S*/([^/\s]+\.jar) \(([\d.]+ [kMG]?B)")


def find_jars(java: Path, say: Callable[[str], None]) -> Path:
    """The folder whose `*.jar` are the broker."""
    if home := os.environ.get("KAFKA_HOME"):
        libs = Path(home) / "libs"
        if not any(libs.glob("kafka_*.jar")):
            raise PlatformError(f"KAFKA_HOME is {home}, but there is no Kafka in its folder libs: unset or correct it.")
        return libs
    hashes = {name: digest for digest, name in map(str.split, HASHES.read_text().splitlines())}
    # Named after what is in it: another list is another folder, and the old one still serves an older clone.
    edition = hashlib.sha256(HASHES.read_bytes()).hexdigest()[:8]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kompas" / f"kafka-{version()}-{edition}"
    if not cache.exists():
        _fetch(cache, hashes, java, say)
    return cache


def version() -> str:
    return re.search(r"<kafka.version>(.*)</kafka.version>", POM.read_text())[1]  # type: ignore[index]


def _fetch(cache: Path, hashes: dict[str, str], java: Path, say: Callable[[str], None]) -> None:
    """Fill the folder beside its place, check it, move it there: it is whole or absent, whoever else does the same."""
    maven = shutil.which("mvn")
    if maven is None:
        raise PlatformError(
            "Apache Kafka is fetched with Maven, which is not installed: install the package `maven`, "
            "or set KAFKA_HOME to an unpacked Kafka, or KOMPAS_KAFKA_BOOTSTRAP_SERVERS to a running one."
        )
    cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache.parent, prefix=".fetching-") as folder:
        jars = Path(folder) / "jars"
        _run_maven(
            [maven, "--batch-mode", "-Dstyle.color=never", f"--file={POM}", f"-DoutputDirectory={jars}"],
            hashes,
            java,
            say,
        )
        for name, digest in hashes.items():
            if not (jars / name).exists() or hashlib.sha256((jars / name).read_bytes()).hexdigest() != digest:
                raise PlatformError(f"{name} is not the file that deploy/kafka/jars.sha256 names: fetch it again.")
        try:
            jars.rename(cache)
        except OSError:
            if not cache.exists():  # If it does, another start was quicker.
                raise


def _run_maven(command: list[str], wanted: dict[str, str], java: Path, say: Callable[[str], None]) -> None:
    say(f"fetching Apache Kafka {version()} from Maven Central ({len(wanted)} files, 45 MB)")
    fetched, complaint = 0, ""
    with subprocess.Popen(  # noqa: S603 - the command is ours
        [*command, "dependency:copy-dependencies", "-DincludeScope=runtime"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "JAVA_HOME": os.environ.get("JAVA_HOME") or str(java.resolve().parent.parent)},
    ) as process:
        for line in process.stdout or ():
            if (match := FETCHED.search(line)) and match[1] in wanted:
                fetched += 1
                say(f"fetched {match[1]} ({match[2]}), {fetched} of {len(wanted)}")
            if "[ERROR]" in line and not complaint:
                complaint = line.removeprefix("[ERROR] ").strip()
    if process.returncode:
        raise PlatformError(
            f"Maven could not fetch Apache Kafka ({complaint}): see to the network and start again, "
            "or set KAFKA_HOME to an unpacked Kafka, or KOMPAS_KAFKA_BOOTSTRAP_SERVERS to a running one."
        )
