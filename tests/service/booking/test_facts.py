"""What booking states about what happened: in order, true to its class, and without a person in it."""

import json
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.service.booking.centre import AMINA, CITIZEN, Centre, danish, in_days, utc

TOMORROW = in_days(1)


async def test_a_booking_is_requested_confirmed_and_cancelled_in_that_order(centre: Centre) -> None:
    resource = await centre.resource(locality="Vollsmose")
    booking = await centre.booking(resource, TOMORROW, "09:00", "09:30")
    await centre.cancel_with(booking)

    facts = await centre.stated(booking["id"])

    assert [(fact["type"].split(".")[3], fact["sequence"]) for fact in facts] == [
        ("requested", 1), ("confirmed", 2), ("cancelled", 3),
    ]  # fmt: skip
    data = facts[0]["data"]
    contact_id = data.pop("contact_id")
    assert data == {
        "resource_id": resource["id"], "resource_kind": "conversation", "purpose": "seeking_community",
        "channel": "self", "starts_at": booking["starts_at"], "ends_at": booking["ends_at"], "locality": "Vollsmose",
    }  # fmt: skip
    assert facts[1]["data"] == facts[0]["data"] | {"contact_id": contact_id}
    assert facts[2]["data"] == facts[1]["data"] | {"cancelled_by": "citizen"}


async def test_what_staff_record_afterwards_became_true_no_later_than_it_began(centre: Centre) -> None:
    starts_at, ends_at = danish(in_days(-90), "10:00"), danish(in_days(-90), "10:30")
    wish = centre.wish(await centre.resource(), starts_at, ends_at, channel="assisted", contact=None)
    booking = (await centre.post("bookings", centre.staff, wish)).json()
    await centre.post(f"bookings/{booking['id']}/cancel", centre.staff)

    facts = await centre.stated(booking["id"])

    assert [fact["time"] for fact in facts] == [utc(starts_at)] * 3
    assert "contact_id" not in facts[0]["data"]
    assert facts[2]["data"]["cancelled_by"] == "staff"


