"""Whoever asks to be forgotten is: no database, topic, mail or log of the running system knows them, and what was
counted stays counted.

What is left by the papers (`deploy/kafka/topics.yaml`): on the compacted topic `contacts`, which only notify may read,
the tombstone is the last word about them; what was said before it lies in Kafka's log until it is compacted, a day at
most. A mail that a mail server has delivered is its reader's. One in the mailbox folder of a trial is still ours.
"""

import json
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

from psycopg import sql

from shared.clock import DANISH, now, today
from shared.database import Database
from shared.tenancy import EVERY_TENANT
from tests.e2e.test_journeys import conversation, everything_on, free_slots, mails
from tests.support.fixtures import SERVICES
from tests.support.system import Json, Staff, System, settled
from tests.support.waiting import eventually

PLAN = f"odense-{today().year}"
PERSON = {"name": "Thyra Fjeldgård-Kvist", "email": "thyra.fjeldgaard@example.dk", "phone": "51 73 90 24"}
# Their words as people, JSON, URLs and mails write them, small.
TRACES = ("thyra", "fjeldgård", "fjeldg\\u00e5rd", quote("fjeldgård").lower(), "fjeldgaard", "51739024", "51 73 90 24")
BYTES = [trace.encode() for trace in TRACES]


def holds_a_trace(content: bytes) -> bool:
    small = content.decode(errors="replace").lower().encode()
    return any(trace in small for trace in BYTES)


async def rows_with_a_trace(system: System) -> list[str]:
    """`service.table`, of every table of every service and every centre."""
    address = json.loads((system.home / "platform.json").read_text())["database_url"]
    found = []
    for service in SERVICES:
        connection = await Database(address.format(service=service)).connection()
        async with connection:
            await connection.execute("select set_config('app.tenant', %s, false)", (EVERY_TENANT,))
            tables = await connection.execute(
                "select schemaname, tablename from pg_tables where schemaname !~ '^(pg_|information_schema)'"
            )
            for schema, table in await tables.fetchall():
                query = sql.SQL(
                    "select 1 from {} t where exists (select 1 from unnest(%s::text[]) trace"
                    # Bytes are written out in hexadecimal, so they are looked for as such, too.
                    " where position(trace in lower(t::text)) > 0"
                    " or position(encode(convert_to(trace, 'UTF8'), 'hex') in t::text) > 0"
                    " or position(encode(convert_to(initcap(trace), 'UTF8'), 'hex') in t::text) > 0) limit 1"
                ).format(sql.Identifier(schema, table))
                if await (await connection.execute(query, [list(TRACES)])).fetchone():
                    found.append(f"{service}.{table}")
    return sorted(found)


def files_with_a_trace(system: System) -> list[str]:
    """Of the mailbox and the logs."""
    folders = ("mailbox", "logs")
    files = [file for folder in folders for file in (system.home / folder).rglob("*") if file.is_file()]
    found = [file.name for file in [*files, system.home / "up.log"] if holds_a_trace(file.read_bytes())]
    return found + [name for name, text in mails(system.home).items() if holds_a_trace(text.encode())]


async def asked_for(staff: Staff) -> None:
    """A conversation booked by link and given up in their own words, and a seat that staff took for them."""
    slot = (await free_slots(staff.client, resource_id := await conversation(staff)))[0]
    booking = {"resource_id": resource_id, **slot, "purpose": "seeking_community", "contact": PERSON}
    booked = await staff.client.post(
        "/booking/odense/bookings",
        json={**booking, "message": "Thyra her, ring på 51 73 90 24"},
        headers={"idempotency-key": str(uuid4())},
    )
    assert booked.status_code == 201, booked.text
    await staff.post("booking/bookings", booking | (await free_slots(staff.client, resource_id))[1])
    given_up = await staff.client.post(
        f"/booking/odense/bookings/{booked.json()['id']}/cancel",
        json={"reason": "Thyra Fjeldgård-Kvist er blevet syg"},
        headers={"x-manage-token": booked.json()["manage_token"]},
    )
    assert given_up.status_code == 200, given_up.text
    starts_at = now().astimezone(DANISH) + timedelta(days=9)
    gathering = await staff.post("booking/gatherings", meeting(starts_at, starts_at + timedelta(hours=2)))
    await staff.post(f"booking/gatherings/{gathering['id']}/signups", {"contact": PERSON})


def meeting(starts_at: datetime, ends_at: datetime) -> Json:
    organisers = [{"name": "Frivilligcenter Odense", "sector": "voluntary"}]
    times = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "form": "physical"}
    return {"kind": "workshop", "title": "Strik sammen", "organisers": organisers, "capacity": 14, **times}


async def test_after_erasure_no_database_topic_mail_or_log_knows_them_and_the_counters_stay(system: System) -> None:
    async with system.client() as client:
        staff = Staff(client, system.bearer())
        before = await staff.values(PLAN)
        await asked_for(staff)
        counted = {"6.1": (before["6.1"] or 0) + 2, "A.1": (before["A.1"] or 0) + 1}
        await settled(staff, PLAN, counted)

        async def four_are_written() -> bool:
            return sum("fjeldgaard" in text for text in mails(system.home).values()) == 4

        await eventually(four_are_written)
        known = await rows_with_a_trace(system)
        assert {"booking.contacts", "booking.bookings", "notify.contacts"} <= set(known), known

        ids = (await staff.post("booking/contacts/find", {"email": PERSON["email"]}, expected=200))["items"]
        assert len(ids) == 3
        for id in ids:
            answer = await client.delete(f"/booking/odense/contacts/{id}", headers=staff.bearer)
            assert answer.status_code == 204, answer.text

        async def nobody_knows() -> None:
            assert await rows_with_a_trace(system) == []
            assert files_with_a_trace(system) == []

        await eventually(nobody_knows)
        said = [record async for record in everything_on(system)]
        assert {topic for topic, key, value in said if holds_a_trace((key or b"") + (value or b""))} <= {"contacts"}
        last = {key: value for topic, key, value in said if topic == "contacts"}
        assert [last[id.encode()] for id in ids] == [None] * 3
        assert not any(holds_a_trace(value) for value in last.values() if value)
        await settled(staff, PLAN, counted)
