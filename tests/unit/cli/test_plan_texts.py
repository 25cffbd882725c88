"""A plan as a file at the command line: shown, compared and put in, against a door that answers like KPI's."""

import json
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from kompas.main import app

PLAN = "plan: town # the town's\nyear: 2023\n"
ADDED: dict[str, object] = {"goal": "1.2", "kind": "added", "fields": [], "value": None, "would_be": 41}
CHANGED: dict[str, object] = {
    "goal": "1.1",
    "kind": "changed",
    "fields": [{"field": "target", "before": 10, "after": 11000}, {"field": "measure", "before": {}, "after": {}}],
    "value": 3,
    "would_be": 3,
}
DIFFERENCE = {
    "plan": "town-2023", "version": 2, "adopted": False, "wants_reason": True, "values_known": True,
    "unchanged": 4, "changes": [ADDED, CHANGED],
}  # fmt: skip
REFUSED = {"title": "The plan cannot be used", "errors": [{"field": "line 7", "message": "goals.1.1: is missing"}]}


class Door:
    """What was asked, and what is answered next."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.sent = b""
        self.status: int = 200
        self.answer: Mapping[str, object] = DIFFERENCE


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    door = Door()

    class Doors(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {"town-2023": {"version": 2}, "town-2023/versions/2": {"yaml": PLAN}}
            found = known.get(self.path.removeprefix("/kpi/odense/plans/"))
            self._say(200 if found else 404, found or {})

        def do_PUT(self) -> None:
            door.asked.append(self.path)
            door.sent = self.rfile.read(int(self.headers["content-length"]))
            assert self.headers["authorization"] == "Bearer a-token"
            self._say(door.status, door.answer)

        def _say(self, status: int, body: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Doors)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("KOMPAS_HOME", str(tmp_path))
    monkeypatch.setenv("KOMPAS_TOKEN", "a-token")
    monkeypatch.setenv("KOMPAS_PUBLIC_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("COLUMNS", "200")
    yield door
    server.shutdown()
    server.server_close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return path


def run(*arguments: object, code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, ["plan", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


def test_what_is_shown_can_be_sent_back_as_it_is(door: Door) -> None:
    assert run("show", "town-2023")[0] == PLAN
    assert run("show", "town-2023", "--version", 2)[0] == PLAN


def test_a_plan_that_is_not_there_is_said_to_be_missing(door: Door) -> None:
    assert "no plan called town-1999" in run("show", "town-1999", code=1)[1]


def test_a_difference_is_a_table_and_adopts_nothing(door: Door, file: Path) -> None:
    out, _ = run("diff", file)

    assert door.asked == ["/kpi/odense/plans/town-2023?dry_run=true"]
    assert door.sent == PLAN.encode()
    assert [line.split()[:4] for line in out.splitlines() if "1." in line[:8]] == [
        ["+", "1.2", "–", "41"],
        ["≠", "1.1", "3", "3"],
    ]
    assert "target: 10 → 11000, measure" in out
    assert "4 uændrede mål" in out
    assert "--reason" in out


def test_values_that_could_not_be_counted_are_no_numbers(door: Door, file: Path) -> None:
    door.answer = DIFFERENCE | {"values_known": False}

    assert "?" in run("diff", file)[0]


def test_a_plan_is_put_in_with_its_reason(door: Door, file: Path) -> None:
    door.answer = DIFFERENCE | {"adopted": True, "wants_reason": False}

    out, _ = run("put", file, "--reason", "Ny aftale")

    assert door.asked == ["/kpi/odense/plans/town-2023?reason=Ny+aftale"]
    assert "version 2 of town-2023" in out


def test_mistakes_are_told_as_file_and_line(door: Door, file: Path) -> None:
    door.status, door.answer = 422, REFUSED

    _, err = run("put", file, code=1)

    assert f"{file}:7: goals.1.1: is missing" in err.replace("\n", "")


def test_a_file_that_is_no_plan_is_not_sent(door: Door, file: Path) -> None:
    file.write_text("goals: []\n")

    assert "which plan it is" in run("diff", file, code=2)[1]
    assert door.asked == []
