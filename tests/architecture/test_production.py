"""What can be checked of production's shape without a Docker engine: that everything it names exists in the code."""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from deploy.grafana import generate
from kompas.main import app
from services.booking.settings import BookingSettings
from services.kpi.settings import KpiSettings
from services.notify.settings import NotifySettings
from shared.settings import Settings
from tests.support.applications import application

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("directory", "booking", "matching", "notify", "kpi")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PROMETHEUS: dict[str, Any] = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))


@pytest.mark.parametrize("service", SERVICES)
def test_each_half_of_a_service_is_started_by_a_command_that_exists(service: str) -> None:
    for half in ("api", "worker"):
        command = COMPOSE["services"][f"{service}-{half}"]["command"]
        assert command[:2] == [half, service]

        shown = CliRunner().invoke(app, [half, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
        assert shown.exit_code == 0
        for option in (part for part in command if part.startswith("--")):
            assert option in shown.output


@pytest.mark.parametrize("service", SERVICES)
def test_each_variable_of_a_container_is_one_that_the_code_reads(service: str) -> None:
    known = {name for cls in (Settings, BookingSettings, KpiSettings, NotifySettings) for name in cls.model_fields}

    for half in ("api", "worker"):
        for variable in COMPOSE["services"][f"{service}-{half}"]["environment"]:
            if variable == "FORWARDED_ALLOW_IPS":  # uvicorn's own: the gateway's word for who is calling is believed.
                assert half == "api"
                continue
            assert variable.removeprefix("KOMPAS_").lower() in known


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_its_own_database_and_role(service: str) -> None:
    for half in ("api", "worker"):
        url = COMPOSE["services"][f"{service}-{half}"]["environment"]["KOMPAS_DATABASE_URL"]
        assert url == (
            f"postgresql+psycopg://kompas_{service}:${{KOMPAS_{service.upper()}_PASSWORD:?}}@postgres:5432/kompas_{service}"
        )
    assert service in (ROOT / "deploy/postgres/init.sh").read_text()


def test_every_secret_and_setting_comes_from_the_environment_and_is_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    offered = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert asked == offered
    assert set(re.findall(r"\$\{[A-Z_]+\}", text)) == set(), "a variable without :? would be an empty password"
    for name in (name for name in offered if name.endswith("PASSWORD")):
        assert re.search(rf"^{name}=$", (ROOT / ".env.example").read_text(), re.MULTILINE), f"{name} has a default"


def test_health_checks_and_the_gateway_ask_for_paths_that_exist() -> None:
    caddy = (ROOT / "deploy/gateway/Caddyfile").read_text()
    for service in SERVICES:
        assert f"/{service}/health/ready" in COMPOSE["services"][f"{service}-api"]["healthcheck"]["test"][-1]
        assert f"reverse_proxy /{service}/* {service}-api:8000" in caddy
    for name, container in COMPOSE["services"].items():
        assert name == "topics" or container.get("restart") == "unless-stopped"


def test_the_broker_in_the_container_is_the_one_that_runs_locally() -> None:
    pinned = re.search(r"<kafka.version>(.+)</kafka.version>", (ROOT / "deploy/kafka/pom.xml").read_text())
    assert pinned
    kafka = COMPOSE["services"]["kafka"]
    assert kafka["image"] == f"apache/kafka:{pinned[1]}"
    assert kafka["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_prometheus_scrapes_each_half_where_it_listens() -> None:
    jobs = {job["job_name"]: job for job in PROMETHEUS["scrape_configs"]}

    assert set(jobs) == {f"{service}-{half}" for service in SERVICES for half in ("api", "worker")}
    for service in SERVICES:
        assert jobs[f"{service}-api"]["metrics_path"] == f"/{service}/metrics"
        assert jobs[f"{service}-api"]["static_configs"][0]["targets"] == [f"{service}-api:8000"]
        assert jobs[f"{service}-worker"]["static_configs"][0]["targets"] == [f"{service}-worker:9000"]


@cache
def exposed() -> frozenset[str]:
    """The names of the series that applications and rules can produce, Prometheus' own included."""
    names = {"up"} | {rule["record"] for rule in rules() if "record" in rule}
    for service in SERVICES:
        for family in application(service).state.metrics.registry.collect():
            suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(family.type, [""])
            names |= {family.name + suffix for suffix in suffixes}
    return frozenset(names)


def queries() -> list[tuple[str, str]]:
    found = []
    for file in DASHBOARDS:
        dashboard = json.loads(file.read_text())
        for panel in dashboard["panels"]:
            found += [(f"{file.stem}: {panel['title']}", target["expr"]) for target in panel.get("targets", ())]
        found += [(f"{file.stem}: ${v['name']}", v["query"]["query"]) for v in dashboard["templating"]["list"]]
    return found + [(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()]


def rules() -> list[dict[str, Any]]:
    files = sorted((ROOT / "deploy/prometheus/rules").glob("*.yml"))
    return [rule for file in files for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


@pytest.mark.parametrize(("where", "query"), queries(), ids=[where for where, _ in queries()])
def test_every_query_names_a_metric_that_exists(where: str, query: str) -> None:
    named = set(re.findall(r"\b(?:(?:kompas|kpi)_|goal:)\w+", query)) | ({"up"} if query.startswith("up ") else set())

    assert named
    assert named <= exposed()


def test_the_alert_rules_say_what_their_examples_say() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        # Where nobody has Debian's package `prometheus` the rules are still read; what must land is tried as well.
        assert "CI" not in os.environ, "no promtool: install the package prometheus"
        assert rules()
        return

    examples = sorted((ROOT / "deploy/prometheus/tests").glob("*.yml"))
    tried = subprocess.run([promtool, "test", "rules", *examples], capture_output=True, text=True, check=False)
    checked = subprocess.run(
        [promtool, "check", "rules", *(ROOT / "deploy/prometheus/rules").glob("*.yml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert examples
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_goals_dashboard_is_what_its_generator_writes() -> None:
    assert generate.FILE.read_text(encoding="utf-8") == generate.written(), "run `make docs`"


def test_the_image_runs_as_nobody_and_holds_no_test_tool() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()

    assert "USER 10001" in dockerfile
    assert "--require-hashes -r requirements.lock" in dockerfile
    assert not re.search(r"^(pytest|mypy|ruff)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        for path in source.split():
            assert (ROOT / path).exists()
            assert f"!{path}" in (ROOT / ".dockerignore").read_text()
