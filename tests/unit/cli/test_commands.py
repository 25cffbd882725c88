"""What somebody sees who types `kompas …`: help with examples, and one sentence when something is wrong."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from kompas.errors import Stop
from kompas.main import app
from shared.signing import ensure_signing_key

COMMANDS = (
    "up", "api", "worker", "migrate", "demo", "goals", "import", "token",
    "plan adopt", "plan show", "plan diff", "plan put",
    "events tail", "events republish",
    "dead-letters list", "dead-letters show", "dead-letters redrive", "dead-letters discard",
)  # fmt: skip
GOAL = {"id": "A.1", "statement": "Bookede samtaler: 100", "value": 102, "target": 100, "result": "reached"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("KOMPAS_DATABASE_URL", "KOMPAS_KAFKA_BOOTSTRAP_SERVERS", "KOMPAS_TOKEN", "KOMPAS_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KOMPAS_HOME", str(tmp_path))
    monkeypatch.setenv("KOMPAS_PUBLIC_URL", "http://127.0.0.1:9")  # Nobody lives at the discard port.
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    class Doors(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {"/kpi/odense/plans": [{"id": "odense-2023"}], "/kpi/odense/plans/odense-2023/goals": [GOAL]}
            self.send_response(200 if self.path in known else 404)
            self.end_headers()
            self.wfile.write(json.dumps({"items": known.get(self.path, [])}).encode())

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Doors)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("KOMPAS_PUBLIC_URL", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    server.server_close()


def run(*arguments: str, code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    out, _ = run(*command.split(), "--help")

    assert "Example: " in out


def test_kompas_alone_lists_every_command() -> None:
    out, _ = run("--help")

    assert {command.split()[0] for command in COMMANDS} <= set(out.split())


def test_a_mistyped_service_is_answered_with_the_nearest_one() -> None:
    _, err = run("api", "bokking", code=2)

    assert "Did you mean booking?" in err


def test_a_token_is_the_only_thing_on_stdout(home: Path) -> None:
    ensure_signing_key(home / "keys")

    out, err = run("token", "--tenant", "odense", "--role", "staff")

    assert out.strip().count(".") == 2
    assert not err


def test_without_a_key_the_remedy_is_told() -> None:
    out, err = run("token", code=1)

    assert not out
    assert "make run" in err


def test_an_associations_token_needs_its_id(home: Path) -> None:
    ensure_signing_key(home / "keys")

    _, err = run("token", "--role", "association", code=2)

    assert "--organisation-id" in err


@pytest.mark.parametrize(
    "command", ["goals", "demo", "events tail", "events republish", "dead-letters list", "plan adopt odense-2023"]
)
def test_where_nothing_runs_a_command_says_so_and_how_to_start(command: str) -> None:
    _, err = run(*command.split(), code=1)

    assert "make run" in err
    assert len(err.strip().splitlines()) == 1


def test_the_goals_are_shown(system: None) -> None:
    out, _ = run("goals", "--plan", "odense-2023")

    assert "A.1" in out
    assert "102" in out
    assert "nået" in out


def test_an_unknown_plan_is_answered_with_those_there_are(system: None) -> None:
    _, err = run("goals", "--plan", "odense-1999", code=1)

    assert "There is odense-2023." in err


def test_a_plan_that_does_not_come_with_kompas_is_answered_with_those_that_do() -> None:
    _, err = run("plan", "adopt", "aarhus-2023", code=2)

    assert "odense-2023" in err


def test_contacts_are_never_shown() -> None:
    _, err = run("events", "tail", "--topic", "contacts", code=2)

    assert "not shown" in err


def test_the_environment_of_one_service_must_be_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPAS_DATABASE_URL", "postgresql://kompas_kpi@127.0.0.1:9/kompas_kpi")
    monkeypatch.setenv("KOMPAS_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")

    _, err = run("dead-letters", "list", code=2)

    assert "--service" in err


@pytest.mark.parametrize("half", ["api", "worker", "migrate"])
def test_half_a_service_needs_its_database_named(half: str) -> None:
    _, err = run(half, "booking", code=2)

    assert "KOMPAS_DATABASE_URL is not set" in err


@pytest.mark.parametrize(("half", "option"), [("api", "--port"), ("worker", "--health-port")])
def test_a_port_that_is_taken_is_told_before_anything_starts(
    half: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPAS_DATABASE_URL", "postgresql://kompas_booking@127.0.0.1:9/kompas_booking")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _, err = run(half, "booking", "--host", "127.0.0.1", option, str(taken.getsockname()[1]), code=1)

    assert f"Choose another with {option}" in err


def test_a_traceback_is_shown_to_whoever_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPAS_DEBUG", "1")

    result = CliRunner().invoke(app, ["token"])

    assert isinstance(result.exception, Stop)
