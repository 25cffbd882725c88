"""What people do, from the first request to what they see, on the whole system as `make run` starts it."""

import asyncio
import email
import email.policy
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import jsonschema
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.clock import today
from tests.support.system import ROOT, Json, Staff, System, settled
from tests.support.waiting import PATIENCE, eventually

PLAN = f"odense-{today().year}"
TOPICS = (
    "directory.events", "booking.events", "matching.events", "notify.events", "kpi.events", "web.events", "contacts",
)  # fmt: skip
AMINA = {"name": "Amina Østergård", "email": "amina@example.dk", "phone": "20 12 34 56", "language": "da"}


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def staff(system: System) -> AsyncIterator[Staff]:
    async with system.client() as client:
        yield Staff(client, system.bearer())


async def conversation(staff: Staff) -> str:
    hours = [{"weekday": weekday, "from": "09:00", "to": "16:00"} for weekday in range(7)]
    body = {
        "kind": "conversation",
        "name": "Samtale om ensomhed",
        "slot_minutes": 30,
        "buffer_minutes": 0,
        "opening_hours": hours,
        "closed_on": [],
    }
    return str((await staff.post("booking/resources", body))["id"])


async def free_slots(client: httpx2.AsyncClient, resource_id: str) -> list[Json]:
    window = {"from": str(today() + timedelta(days=1)), "to": str(today() + timedelta(days=4))}
    answer = await client.get(f"/booking/odense/resources/{resource_id}/slots", params=window)
    assert answer.status_code == 200
    return list(answer.json()["items"])


