"""What is confided stays confided, and what is to be forgotten is forgotten everywhere."""

from datetime import datetime, timedelta
from uuid import uuid4

import httpx2
import time_machine
from cryptography.fernet import Fernet
from fastapi import FastAPI
from sqlalchemy import text
from starlette.requests import Request

from services.booking.main import create_app
from services.booking.people.job import Forgetting
from services.booking.settings import BookingSettings
from shared.clock import now
from shared.guesses import WRONG_AN_HOUR
from shared.tenancy import EVERY_TENANT
from tests.service.booking.centre import AMINA, CITIZEN, Centre, Json, danish, in_days
from tests.support.databases import disposing
from tests.support.people import bearer

TOMORROW = in_days(1)
SECRET = "Jeg har det svært og vil helst ikke møde nogen"


async def confided(centre: Centre, **fields: str) -> Json:
    """A booking with a message."""
    resource = await centre.resource(**fields)
    wish = centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"), message=SECRET)
    answer = await centre.post("bookings", CITIZEN, wish)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def contact_of(centre: Centre, booking: Json) -> str:
    return str((await centre.stated(booking["id"]))[0]["data"]["contact_id"])


async def everything(centre: Centre) -> str:
    """All that booking's database holds of this centre, as text."""
    tables = [
        "bookings",
        "contacts",
        "waiting",
        "series",
        "wishes",
        "signups",
        "outbox",
        "idempotency_keys",
        "message_readings",
    ]
    found = []
    async with centre.database.transaction(centre.tenant) as session:
        connection = await session.connection()
        for table in tables:
            for (row,) in await connection.execute(text(f"select to_jsonb(t)::text from {table} t")):
                found.append(row)
            if table in ("outbox", "idempotency_keys"):
                column = "payload" if table == "outbox" else "body"
                for (body,) in await connection.execute(text(f"select {column} from {table}")):
                    found.append(bytes(body or b"").decode())
    return "\n".join(found)


async def send_contacts(centre: Centre) -> None:
    """The relay deletes them once they are sent."""
    async with centre.database.transaction(centre.tenant) as session:
        await (await session.connection()).execute(text("delete from outbox where topic = 'contacts'"))


async def test_a_message_is_kept_sealed_and_told_to_nobody(centre: Centre) -> None:
    booking = await confided(centre)

    shown = (await centre.get(f"bookings/{booking['id']}", centre.staff)).json()

    assert shown["has_message"] is True
    assert "svært" not in str(shown) + await everything(centre)


async def test_only_the_adviser_reads_a_message_and_each_reading_leaves_a_trace(centre: Centre) -> None:
    booking = await confided(centre, adviser=f"staff@{centre.tenant}")
    path = f"bookings/{booking['id']}/message"

    others = [
        await centre.get(path),
        await centre.get(path, {"x-manage-token": booking["manage_token"]}),
        await centre.get(path, centre.association(uuid4())),
        await centre.get(path, bearer(centre.tenant, "admin")),
    ]
    read = await centre.get(path, centre.staff)
    readings = (await centre.get(f"{path}/readings", centre.staff)).json()["items"]

    assert [answer.status_code for answer in others] == [401, 401, 403, 403]
    assert (read.status_code, read.json()["message"]) == (200, SECRET)
    assert [each["reader"] for each in readings] == [f"staff@{centre.tenant}"]


async def test_who_the_adviser_is_is_nobody_else_s_business(centre: Centre) -> None:
    resource = await centre.resource(adviser="ane@odense")

    assert (await centre.get(f"resources/{resource['id']}")).json()["adviser"] is None
    assert (await centre.get(f"resources/{resource['id']}", centre.staff)).json()["adviser"] == "ane@odense"


