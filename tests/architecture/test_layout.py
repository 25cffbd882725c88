"""The shape that a newcomer can rely on: the same rooms everywhere, and nobody but the door commits."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("directory", "booking", "matching", "notify", "kpi")
FOLDERS = ("shared", "services", "kompas", "deploy")
SOURCES = {
    file.relative_to(ROOT).as_posix(): file.read_text()
    for name in FOLDERS
    for file in sorted((ROOT / name).rglob("*.py"))
}
ROOMLESS = re.compile(r"(utils?|helpers?|manager|misc|common|service)\.py$")


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_the_rooms_that_every_service_has(service: str) -> None:
    folder = ROOT / "services" / service

    for room in ("README.md", "main.py", "worker.py", "migrations/env.py"):
        assert (folder / room).exists(), f"{service} has no {room}"
    for room in ("api.py", "usecases.py", "models.py", "repository.py", "schemas.py"):
        assert list(folder.rglob(room)), f"{service} has no {room} in any of its nouns"


def test_no_file_is_named_after_nothing() -> None:
    assert [file for file in SOURCES if ROOMLESS.search(file)] == []


def test_only_the_door_to_the_database_commits() -> None:
    committing = {file for file, code in SOURCES.items() if ".commit(" in code}

    # Of the two, what batches commit is an offset in Kafka, which nothing depends on.
    assert committing <= {"shared/database.py", "shared/messaging/batches.py"}


def test_every_module_says_what_it_is_responsible_for() -> None:
    silent = [
        file
        for file, code in SOURCES.items()
        if code.strip() and not code.startswith('"""') and not file.endswith("migrations/env.py")
    ]

    assert silent == []


def test_the_broker_is_built_and_the_engine_is_made_in_one_place() -> None:
    brokers = {file for file, code in SOURCES.items() if re.search(r"\bKafkaBroker\(", code)}
    assert brokers == {"shared/messaging/broker.py"}

    engines = {file for file, code in SOURCES.items() if "create_async_engine(" in code}
    assert engines <= {"shared/database.py", "shared/migrations.py"}


def test_no_file_is_so_long_that_it_needs_a_table_of_contents() -> None:
    assert {file: n for file, code in SOURCES.items() if (n := len(code.splitlines())) > 260} == {}


def test_each_decision_says_when_to_look_at_it_again() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))

    assert decisions
    for decision in decisions:
        assert "Revisit when" in decision.read_text(), decision.name
        assert len(decision.read_text().splitlines()) <= 60, decision.name


def test_every_noun_stands_under_the_contract_of_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [layers] = [contract for contract in contracts if contract["type"] == "layers"]
    nouns = {file.parent for room in ("api", "usecases") for file in (ROOT / "services").glob(f"*/*/{room}.py")}

    assert set(layers["containers"]) == {".".join(noun.relative_to(ROOT).parts) for noun in nouns}
