"""From a citizen's click to two mails: booking's own API and worker, real Kafka, notify's worker."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest_asyncio
from sqlalchemy import text

from services.booking import main as booking
from services.booking import worker as booking_worker
from services.notify.settings import NotifySettings
from services.notify.worker import create_worker
from shared.clock import today
from shared.database import Database
from shared.settings import Settings
from shared.tenancy import EVERY_TENANT
from tests.messaging.stage import running
from tests.service.booking.centre import AMINA, Centre, danish
from tests.support.databases import Databases
from tests.support.kafka import read_up_to_here
from tests.support.people import fresh_tenant, jwks
from tests.support.waiting import eventually

PUBLIC_URL = "https://kompas.example"
HEARD = text("select count(*) from inbox where event_id = any(cast(:ids as uuid[]))")
TOMORROW = today() + timedelta(days=1)


@pytest_asyncio.fixture
async def notify(make_database: Databases) -> AsyncIterator[Database]:
    database = Database(await make_database.fresh("notify"))
    yield database
    await database.dispose()


@pytest_asyncio.fixture
async def centre(
    make_database: Databases, notify: Database, bootstrap_servers: str, tmp_path: Path
) -> AsyncIterator[Centre]:
    """A centre whose bookings are mailed to `tmp_path`."""
    settings = Settings(
        database_url=await make_database.fresh("booking"),
        kafka_bootstrap_servers=bootstrap_servers,
        jwks=jwks(),
        public_url=PUBLIC_URL,
    )
    mailing = NotifySettings(database_url=notify.url, kafka_bootstrap_servers=bootstrap_servers, mailbox=tmp_path)
    heard = ("notify.contacts", "notify.booking.events", "notify.directory.events", "notify.kpi.events")
    await read_up_to_here(bootstrap_servers, *heard)
    app = booking.create_app(settings)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        httpx2.AsyncClient(transport=transport, base_url="http://booking") as client,
        running(booking_worker.create_worker(settings).run),
        running(create_worker(mailing).run),
    ):
        yield Centre(client, app.state.database, fresh_tenant())
    await app.state.database.dispose()


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def mails(folder: Path, centre: Centre) -> list[EmailMessage]:
    """The centre's, in the order in which they came; the worker hears what other tests have left, too."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [mail for mail in found if f"/{centre.tenant}/" in text_of(mail)]


async def test_a_conversation_that_is_booked_and_cancelled_is_two_mails_with_a_link_and_no_purpose(
    centre: Centre, tmp_path: Path
) -> None:
    resource = await centre.resource(name="Samtale om ensomhed", locality="Vollsmose")

    booked = await centre.booking(resource, TOMORROW, "09:00", "09:30")
    await centre.cancel_with(booked)
    await eventually(lambda: len(mails(tmp_path, centre)) == 2)

    assert [mail["Subject"] for mail in mails(tmp_path, centre)] == ["Din aftale er bekræftet", "Din aftale er aflyst"]
    for mail in mails(tmp_path, centre):
        body = mail.get_content()
        assert mail["To"] == AMINA["email"]
        assert f"{PUBLIC_URL}/booking/{centre.tenant}/manage#{booked['id']}.{booked['manage_token']}" in body
        assert not any(word in body for word in ("ensomhed", "Samtale", "seeking", "fællesskab", "Vollsmose", "09.00"))


async def test_a_room_s_mail_says_when_and_where(centre: Centre, tmp_path: Path) -> None:
    room = await centre.resource(kind="room", name="Store sal", locality="Bolbro")

    await centre.booking(room, TOMORROW, "09:00", "09:30")
    await eventually(lambda: len(mails(tmp_path, centre)) == 1)

    body = text_of(mails(tmp_path, centre)[0])
    assert "kl. 09.00–09.30\r\n" in body
    assert "Sted: Bolbro\r\n" in body


async def test_a_booking_that_moves_and_a_season_are_a_mail_each(centre: Centre, tmp_path: Path) -> None:
    room = await centre.resource(kind="room", name="Store sal", locality="Bolbro")
    booked = await centre.booking(room, TOMORROW, "09:00", "09:30")
    times = {"starts_at": danish(TOMORROW, "10:00"), "ends_at": danish(TOMORROW, "10:30")}
    await centre.post(f"bookings/{booked['id']}/reschedule", centre.staff, times)
    season = {**times, "resource_id": room["id"], "rule": "FREQ=DAILY;COUNT=3", "contact": AMINA}

    made = (await centre.post("series", {}, season)).json()
    await eventually(lambda: len(mails(tmp_path, centre)) == 3)

    by_subject = {mail["Subject"]: text_of(mail) for mail in mails(tmp_path, centre)}
    assert set(by_subject) == {"Din aftale er bekræftet", "Din aftale er flyttet", "Svar på dine gentagne tider"}
    assert "kl. 10.00–10.30\r\n" in by_subject["Din aftale er flyttet"]
    assert "Tid: kl. 10.00–10.30\r\n" in by_subject["Svar på dine gentagne tider"]
    assert "Sted: Bolbro\r\nBekræftet: 2 af 3\r\n" in by_subject["Svar på dine gentagne tider"]
    assert ": optaget\r\n" in by_subject["Svar på dine gentagne tider"]
    assert f"manage#series.{made['id']}.{made['manage_token']}" in by_subject["Svar på dine gentagne tider"]