async def test_a_booking_without_a_message_has_none_to_read(centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")

    assert (await centre.get(f"bookings/{booking['id']}/message", centre.staff)).status_code == 404


async def test_a_month_later_the_message_is_gone_and_a_year_later_the_person(centre: Centre, app: FastAPI) -> None:
    settings: BookingSettings = app.state.settings
    forgetting = Forgetting(centre.database, settings)
    citizen = await confided(centre)
    room = await centre.resource(kind="room", name="Salen")
    wish = centre.wish(room, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"))
    ours = (await centre.post("bookings", centre.association(uuid4()), wish)).json()
    contact = await contact_of(centre, citizen)

    await forgetting.round()
    with_message = (await centre.get(f"bookings/{citizen['id']}", centre.staff)).json()["has_message"]
    with time_machine.travel(now() + timedelta(days=33)):
        await forgetting.round()
        without = (await centre.get(f"bookings/{citizen['id']}", centre.staff)).json()
    with time_machine.travel(now() + timedelta(days=368)):
        await age_contacts(centre)
        await forgetting.round()
        gone = (await centre.get(f"bookings/{citizen['id']}", centre.staff)).json()
        kept = (await centre.get(f"bookings/{ours['id']}", centre.staff)).json()

    assert with_message is True
    assert (without["has_message"], without["contact"]["name"]) == (False, AMINA["name"])
    assert (gone["contact"], gone["state"], kept["contact"]["name"]) == (None, "confirmed", AMINA["name"])
    assert await tombstones(centre, contact) == 1


async def age_contacts(centre: Centre) -> None:
    """The database's own clock does not travel."""
    async with centre.database.transaction(centre.tenant) as session:
        await (await session.connection()).execute(text("update contacts set created_at = created_at - interval '2 y'"))


async def tombstones(centre: Centre, contact: str) -> int:
    async with centre.database.transaction(centre.tenant) as session:
        counted = await (await session.connection()).execute(
            text("select count(*) from outbox where key = :key and topic = 'contacts' and payload is null"),
            {"key": contact},
        )
        return int(counted.scalar_one())


async def test_a_person_is_told_what_is_kept_and_forgotten_on_request(centre: Centre) -> None:
    booking = await confided(centre)
    contact = await contact_of(centre, booking)
    await centre.post(f"bookings/{booking['id']}/cancel", centre.staff, {"reason": "Amina ringede"})
    await centre.call("GET", f"bookings/{booking['id']}", centre.staff)
    key = {"idempotency-key": str(uuid4())}
    other = await confided(centre)
    await centre.post(f"bookings/{other['id']}/cancel", centre.staff, **key)

    found = await centre.post("contacts/find", centre.staff, {"email": "AMINA@example.com"})
    exported = (await centre.get(f"contacts/{contact}", centre.staff)).json()
    facts = await centre.stated(booking["id"])
    erased = [await centre.call("DELETE", f"contacts/{id}", centre.staff) for id in found.json()["items"]]

    assert contact in found.json()["items"]
    assert len(found.json()["items"]) == 2
    assert exported["contact"]["name"] == AMINA["name"]
    assert (exported["bookings"][0]["message"], exported["bookings"][0]["cancel_reason"]) == (SECRET, "Amina ringede")
    assert [answer.status_code for answer in erased] == [204, 204]
    assert (await centre.get(f"contacts/{contact}", centre.staff)).status_code == 404
    assert await tombstones(centre, contact) == 1
    await send_contacts(centre)
    left = (await everything(centre)).lower()
    assert not [trace for trace in ("amina", "20123456", "svært") if trace in left]
    assert await centre.stated(booking["id"]) == facts


async def test_a_seat_is_told_and_forgotten_like_a_booking(centre: Centre) -> None:
    course = await centre.gathering(kind="course", capacity=1)
    seated, queued = [
        (await centre.post(f"gatherings/{course['id']}/signups", CITIZEN, {"contact": person})).json()
        for person in (AMINA, {**AMINA, "email": "amina@example.org"})
    ]
    contacts = [await contact_of(centre, each) for each in (seated, queued)]

    kept = (await centre.get(f"contacts/{contacts[0]}", centre.staff)).json()
    for contact in contacts:
        assert (await centre.call("DELETE", f"contacts/{contact}", centre.staff)).status_code == 204

    assert [each["id"] for each in kept["signups"]] == [seated["id"]]
    listed = (await centre.get(f"gatherings/{course['id']}/signups", centre.staff)).json()["items"]
    assert {each["id"]: (each["state"], each["contact"]) for each in listed} == {
        seated["id"]: ("confirmed", None),
        queued["id"]: ("cancelled", None),
    }
    await send_contacts(centre)
    assert "Amina" not in await everything(centre)


async def test_a_year_after_a_gathering_its_people_are_forgotten(centre: Centre, app: FastAPI) -> None:
    course = await centre.gathering(kind="course", capacity=1)
    seated = (await centre.post(f"gatherings/{course['id']}/signups", CITIZEN, {"contact": AMINA})).json()
    contact = await contact_of(centre, seated)
    forgetting = Forgetting(centre.database, app.state.settings)
    ends_at = datetime.fromisoformat(course["ends_at"])

    for days, status in ((364, 200), (366, 404)):
        with time_machine.travel(ends_at + timedelta(days=days), tick=True):
            await forgetting.round()
            assert (await centre.get(f"contacts/{contact}", bearer(centre.tenant))).status_code == status


async def test_only_staff_ask_about_people(centre: Centre) -> None:
    contact = await contact_of(centre, await confided(centre))

    for who, status in ((CITIZEN, 401), (centre.association(uuid4()), 403), (bearer("slagelse"), 404)):
        assert (await centre.get(f"contacts/{contact}", who)).status_code == status
        assert (await centre.call("DELETE", f"contacts/{contact}", who)).status_code == status
        assert (await centre.post("contacts/find", who, {"email": AMINA["email"]})).status_code == status


async def test_the_worker_seals_what_is_kept_with_the_newest_key(centre: Centre, app: FastAPI) -> None:
    booking = await confided(centre)
    settings: BookingSettings = app.state.settings
    old = settings.message_keys[0].get_secret_value()
    both = BookingSettings(database_url=settings.database_url, message_keys=f"{Fernet.generate_key().decode()},{old}")

    await Forgetting(centre.database, both).round()
    stale = await centre.get(f"bookings/{booking['id']}/message", centre.staff)
    app.state.seals, before = type(app.state.seals)(both.message_keys), app.state.seals
    fresh = await centre.get(f"bookings/{booking['id']}/message", centre.staff)
    app.state.seals = before
    async with centre.database.transaction(EVERY_TENANT) as session:  # Others' messages go with the key.
        await (await session.connection()).execute(text("update bookings set message = null"))

    assert (stale.status_code, stale.json()["type"]) == (409, "urn:kompas:problem:message-unreadable")
    assert fresh.json()["message"] == SECRET


async def test_whoever_guesses_links_is_stopped_and_others_are_not(app: FastAPI, centre: Centre) -> None:
    booking = await centre.booking(await centre.resource(), TOMORROW, "09:00", "09:30")
    own = create_app(app.state.settings)
    course = await centre.gathering(kind="course", capacity=1)
    seat = (await centre.post(f"gatherings/{course['id']}/signups", CITIZEN, {"contact": AMINA})).json()

    async def asks(address: str, token: str, door: str = f"bookings/{booking['id']}") -> int:
        transport = httpx2.ASGITransport(own, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://booking") as client:
            url = f"/booking/{centre.tenant}/{door}"
            return (await client.get(url, headers={"x-manage-token": token})).status_code

    async with disposing(own.state.database):
        guess = await asks("2001:db8::1", "guess")
        for _ in range(WRONG_AN_HOUR.amount - 1):
            own.state.guesses.count(Request({"type": "http", "client": ("2001:db8::2", 1)}))
        stopped = await asks("2001:db8::ffff", "guess")
        stopped_at_seats = await asks("2001:db8::ffff", "guess", f"signups/{seat['id']}")
        others = await asks("2001:db8:1::1", booking["manage_token"])

    assert (guess, stopped, others) == (404, 429, 200)
    assert stopped_at_seats == 429
