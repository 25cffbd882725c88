"""What a newcomer does first: start, read what is printed, try it; stop; start again."""

import json
import os
import re
import subprocess

from shared.clock import today
from tests.support.system import ROOT, System


def printed_commands(system: System) -> list[str]:
    return re.findall(r"^  (curl .*)$", (system.home / "up.log").read_text(), flags=re.MULTILINE)


def run_in_another_terminal(command: str) -> str:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("KOMPAS_")}
    return subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=bare, capture_output=True, text=True, check=True
    ).stdout


def test_the_three_printed_lines_work_as_printed(system: System) -> None:
    goals, pageview, organisation = printed_commands(system)[:3]

    assert json.loads(run_in_another_terminal(goals))["items"][0]["plan"] == f"odense-{today().year}"
    assert run_in_another_terminal(pageview).startswith("HTTP/1.1 202")
    assert json.loads(run_in_another_terminal(organisation))["name"] == "Æblets Venner"


def test_every_printed_address_answers(system: System) -> None:
    addresses = re.findall(rf"{system.url}/\S+(?:docs|metrics)\b", (system.home / "up.log").read_text())

    assert len(addresses) >= 10
    for address in addresses:
        assert run_in_another_terminal(f"curl -s -o /dev/null -w '%{{http_code}}' {address}") == "200", address


def test_the_index_names_every_service_and_an_unknown_path_is_a_problem_document(system: System) -> None:
    index = json.loads(run_in_another_terminal(f"curl -s {system.url}/"))
    nowhere = json.loads(run_in_another_terminal(f"curl -s {system.url}/nowhere/else"))

    assert set(index["services"]) == {"directory", "booking", "matching", "notify", "kpi"}
    assert nowhere["status"] == 404
