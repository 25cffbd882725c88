"""A calendar that an adviser keeps elsewhere: fetched from a real server, blocking citizens, never leading inside."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text

from services.booking.outside.fetching import Fetcher
from services.booking.outside.job import Reading
from services.booking.outside.rules import MOST_BYTES, CannotRead, Failure
from tests.service.booking.centre import AMINA, CITIZEN, Centre, Json, danish, fields_of, in_days, utc
from tests.support.certificates import localhost_certificate

DAY = in_days(3)


def calendar(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", *events, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def busy(begins: str = "10:00", ends: str = "11:00") -> str:
    day = f"{DAY:%Y%m%d}"
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            "UID:1@elsewhere",
            f"DTSTART;TZID=Europe/Copenhagen:{day}T{begins.replace(':', '')}00",
            f"DTEND;TZID=Europe/Copenhagen:{day}T{ends.replace(':', '')}00",
            "SUMMARY:Tandlæge med Amina",
            "END:VEVENT",
        ]
    )


@dataclass
class Elsewhere:
    """A web server on this machine that answers what it is told to."""

    tls: ssl.SSLContext
    trust: ssl.SSLContext
    answer: bytes = b""
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def says(self, content: bytes, status: str = "200 OK", **headers: str) -> None:
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        length = f"content-length: {len(content)}\r\n"
        self.answer = f"HTTP/1.1 {status}\r\n{length}{more}connection: close\r\n\r\n".encode() + content

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/private-s3cret/basic.ics"

    @property
    def fetcher(self) -> Fetcher:
        return Fetcher(allowed=lambda address: address.is_loopback, tls=self.trust)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(self.answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # Who has heard enough hangs up.
        finally:
            writer.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Elsewhere"]:
        server = await asyncio.start_server(self._serve, "localhost", 0, ssl=self.tls, family=2)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return localhost_certificate(tmp_path_factory.mktemp("tls"))


@pytest_asyncio.fixture
async def elsewhere(certificate: Path) -> AsyncIterator[Elsewhere]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    async with Elsewhere(tls, ssl.create_default_context(cafile=certificate)).running() as server:
        yield server


@dataclass
class Adviser:
    """Somebody with an outside calendar, and the worker that reads it."""

    centre: Centre
    reading: Reading
    resource: Json

    @property
    def path(self) -> str:
        return f"resources/{self.resource['id']}/outside-calendar"

    async def sets(self, url: str) -> Any:
        return await self.centre.call("PUT", self.path, self.centre.staff, {"url": url})

    async def is_read(self) -> Json:
        """As the worker does when it is due."""
        async with self.centre.database.transaction("*") as session:
            due = text("update outside_calendars set due_at = now() - interval '1 hour'")
            await (await session.connection()).execute(due)
        while await self.reading.round():
            pass
        return dict((await self.centre.get(self.path, self.centre.staff)).json())

    async def clocks(self, who: dict[str, str] = CITIZEN) -> set[str]:
        query = {"from": str(DAY), "to": str(in_days(4))}
        slots = (await self.centre.get(f"resources/{self.resource['id']}/slots", who, **query)).json()["items"]
        return {slot["starts_at"] for slot in slots}

    async def book(self, begins: str, ends: str, who: dict[str, str] = CITIZEN) -> Any:
        times = {"starts_at": danish(DAY, begins), "ends_at": danish(DAY, ends)}
        return await self.centre.post(
            "bookings", who, {"resource_id": self.resource["id"], **times, "purpose": "other", "contact": AMINA}
        )


@pytest_asyncio.fixture
async def adviser(app: FastAPI, centre: Centre, elsewhere: Elsewhere) -> AsyncIterator[Adviser]:
    reading = Reading(centre.database, app.state.settings, elsewhere.fetcher)
    yield Adviser(centre, reading, await centre.resource())
    async with centre.database.transaction(centre.tenant) as session:
        await (await session.connection()).execute(text("delete from outside_calendars"))


async def test_what_an_outside_calendar_says_is_busy_no_citizen_books_and_staff_may(
    adviser: Adviser, elsewhere: Elsewhere
) -> None:
    elsewhere.says(calendar(busy("10:00", "11:00")))
    assert (await adviser.sets(elsewhere.url)).status_code == 200
    shown = await adviser.is_read()

    taken = {utc(danish(DAY, clock)) for clock in ("10:00", "10:30")}
    assert (shown["busy_periods"], shown["failure"]) == (1, None)
    assert shown["fetched_at"]
    assert not taken & await adviser.clocks()
    assert taken <= await adviser.clocks(adviser.centre.staff)
    refused = await adviser.book("10:00", "10:30")
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "slot-taken")
    assert refused.json()["alternatives"][0]["starts_at"] == utc(danish(DAY, "11:00"))
    assert (await adviser.book("10:00", "10:30", adviser.centre.staff)).status_code == 201
    assert (await adviser.book("11:00", "11:30")).status_code == 201


async def test_the_address_is_sealed_never_answered_and_nothing_but_times_is_kept(
    adviser: Adviser, elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    elsewhere.says(calendar(busy()))
    answers = [(await adviser.sets(elsewhere.url)).text, str(await adviser.is_read())]

    async with adviser.centre.database.transaction(adviser.centre.tenant) as session:
        connection = await session.connection()
        stored = str((await connection.execute(text("select * from outside_calendars c, outside_busy b"))).all())
    assert len(elsewhere.asked) == 1
    assert "GET /private-s3cret/basic.ics" in elsewhere.asked[0]
    assert f"host: localhost:{elsewhere.port}" in elsewhere.asked[0].lower()
    for said in (*answers, stored, caplog.text):
        assert not any(word in said for word in ("s3cret", "basic.ics", "Tandl", "Amina"))


async def test_a_calendar_that_fails_keeps_what_it_said_and_staff_see_why(
    adviser: Adviser, elsewhere: Elsewhere
) -> None:
    elsewhere.says(calendar(busy()))
    await adviser.sets(elsewhere.url)
    fetched = (await adviser.is_read())["fetched_at"]

    for content, status, failure in (
        (b"gone", "404 Not Found", "refused"),
        (b"<html>Log in</html>", "200 OK", "no_calendar"),
        (b" " * (MOST_BYTES + 1), "200 OK", "too_large"),
    ):
        elsewhere.says(content, status)
        shown = await adviser.is_read()
        assert (shown["failure"], shown["busy_periods"], shown["fetched_at"]) == (failure, 1, fetched)
    assert utc(danish(DAY, "10:00")) not in await adviser.clocks()

    elsewhere.says(calendar(busy("14:00", "15:00")))
    shown = await adviser.is_read()
    assert (shown["failure"], shown["failed_at"]) == (None, None)
    assert utc(danish(DAY, "10:00")) in await adviser.clocks()


async def test_removed_it_blocks_nothing_and_others_have_no_say(adviser: Adviser, elsewhere: Elsewhere) -> None:
    elsewhere.says(calendar(busy()))
    await adviser.sets(elsewhere.url)
    await adviser.is_read()
    centre = adviser.centre

    assert (await centre.call("PUT", adviser.path, CITIZEN, {"url": elsewhere.url})).status_code == 401
    assert (await centre.get(adviser.path)).status_code == 401
    assert (await centre.call("DELETE", adviser.path, centre.staff)).status_code == 204
    assert utc(danish(DAY, "10:00")) in await adviser.clocks()
    assert (await centre.get(adviser.path, centre.staff)).status_code == 404


@pytest.mark.parametrize("url", ["http://example.org/a.ics", "file:///etc/passwd", "https://", "https://a b", "ics"])
async def test_only_https_is_an_address(adviser: Adviser, url: str) -> None:
    answer = await adviser.sets(url)

    assert fields_of(answer) == ["url"]
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104
        "100.64.0.1",
        "224.0.0.1",
        "2130706433",
        "[::ffff:10.0.0.1]",
        "[fd00::1]",
        "[fe80::1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
    ],
)
async def test_no_address_leads_inside(elsewhere: Elsewhere, host: str) -> None:
    with pytest.raises(CannotRead) as refused:
        await Fetcher(tls=elsewhere.trust).fetch(f"https://{host}:{elsewhere.port}/")

    assert refused.value.failure is Failure.INTERNAL_ADDRESS
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("location", "failure"),
    [
        ("https://127.0.0.2:1/", Failure.INTERNAL_ADDRESS),
        ("http://localhost/", Failure.REFUSED),
        ("/", Failure.REFUSED),
    ],
)
async def test_a_redirect_leads_no_further_than_an_address(
    elsewhere: Elsewhere, location: str, failure: Failure
) -> None:
    elsewhere.says(b"", "302 Found", location=location)
    only_this = Fetcher(allowed=lambda address: str(address) in ("127.0.0.1", "::1"), tls=elsewhere.trust)

    with pytest.raises(CannotRead) as refused:
        await only_this.fetch(elsewhere.url)

    assert refused.value.failure is failure


async def test_what_comes_packed_is_not_unpacked(elsewhere: Elsewhere) -> None:
    elsewhere.says(b"\x1f\x8b", content_encoding="gzip")

    with pytest.raises(CannotRead) as refused:
        await elsewhere.fetcher.fetch(elsewhere.url)

    assert refused.value.failure is Failure.REFUSED


async def test_a_server_that_cannot_prove_who_it_is_is_not_read(elsewhere: Elsewhere) -> None:
    elsewhere.says(calendar(busy()))

    with pytest.raises(CannotRead) as refused:
        await Fetcher(allowed=lambda address: True).fetch(elsewhere.url)

    assert refused.value.failure is Failure.UNREACHABLE