def mails(home: Path) -> dict[str, str]:
    """Everything in the mailbox: file name to decoded text, headers included."""
    read = {}
    for file in sorted((home / "mailbox").rglob("*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = "\n".join(str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text")
        read[file.name] = "\n".join(f"{name}: {value}" for name, value in message.items()) + "\n" + body
    return read


async def test_a_citizen_books_a_conversation_and_the_plan_moves(staff: Staff, system: System) -> None:
    resource_id = await conversation(staff)
    before = await staff.values(PLAN)
    mails_before = mails(system.home)
    slot = (await free_slots(staff.client, resource_id))[0]

    booked = await staff.client.post(
        "/booking/odense/bookings",
        json={"resource_id": resource_id, **slot, "purpose": "seeking_community", "contact": AMINA},
    )
    assert booked.status_code == 201, booked.text
    assert "amina" not in booked.text.lower()
    one_more = {"6.1": (before["6.1"] or 0) + 1, "A.1": (before["A.1"] or 0) + 1}
    await settled(staff, PLAN, before | one_more)
    assert slot not in await free_slots(staff.client, resource_id)

    token = {"x-manage-token": booked.json()["manage_token"]}
    url = f"/booking/odense/bookings/{booked.json()['id']}"
    assert (await staff.client.post(f"{url}/cancel", json={}, headers={"x-manage-token": "guess"})).status_code == 404
    assert (await staff.client.get(url)).status_code in (401, 404)
    cancelled = await staff.client.post(f"{url}/cancel", json={}, headers=token)
    assert cancelled.status_code == 200, cancelled.text
    await settled(staff, PLAN, before | {"6.1": one_more["6.1"]})

    deadline = time.monotonic() + PATIENCE
    while len(new := {name: text for name, text in mails(system.home).items() if name not in mails_before}) < 2:
        assert time.monotonic() < deadline, f"{len(new)} mails"
        await asyncio.sleep(0.1)
    for text in new.values():
        assert "To: " in text
        assert "amina@example.dk" in text
        for word in ("fællesskab", "community", "ensomhed", "seeking"):
            assert word not in text.lower(), text


async def test_fifty_ask_for_one_slot_and_one_gets_it(staff: Staff) -> None:
    resource_id = await conversation(staff)
    slot = (await free_slots(staff.client, resource_id))[3]
    body = {"resource_id": resource_id, **slot, "purpose": "volunteering", "contact": AMINA}

    answers = await asyncio.gather(*(staff.client.post("/booking/odense/bookings", json=body) for _ in range(50)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * 49
    free = await free_slots(staff.client, resource_id)
    for refused in (answer.json() for answer in answers if answer.status_code == 409):
        assert refused["alternatives"]
        assert all(alternative in free for alternative in refused["alternatives"])


async def test_a_token_opens_its_own_centre_and_no_other(staff: Staff, system: System) -> None:
    resource_id = await conversation(staff)
    slagelse = system.bearer(tenant="slagelse")
    write = {"name": "Forening", "kind": "association", "sector": "voluntary"}

    async def status(method: str, path: str, headers: Json, body: Json | None = None) -> int:
        return (await staff.client.request(method, path, headers=headers, json=body)).status_code

    assert await status("GET", "/booking/odense/bookings", slagelse) == 404
    assert await status("PATCH", f"/booking/slagelse/resources/{resource_id}", slagelse, {"name": "x"}) == 404
    assert await status("POST", "/directory/odense/organisations", slagelse, write) == 404
    assert await status("POST", "/directory/odense/organisations", {}, write) == 401
    association = system.bearer("association", organisation_id=str(uuid4()))
    assert await status("POST", "/directory/odense/organisations", association, write) == 403
    assert await status("POST", "/directory/odense/organisations", {"authorization": "Bearer garbage"}, write) == 401


async def test_every_event_validates_is_keyed_by_its_subject_and_knows_no_person(staff: Staff, system: System) -> None:
    resource_id = await conversation(staff)
    slot = (await free_slots(staff.client, resource_id))[0]
    body = {"resource_id": resource_id, **slot, "purpose": "other", "contact": AMINA}
    assert (await staff.client.post("/booking/odense/bookings", json=body)).status_code == 201
    await staff.client.post(
        "/matching/odense/volunteers", json={"interests": ["havearbejde"], "languages": ["da"], "contact": AMINA}
    )
    await staff.client.post("/matching/odense/volunteers", json={"contact": AMINA})

    async def all_are_published() -> bool:
        return {"booking.events", "contacts", "kpi.events"} <= {topic async for topic, *_ in everything_on(system)}

    await eventually(all_are_published)
    schemas = {file.stem: json.loads(file.read_text()) for file in (ROOT / "shared/events/schemas").glob("*.json")}
    seen: set[str] = set()
    async for topic, key, value in everything_on(system):
        if value is None:
            assert topic == "contacts"
            continue
        event = json.loads(value)
        jsonschema.validate(event, schemas[event["type"]], format_checker=jsonschema.FormatChecker())
        assert key == event["subject"].encode()
        seen.add(topic)
        if topic != "contacts":
            for secret in ("Amina", "Østergård", "amina@", "20 12", "20123456", "Samtale om"):
                assert secret not in value.decode(), event["type"]
    assert {"booking.events", "contacts", "kpi.events"} <= seen


# Keys of the garbage that tests of this system put on topics by hand; no subject looks like them.
PLANTED = (b"k", b"x")


async def everything_on(system: System) -> AsyncIterator[tuple[str, bytes | None, bytes | None]]:
    consumer = AIOKafkaConsumer(
        *TOPICS, bootstrap_servers=kafka_of(system), auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        while ends:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    if record.key not in PLANTED:
                        yield record.topic, record.key, record.value
            ends = {place: end for place, end in ends.items() if await consumer.position(place) < end}
    finally:
        await consumer.stop()


def kafka_of(system: System) -> str:
    return str(json.loads((system.home / "platform.json").read_text())["kafka_bootstrap_servers"])


async def test_garbage_becomes_a_dead_letter_and_the_next_event_counts(staff: Staff, system: System) -> None:
    before = await staff.values(PLAN)
    producer = AIOKafkaProducer(bootstrap_servers=kafka_of(system), acks="all")
    await producer.start()
    try:
        for topic in TOPICS:
            for garbage in (b"\xff\xfe not json", b'{"specversion": "1.0"}', b"[]", b"x" * 900_000):
                await producer.send_and_wait(topic, garbage, key=b"k", headers=[("bad", b"\xff")])
    finally:
        await producer.stop()

    body = {"series": "linkedin_followers", "value": 421, "observed_on": str(today())}
    await staff.post("kpi/observations", body)
    await settled(staff, PLAN, before | {"K.4": 421})

    async def dead() -> dict[str, float]:
        lines = [
            line
            for service in ("kpi", "notify")
            for line in (await staff.client.get(f"/{service}/metrics")).text.splitlines()
        ]
        found = (line.rsplit(" ", 1) for line in lines if line.startswith("kompas_dead_letters{"))
        return {name: float(count) for name, count in found}

    deadline = time.monotonic() + PATIENCE
    while sum((await dead()).values()) < 4 * (len(TOPICS) - 1):
        assert time.monotonic() < deadline, await dead()
        await asyncio.sleep(0.2)


async def test_a_browser_hears_of_a_changed_goal(staff: Staff) -> None:
    heard: asyncio.Queue[Json] = asyncio.Queue()
    connected = asyncio.Event()

    async def listen() -> None:
        async with staff.client.stream("GET", "/kpi/odense/stream", timeout=None) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            connected.set()
            kind = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: ") and kind == "goal":
                    await heard.put(json.loads(line.removeprefix("data: ")))

    listening = asyncio.create_task(listen())
    await eventually(connected.is_set)
    await staff.post("kpi/observations", {"series": "instagram_followers", "value": 907, "observed_on": str(today())})
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                goal = await heard.get()
                if goal["plan"] == PLAN and goal["id"] == "K.3" and goal["value"] == 907:
                    break
    finally:
        listening.cancel()
