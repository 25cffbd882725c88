"""The gateway of production, run as it is written, in front of something that answers who was asked."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from deploy.local.ports import free_ports
from tests.support.system import ROOT
from tests.support.waiting import eventually

SERVICES = ("directory", "booking", "matching", "notify", "kpi")


async def name_yourself(service: str, port: int) -> asyncio.Server:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = service.encode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", port)


def configuration(caddy: str, address: str, upstreams: dict[str, int]) -> Any:
    """What Caddy makes of our file, with the containers' names replaced by ports of this machine."""
    adapted = subprocess.run(
        [caddy, "adapt", "--config", ROOT / "deploy/gateway/Caddyfile", "--adapter", "caddyfile"],
        env={**os.environ, "KOMPAS_HOST": address}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for service, port in upstreams.items():
        assert f'"{service}-api:8000"' in adapted
        adapted = adapted.replace(f'"{service}-api:8000"', f'"127.0.0.1:{port}"')
    return {**json.loads(adapted), "admin": {"disabled": True}}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx2.AsyncClient]:
    caddy = shutil.which("caddy")
    if caddy is None:
        # CI has it; whoever only wants to run the tests need not.
        assert "CI" not in os.environ, "no caddy: install the package caddy"
        pytest.skip("caddy is not installed")
    home: Path = tmp_path_factory.mktemp("caddy")
    port, *ports = free_ports(1 + len(SERVICES))
    address, upstreams = f"http://127.0.0.1:{port}", dict(zip(SERVICES, ports, strict=True))
    settings = home / "caddy.json"
    settings.write_text(json.dumps(configuration(caddy, address, upstreams)))
    async with AsyncExitStack() as stack:
        for service, upstream in upstreams.items():
            stack.callback((await name_yourself(service, upstream)).close)
        process = await asyncio.create_subprocess_exec(
            *(caddy, "run", "--config", settings),
            env={**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)},
            stderr=subprocess.DEVNULL,
        )
        stack.push_async_callback(process.wait)
        stack.callback(process.terminate)
        client = await stack.enter_async_context(httpx2.AsyncClient(base_url=address))

        async def serves() -> bool:
            try:
                return (await client.get("/")).status_code == 404
            except httpx2.TransportError:
                return False

        await eventually(serves)
        yield client


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_is_reached_by_its_own_path(gateway: httpx2.AsyncClient, service: str) -> None:
    for path in (f"/{service}/odense/anything", f"/{service}/health/ready", f"/{service}/docs"):
        answer = await gateway.get(path)
        assert (answer.status_code, answer.text) == (200, service)


@pytest.mark.parametrize("service", SERVICES)
async def test_what_ops_read_is_not_for_the_world(gateway: httpx2.AsyncClient, service: str) -> None:
    for path in (f"/{service}/metrics", f"//{service}/metrics", f"/{service}//metrics", f"/{service}/%6Detrics"):
        assert (await gateway.get(path)).status_code == 404


async def test_there_is_nothing_else(gateway: httpx2.AsyncClient) -> None:
    for path in ("/", "/metrics", "/kpis/odense", "/kpi"):
        assert (await gateway.get(path)).status_code == 404