async def test_contact_details_travel_once_with_the_link_and_on_no_other_topic(centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    contact_id = (await centre.stated(booking["id"]))[0]["data"]["contact_id"]

    shared = await centre.stated(contact_id)

    assert [fact["data"] for fact in shared] == [
        {
            **AMINA,
            "phone": "+4520123456",
            "manage_url": f"https://kompas.example/booking/{centre.tenant}/manage#{booking['id']}.{booking['manage_token']}",
        }
    ]


async def test_whoever_gets_no_time_is_stated_nowhere(centre: Centre) -> None:
    resource = await centre.resource()
    await centre.booking(resource, TOMORROW, "09:00", "09:30")
    before = await count(centre, "outbox"), await count(centre, "contacts")

    lost = await centre.post(
        "bookings", CITIZEN, centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"))
    )

    assert lost.status_code == 409
    assert (await count(centre, "outbox"), await count(centre, "contacts")) == before


async def test_a_gathering_is_scheduled_and_held_at_its_own_time_without_its_title(centre: Centre) -> None:
    organisation = str(uuid4())
    organisers = [
        {"name": "Åse Sørensen", "sector": "voluntary", "organisation_id": organisation},
        {"name": "Kommunen", "sector": "public"},
    ]
    starts_at, ends_at = danish(in_days(-9), "17:00"), danish(in_days(-9), "19:00")
    gathering = await centre.gathering(
        organisers=organisers, starts_at=starts_at, ends_at=ends_at, audience_unit="Sundhedsforvaltningen"
    )
    await centre.post(f"gatherings/{gathering['id']}/hold", centre.staff, {"participants": 17})

    scheduled, held = await centre.stated(gathering["id"])

    assert (scheduled["sequence"], scheduled["time"]) == (1, utc(starts_at))
    assert (held["sequence"], held["time"]) == (2, utc(ends_at))
    assert held["data"] == scheduled["data"] | {"participants": 17} == {
        "kind": "dialogue_meeting", "topic": "mental-mistrivsel", "form": "physical", "participants": 17,
        "organisers": [{"organisation_id": organisation, "sector": "voluntary"}, {"sector": "public"}],
        "audience_unit": "Sundhedsforvaltningen", "starts_at": utc(starts_at), "ends_at": utc(ends_at),
    }  # fmt: skip


async def test_a_gathering_counted_before_its_end_is_held_now(centre: Centre) -> None:
    gathering = await centre.gathering()

    at = danish(in_days(20), "18:00")
    with time_machine.travel(at, tick=False):
        await centre.post(f"gatherings/{gathering['id']}/hold", centre.staff, {"participants": 3})

    assert (await centre.stated(gathering["id"]))[1]["time"] == utc(at)


async def test_a_resource_is_opened_and_closed(centre: Centre) -> None:
    resource = await centre.resource(kind="room", name="Åses stue", locality="Bolbro", capacity=8)
    await centre.call("PATCH", f"resources/{resource['id']}", centre.staff, {"name": "Stuen"})
    await centre.post(f"resources/{resource['id']}/close", centre.staff)

    opened, closed = await centre.stated(resource["id"])

    assert (opened["sequence"], opened["data"]) == (1, {"kind": "room", "locality": "Bolbro", "capacity": 8})
    assert (closed["sequence"], closed["data"]) == (3, {"kind": "room"})


async def test_no_fact_but_the_shared_contact_knows_a_person_or_a_word_of_theirs(centre: Centre) -> None:
    resource = await centre.resource(name="Samtale med Åse")
    booking = await centre.booking(resource, TOMORROW, "09:00", "09:30")
    await centre.post(f"bookings/{booking['id']}/cancel", centre.staff, {"reason": "Amina er syg"})
    gathering = await centre.gathering(organisers=[{"name": "Åse Sørensen", "sector": "voluntary"}])
    await centre.post(f"gatherings/{gathering['id']}/cancel", centre.staff, {"reason": "Åse er syg"})

    async with centre.database.transaction(centre.tenant) as session:
        payloads = await (await session.connection()).execute(
            text("select payload from outbox where topic <> 'contacts'")
        )
        everything = " ".join(bytes(row.payload).decode() for row in payloads).lower()

    assert len(everything) > 1000
    for secret in ("amina", "åse", "example.com", "20123456", "syg", "østerbro", booking["manage_token"].lower()):
        assert json.dumps(secret)[1:-1] not in everything
        assert secret not in everything


async def test_a_commit_that_fails_is_not_answered_with_success(centre: Centre) -> None:
    resource = await centre.resource()
    wish = centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"))
    await run(
        centre,
        "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$",
        "create constraint trigger refuse after insert on bookings deferrable initially deferred"
        f" for each row when (new.tenant = '{centre.tenant}') execute function refuse()",
    )
    try:
        failed = await centre.post("bookings", CITIZEN, wish)
    finally:
        await run(centre, "drop trigger refuse on bookings", "drop function refuse")

    assert failed.status_code >= 500
    assert await count(centre, "outbox where topic <> 'booking.events'") == 0
    assert (await centre.post("bookings", CITIZEN, wish)).status_code == 201


async def test_row_level_security_holds_without_the_repository(centre: Centre) -> None:
    await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    await centre.gathering()
    stranger = Centre(centre.client, centre.database, centre.tenant + "x")

    for table in ("resources", "contacts", "bookings", "gatherings", "outbox"):
        assert await count(centre, table) > 0
        assert await count(stranger, table) == 0
        assert await count(stranger, f"{table} where tenant = '{centre.tenant}'") == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        await run(
            stranger,
            "insert into contacts (id, tenant, name, email, language)"
            f" values (gen_random_uuid(), '{centre.tenant}', 'x', 'x@example.com', 'da')",
        )


async def test_without_a_tenant_nothing_is_seen(centre: Centre) -> None:
    await centre.gathering()

    async with centre.database.engine.connect() as connection:
        assert (await connection.execute(text("select count(*) from gatherings"))).scalar() == 0


async def run(centre: Centre, *statements: str) -> None:
    async with centre.database.transaction(centre.tenant) as session:
        for statement in statements:
            await (await session.connection()).execute(text(statement))


async def count(centre: Centre, what: str) -> int:
    async with centre.database.transaction(centre.tenant) as session:
        return int((await (await session.connection()).execute(text(f"select count(*) from {what}"))).scalar_one())
