"""The commands against a system that runs: what an operator does with them."""

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest_asyncio
from aiokafka import AIOKafkaProducer

from shared.clock import today
from shared.database import Database
from shared.messaging.dead_letters import find
from tests.support.system import ROOT, Staff, System, settled
from tests.support.waiting import eventually

PLAN = f"odense-{today().year}"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def staff(system: System) -> AsyncIterator[Staff]:
    async with system.client() as client:
        yield Staff(client, system.bearer())


def kompas(system: System, *arguments: str, code: int = 0) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "kompas.main", *arguments],
        cwd=ROOT, env={**system.environment, "COLUMNS": "160"}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


async def association(staff: Staff) -> str:
    body = {"name": f"Brætspilscaféen {uuid4().hex[:6]}", "kind": "association", "sector": "voluntary"}
    return str((await staff.post("directory/organisations", body))["id"])


async def test_a_printed_token_opens_the_doors(system: System) -> None:
    token = kompas(system, "token", "--tenant", "odense", "--role", "staff").strip()

    async with system.client() as client:
        answer = await client.get("/matching/odense/engagements", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 200


async def test_a_list_of_associations_is_brought_in_once(system: System, staff: Staff, tmp_path: Path) -> None:
    name = f"Brætspilscaféen {uuid4().hex[:6]}"
    (tmp_path / "liste.csv").write_bytes(
        f"Forening;Postnr.;Aktivitet\r\n{name};5000;Spil på {name}\r\n".encode("cp1252")
    )

    first = kompas(system, "import", str(tmp_path / "liste.csv"), "--yes")
    second = kompas(system, "import", str(tmp_path / "liste.csv"), "--yes")

    assert "1/1" in first
    assert "Nothing to do" in second
    async with system.client() as client:

        async def found() -> None:
            answer = await client.get("/directory/odense/activities", params={"q": name})
            assert [each["title"] for each in answer.json()["items"]] == [f"Spil på {name}"]

        await eventually(found)


async def test_this_years_goals_are_shown_without_asking_for_them_by_name(system: System) -> None:
    shown = kompas(system, "goals")

    assert PLAN in shown
    assert "Bookede samtaler" in shown


async def test_a_plan_is_adopted_once(system: System, staff: Staff) -> None:
    first = kompas(system, "plan", "adopt", "odense-2023", "--year", "2031")
    second = kompas(system, "plan", "adopt", "odense-2031")

    assert "odense goes by odense-2031 now: 58 goals" in first
    assert "exactly this odense-2031 already" in second
    assert len(await staff.goals("odense-2031")) == 58


async def test_an_event_is_seen_by_whoever_watches(system: System, staff: Staff) -> None:
    await association(staff)

    seen = kompas(system, "events", "tail", "--topic", "directory.events", "--from-beginning", "--count", "1")
    others = kompas(system, "events", "tail", "--from-beginning", "--tenant", "odense", "-n", "1")

    # Which one was the first depends on what ran before, and on the topic's partitions.
    assert re.search(r" odense +directory\.\w+\.\w+ +[0-9a-f-]{36} ", seen), seen
    assert "odense" in others
    assert "Brætspilscaféen" not in seen


async def test_publishing_once_more_counts_nothing_twice(system: System, staff: Staff) -> None:
    before = await staff.values(PLAN)
    await staff.post("directory/memberships", {"organisation_id": await association(staff), "kind": "member"})
    before["B.1"] = (before["B.1"] or 0) + 1
    await settled(staff, PLAN, before)

    said = kompas(system, "events", "republish", "--service", "directory")

    assert "directory: " in said
    assert "booking" not in said

    async def all_sent() -> None:
        metrics = (await staff.client.get("/directory/metrics")).text
        assert 'kompas_outbox_pending{service="directory"} 0.0' in metrics

    await eventually(all_sent)
    assert await staff.values(PLAN) == before


async def test_what_no_consumer_could_take_is_listed_shown_sent_again_and_thrown_away(system: System) -> None:
    where = json.loads((system.home / "platform.json").read_text())
    producer = AIOKafkaProducer(bootstrap_servers=where["kafka_bootstrap_servers"])
    await producer.start()
    await producer.send_and_wait("booking.events", b"volapyk", key=b"x")
    await producer.stop()

    # Waited for in the database: each command is a process of its own, and takes as long as the event itself.
    async def buried(service: str) -> bool:
        database = Database(where["database_url"].format(service=service))
        try:
            return bool(await find(database, kind="undecodable"))
        finally:
            await database.dispose()

    def listed(*arguments: str) -> list[list[str]]:
        lines = kompas(system, "dead-letters", "list", *arguments).splitlines()
        return [line.split() for line in lines if "undecod" in line]

    for service in ("kpi", "notify"):
        await eventually(partial(buried, service))
    everywhere = listed()
    assert {line[0] for line in everywhere} >= {"kpi", "notify"}
    number = next(line[1] for line in everywhere if line[0] == "kpi")

    assert "volapyk" in kompas(system, "dead-letters", "show", number, "--service", "kpi")
    assert "1 of 1 sent once more" in kompas(system, "dead-letters", "redrive", number, "--service", "kpi")
    assert f"no dead letter {number}" in kompas(system, "dead-letters", "show", number, "--service", "kpi", code=2)

    await eventually(partial(buried, "kpi"))
    again = [line[1] for line in listed("--service", "kpi")]
    thrown = kompas(system, "dead-letters", "discard", *again, "--service", "kpi", "--reason", "en prøve")
    assert f"{len(again)} thrown away" in thrown
