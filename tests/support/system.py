"""A whole Kompas as a user has it: `kompas up` in a process, a folder and ports of its own."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2

from deploy.local.daemon import Daemon
from deploy.local.ports import free_ports
from shared.signing import issue
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]


class System:
    """Started by `start`, ended by `stop` (Ctrl-C) or `kill` (kill -9 of the one process of services and workers)."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home.resolve()
        self.port, postgres, kafka, controller = free_ports(4)
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KOMPAS_")},
            "KOMPAS_HOME": str(home),
            "KOMPAS_PORT": str(self.port),
            "KOMPAS_POSTGRES_PORT": str(postgres),
            "KOMPAS_KAFKA_PORT": str(kafka),
            "KOMPAS_KAFKA_CONTROLLER_PORT": str(controller),
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, within: float = 120) -> float:
        """Start, wait until the last service is ready, and return how many seconds that took."""
        started = time.monotonic()
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kompas.main", "up"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        while time.monotonic() - started < within:
            if self.process.poll() is not None:
                raise RuntimeError(f"`kompas up` ended by itself:\n{self.log()}")
            try:
                if httpx2.get(f"{self.url}/kpi/health/ready", timeout=2).status_code == 200:
                    return time.monotonic() - started
            except httpx2.HTTPError:
                time.sleep(0.2)
        raise RuntimeError(f"`kompas up` was not ready in time:\n{self.log()}")

    def log(self) -> str:
        return (self.home / "up.log").read_text(errors="replace")[-4000:]

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self, within: float = 60) -> int:
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(within)

    def kill_part(self, part: str) -> None:
        """kill -9 of `postgres` or `kafka`, recognised by the data folder in its command line."""
        mark = {"postgres": str(self.home / "postgres"), "kafka": f"-Dkompas.kafka={self.home / 'kafka'}"}[part]
        process = Daemon(mark, self.home / "logs").find()
        assert process, f"{part} does not run"
        process.kill()

    def bearer(self, role: str = "staff", tenant: str = "odense", organisation_id: UUID | str | None = None) -> Json:
        organisation = UUID(str(organisation_id)) if organisation_id else None
        token = issue(self.home / "keys", tenant=tenant, role=role, organisation_id=organisation)
        return {"authorization": f"Bearer {token}"}

    def client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url=self.url, timeout=30)


class Staff:
    """A member of staff of one centre at her keyboard: every write is expected to succeed."""

    def __init__(self, client: httpx2.AsyncClient, bearer: Mapping[str, str], tenant: str = "odense") -> None:
        self.client, self.bearer, self.tenant = client, dict(bearer), tenant

    async def post(self, path: str, body: Json | None = None, expected: int = 201, **headers: str) -> Json:
        service, _, rest = path.partition("/")
        answer = await self.client.post(
            f"/{service}/{self.tenant}/{rest}",
            json=body or {},
            headers={**self.bearer, "idempotency-key": str(uuid4()), **headers},
        )
        assert answer.status_code == expected, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    async def get(self, path: str, **query: Any) -> Json:
        service, _, rest = path.partition("/")
        answer = await self.client.get(f"/{service}/{self.tenant}/{rest}", params=query, headers=self.bearer)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    async def goals(self, plan: str) -> dict[str, Json]:
        return {goal["id"]: goal for goal in (await self.get(f"kpi/plans/{plan}/goals"))["items"]}

    async def values(self, plan: str) -> dict[str, float | None]:
        return {
            id: None if goal["value"] is None else float(goal["value"]) for id, goal in (await self.goals(plan)).items()
        }


@contextmanager
def running(home: Path, **environment: str) -> Iterator[System]:
    system = System(home, **environment)
    try:
        system.start()
        yield system
    finally:
        if system.process:
            system.stop()


async def settled(staff: Staff, plan: str, expected: Mapping[str, float | None], within: float = PATIENCE) -> None:
    """Wait until the plan's values are exactly these; fail with the difference."""
    deadline = time.monotonic() + within
    while True:
        values = await staff.values(plan)
        different = {id: (values.get(id), value) for id, value in expected.items() if values.get(id) != value}
        if not different:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"(is, should be): {different}")
        await asyncio.sleep(0.05)