async def test_what_staff_record_afterwards_is_mailed_to_nobody(
    centre: Centre, notify: Database, tmp_path: Path
) -> None:
    resource = await centre.resource()
    yesterday = today() - timedelta(days=1)
    wish = centre.wish(resource, danish(yesterday, "09:00"), danish(yesterday, "09:30"), channel="assisted")

    recorded = await centre.post("bookings", centre.staff, wish)
    cancelled = await centre.post(f"bookings/{recorded.json()['id']}/cancel", centre.staff, {})
    ids = [event["id"] for event in await centre.stated(recorded.json()["id"]) if "requested" not in event["type"]]

    async def heard() -> bool:
        async with notify.transaction(EVERY_TENANT) as session:
            return bool(await session.scalar(HEARD, {"ids": ids}) == len(ids) == 2)

    await eventually(heard)
    assert (recorded.status_code, cancelled.status_code) == (201, 200)
    async with notify.transaction(centre.tenant) as session:
        assert await session.scalar(text("select count(*) from deliveries")) == 0


async def test_a_seat_that_is_given_back_reaches_whoever_waits_by_mail_with_a_link_that_takes_it(
    centre: Centre, tmp_path: Path
) -> None:
    gathering = await centre.gathering(capacity=1, title="Kursus i ledelse")
    path = f"gatherings/{gathering['id']}/signups"
    holder, waiting = [(await centre.post(path, {}, {"contact": AMINA})).json() for _ in range(2)]

    await centre.post(f"signups/{holder['id']}/cancel", {"x-manage-token": holder["manage_token"]})
    await eventually(lambda: len(mails(tmp_path, centre)) == 4)

    told = {mail["Subject"]: text_of(mail) for mail in mails(tmp_path, centre)}
    assert told.keys() == {
        "Du har en plads", "Du står i kø til en plads", "Din tilmelding er afmeldt", "Der er en plads til dig",
    }  # fmt: skip
    link = told["Der er en plads til dig"].split(f"{PUBLIC_URL}/booking/{centre.tenant}/seat#")[1].split()[0]
    id, token = link.split(".")
    taken = await centre.post(f"signups/{id}/accept", {"x-manage-token": token})
    assert (id, taken.json()["state"]) == (waiting["id"], "confirmed")
    assert "Hvad: Kursus i ledelse" in told["Der er en plads til dig"]


async def test_a_time_that_becomes_free_is_a_text_message_to_whoever_prefers_it_and_its_link_takes_it(
    centre: Centre, notify: Database, tmp_path: Path
) -> None:
    async with notify.transaction(centre.tenant) as session:
        chosen = {"tenant": centre.tenant, "sender": "FC Odense"}
        switch_on = text("insert into text_messages values (:tenant, true, :sender)")
        await (await session.connection()).execute(switch_on, chosen)
    hours = [{"weekday": day, "from": "09:00", "to": "09:30"} for day in range(7)]
    resource = await centre.resource(opening_hours=hours)
    booked = await centre.booking(resource, TOMORROW, "09:00", "09:30")
    body = {
        "resource_id": resource["id"], "earliest": danish(TOMORROW, "09:00"), "latest": danish(TOMORROW, "10:00"),
        "purpose": "other", "contact": AMINA | {"prefers": "sms"},
    }  # fmt: skip
    waits = (await centre.post("waiting", {}, body)).json()

    await centre.cancel_with(booked)
    await eventually(lambda: bool(texts(tmp_path, centre)))

    [told] = texts(tmp_path, centre)
    # By when it must be taken is said or not, as far away as the morning still is.
    news, _, how = told.partition(" Tag den ")
    assert news == "From: FC Odense\nTo: +4520123456\n\nEn tid, du venter på, er blevet ledig."
    assert not any(word in how for word in ("Samtale", "Amina"))
    id, token = told.split("/manage#waiting.")[1].split()[0].split(".")
    taken = await centre.post(f"waiting/{id}/accept", {"x-manage-token": token})
    assert (id, taken.json()["state"]) == (waits["id"], "accepted")
    assert "En tid er blevet ledig" not in [mail["Subject"] for mail in mails(tmp_path, centre)]


def texts(folder: Path, centre: Centre) -> list[str]:
    return [written for file in folder.glob("*.txt") if f"/{centre.tenant}/" in (written := file.read_text())]
