"""A file at the command line: shown, adopted and reported, against a door that answers like the directory's."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from kompas.main import app

COUNTS = {"added": 2, "changed": 0, "unchanged": 1, "possible": 0, "wrong": 1, "skipped": 0}
MADE: dict[str, Any] = {
    "id": "7", "state": "previewed", "lines": 4, "done": 0, "counts": COUNTS,
    "columns": [{"heading": "Navn", "field": "organisation.name"}, {"heading": "Formand", "field": None}],
}  # fmt: skip
WRONG = {
    "number": 5, "label": "Klub", "same_as": None, "score": None,
    "findings": [{"column": "CVR", "field": "organisation.cvr", "message": "er ikke et gyldigt CVR-nummer"}],
}  # fmt: skip


class Door:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.made = MADE
        self.refusal: dict[str, Any] | None = None


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    door = Door()

    class Doors(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith(("report.csv", "report.xlsx")):
                return self._say(200, b"the report")
            if "/lines" in self.path:
                return self._say(200, {"items": [WRONG] if "wrong" in self.path else []})
            half = MADE | {"state": "adopting", "done": 2}
            whole = MADE | {"state": "adopted", "done": 4}
            watched = sum("GET" in each for each in door.asked)
            door.asked.append(f"GET {self.path}")
            return self._say(200, whole if watched else half)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            door.asked.append(f"POST {self.path.removeprefix('/directory/odense/')} {body.decode()}")
            if door.refusal:
                return self._say(422, door.refusal)
            return self._say(201, door.made)

        def _say(self, status: int, body: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Doors)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("kompas.cli.importing.ASK_EVERY", 0)
    monkeypatch.setenv("KOMPAS_HOME", str(tmp_path))
    monkeypatch.setenv("KOMPAS_TOKEN", "a-token")
    monkeypatch.setenv("KOMPAS_PUBLIC_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("COLUMNS", "200")
    yield door
    server.shutdown()
    server.server_close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "foreninger.csv"
    path.write_text("Navn;Formand\nKlub;Åse\n")
    return path


def run(*arguments: str, code: int = 0, typed: str = "") -> str:
    result = CliRunner().invoke(app, arguments, input=typed)
    assert result.exit_code == code, result.output
    return result.output


def test_a_file_is_shown_then_adopted_then_reported(door: Door, file: Path, tmp_path: Path) -> None:
    report = tmp_path / "rapport.xlsx"

    told = run("import", str(file), "--source", "gammel-side", "--report", str(report), typed="y\n")

    assert "Navn → organisation.name" in told
    assert "Ikke brugt: Formand" in told
    assert "linje 5 Klub: CVR er ikke et gyldigt CVR-nummer" in told
    assert "4/4" in told
    posts = [each for each in door.asked if each.startswith("POST")]
    assert posts[0] == "POST imports?source=gammel-side Navn;Formand\nKlub;Åse\n"
    assert posts[1].startswith("POST imports/7/adopt")
    assert json.loads(posts[1].partition("adopt ")[2]) == {"possible": "skip"}
    assert report.read_bytes() == b"the report"


def test_nothing_is_adopted_by_who_says_no(door: Door, file: Path) -> None:
    run("import", str(file), typed="n\n")

    assert [each.split()[1] for each in door.asked] == ["imports?source=file"]


def test_a_file_that_brings_nothing_new_is_left_alone(door: Door, file: Path) -> None:
    door.made = MADE | {"counts": COUNTS | {"added": 0}}

    assert "Nothing to do" in run("import", str(file), "--yes")
    assert len(door.asked) == 1


def test_what_is_wrong_is_said_in_a_sentence(door: Door, file: Path) -> None:
    door.refusal = {"title": "Filen kan ikke læses", "detail": "Gem den som .xlsx", "errors": []}

    assert "Gem den som .xlsx" in run("import", str(file), code=1)
    run("import", str(file), "--report", "rapport.pdf", code=2)
