"""A volunteer centre that no other test has: its staff, its citizens, and what it has stated in the outbox."""

import asyncio
import json
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import text

from shared.clock import DANISH, today
from shared.database import Database
from shared.events import CATALOGUE
from shared.events.envelope import read
from tests.support.people import bearer

Json = dict[str, Any]
CITIZEN: dict[str, str] = {}
AMINA = {"name": "Amina Ærø 🌻", "email": "amina@example.com", "phone": "20 12 34 56", "language": "da"}
EVERY_DAY = [{"weekday": day, "from": "09:00", "to": "16:00"} for day in range(7)]


def danish(day: date, clock: str) -> str:
    """A Danish clock on a day, as RFC 3339 with zone."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=DANISH).isoformat()


def utc(moment: str) -> str:
    """How the API writes that moment."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


@dataclass(frozen=True)
class Centre:
    client: httpx2.AsyncClient
    database: Database
    tenant: str

    @property
    def staff(self) -> dict[str, str]:
        return bearer(self.tenant)

    def association(self, organisation_id: UUID) -> dict[str, str]:
        return bearer(self.tenant, "association", organisation_id)

    async def call(self, method: str, path: str, who: dict[str, str], body: Any = None, **more: Any) -> httpx2.Response:
        headers = {**who, **more.pop("headers", {})}
        if body is not None:
            more["json"] = body
        return await self.client.request(method, f"/booking/{self.tenant}/{path}", headers=headers, **more)

    async def get(self, path: str, who: dict[str, str] = CITIZEN, /, **query: Any) -> httpx2.Response:
        return await self.call("GET", path, who, params=query)

    async def post(self, path: str, who: dict[str, str], body: Any = None, **headers: str) -> httpx2.Response:
        return await self.call("POST", path, who, body, headers=headers)

    async def resource(self, **fields: Any) -> Json:
        """Open every day from nine to four, holidays too: tests run on those as well."""
        body = {"kind": "conversation", "name": "Samtale", "opening_hours": EVERY_DAY, "closed_on": [], **fields}
        answer = await self.post("resources", self.staff, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def wish(self, resource: Json, starts_at: str, ends_at: str, **fields: Any) -> Json:
        return {
            "resource_id": resource["id"],
            "starts_at": starts_at,
            "ends_at": ends_at,
            "purpose": "seeking_community",
            "contact": AMINA,
            **fields,
        }

    async def booking(self, resource: Json, day: date, clock: str, until: str) -> Json:
        wish = self.wish(resource, danish(day, clock), danish(day, until))
        answer = await self.post("bookings", CITIZEN, wish)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def get_with(self, booking: Json) -> httpx2.Response:
        """As whoever holds the link."""
        return await self.get(f"bookings/{booking['id']}", {"x-manage-token": booking["manage_token"]})

    async def cancel_with(self, booking: Json) -> httpx2.Response:
        return await self.post(f"bookings/{booking['id']}/cancel", {"x-manage-token": booking["manage_token"]})

    async def gathering(self, **fields: Any) -> Json:
        answer = await self.post("gatherings", self.staff, meeting(**fields))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def stated(self, subject: str) -> list[Json]:
        """The envelopes about one thing, in order, each checked against its class."""
        async with self.database.transaction(self.tenant) as session:
            rows = await (await session.connection()).execute(
                text("select key, topic, payload from outbox where key = :key order by id"), {"key": subject}
            )
            found = []
            for key, topic, payload in rows:
                envelope = read(payload)
                event = CATALOGUE[envelope.type].model_validate(envelope.data)
                assert (key, topic, envelope.subject) == (subject, event.TOPIC, subject)
                found.append(json.loads(payload))
        return found


async def together(calls: Iterable[Awaitable[httpx2.Response]], at_once: int = 25) -> list[httpx2.Response]:
    """All answers; so many calls at once as the API's ten connections serve long before one of them gives up."""
    gate = asyncio.Semaphore(at_once)

    async def one(call: Awaitable[httpx2.Response]) -> httpx2.Response:
        async with gate:
            return await call

    return await asyncio.gather(*(one(call) for call in calls))


def meeting(**fields: Any) -> Json:
    return {
        "kind": "dialogue_meeting",
        "title": "Dialogmøde om fællesskaber på Østerbro",
        "topic": "Mental mistrivsel",
        "organisers": [{"name": "Frivilligcentret", "sector": "voluntary"}],
        "form": "physical",
        "starts_at": danish(in_days(20), "17:00"),
        "ends_at": danish(in_days(20), "19:00"),
        **fields,
    }


def fields_of(answer: httpx2.Response) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return [error["field"] for error in answer.json()["errors"]]
