"""A volunteer centre that no other test has: its staff, its associations, and what it has stated in the outbox."""

import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import text

from shared.database import Database
from shared.events import CATALOGUE
from shared.events.envelope import read
from tests.support.people import bearer

Json = dict[str, Any]
CITIZEN: dict[str, str] = {}
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
NOBODY = "01a00000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Centre:
    client: httpx2.AsyncClient
    database: Database
    tenant: str

    @property
    def staff(self) -> dict[str, str]:
        return bearer(self.tenant)

    @property
    def admin(self) -> dict[str, str]:
        return bearer(self.tenant, "admin")

    def association(self, organisation_id: str) -> dict[str, str]:
        return bearer(self.tenant, "association", UUID(organisation_id))

    def neighbour(self) -> "Centre":
        return replace(self, tenant=self.tenant + "x")

    async def call(self, method: str, path: str, who: dict[str, str], body: Any = None, **more: Any) -> httpx2.Response:
        headers = {**who, **more.pop("headers", {})}
        if body is not None:
            more["json"] = body
        return await self.client.request(method, f"/directory/{self.tenant}/{path}", headers=headers, **more)

    async def get(self, path: str, who: dict[str, str] = CITIZEN, /, **query: Any) -> httpx2.Response:
        return await self.call("GET", path, who, params=query)

    async def found(self, path: str, who: dict[str, str] = CITIZEN, /, **query: Any) -> list[Json]:
        answer = await self.get(path, who, **query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def post(
        self, path: str, body: Any = None, who: dict[str, str] | None = None, /, **headers: str
    ) -> httpx2.Response:
        return await self.call("POST", path, self.staff if who is None else who, body, headers=headers)

    async def patch(
        self, path: str, body: Any, who: dict[str, str] | None = None, /, **headers: str
    ) -> httpx2.Response:
        return await self.call("PATCH", path, self.staff if who is None else who, body, headers=headers)

    async def made(self, path: str, body: Json) -> Json:
        answer = await self.post(path, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def done(self, path: str, body: Json | None = None) -> Json:
        answer = await self.post(path, body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def organisation(self, **fields: Any) -> Json:
        return await self.made("organisations", CAFE | fields)

    async def company(self, **fields: Any) -> Json:
        return await self.organisation(name="Tømrer Sørensen ApS", kind="company", sector="private", **fields)

    async def activity(self, organisation: Json, *, published: bool = True, **fields: Any) -> Json:
        activity = await self.made("activities", MEAL | {"organisation_id": organisation["id"]} | fields)
        return await self.done(f"activities/{activity['id']}/publish") if published else activity

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

    async def count(self, what: str) -> int:
        async with self.database.transaction(self.tenant) as session:
            return int((await (await session.connection()).execute(text(f"select count(*) from {what}"))).scalar_one())

    async def run(self, *statements: str) -> None:
        async with self.database.transaction(self.tenant) as session:
            for statement in statements:
                await (await session.connection()).execute(text(statement))


# What an entry says when it says nothing.
SILENT: Json = {
    "translations": {}, "assured_on": None, "assured_by": None, "freshness": "fresh", "note": None, "source": None,
    "replaced_by": None,
}  # fmt: skip
NOWHERE = {"address": None, "postcode": None, "latitude": None, "longitude": None}
PLAIN_ORGANISATION: Json = SILENT | NOWHERE | {
    "description": "", "website": None, "public_email": None, "public_phone": None, "size": None, "life": None,
}  # fmt: skip
PLAIN_ACTIVITY: Json = SILENT | NOWHERE | {
    "form": "physical", "price": None, "accessibility": [], "schedules": [], "how_to_join": "", "website": None,
    "companion_welcome": False, "volunteers_wanted": False, "premises_id": None, "publish_on": None, "expires_on": None,
}  # fmt: skip
CAFE = {"name": "Café Klare 🌻", "kind": "association", "sector": "voluntary", "locality": "Vollsmose", "cvr": None}
MEAL = {
    "title": "Spis sammen i Vollsmose",
    "description": "Vi laver mad og hygger os hver tirsdag. Børn er velkomne.",
    "themes": ["Fællesspisning"],
    "target_groups": ["voksne", "familier"],
    "locality": "Vollsmose",
    "languages": ["da", "ar"],
}


def kinds(facts: list[Json]) -> list[tuple[str, int]]:
    return [(".".join(fact["type"].split(".")[2:4]), fact["sequence"]) for fact in facts]


def fields_of(answer: httpx2.Response) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return [error["field"] for error in answer.json()["errors"]]
