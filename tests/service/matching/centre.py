"""A volunteer centre that no other test has: its callers, and what it has stated in the outbox."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import text

from shared.database import Database
from shared.events import CATALOGUE
from shared.events.envelope import read
from tests.support.people import bearer

Json = dict[str, Any]
CITIZEN: dict[str, str] = {}
AMINA = {"name": "Amina Ærø 🌻", "email": "amina@example.com", "phone": "20 12 34 56", "language": "da"}
YES = {"interests": ["Besøgsven", "it-hjælp"], "locality": "Vollsmose", "languages": ["da", "so"], "contact": AMINA}
SEEKING = {"kind": "job", "title": "Besøgsven på Åhaven ☕", "description": "En time om ugen.", "skills": ["bogføring"]}


@dataclass(frozen=True)
class Centre:
    client: httpx2.AsyncClient
    database: Database
    tenant: str

    @property
    def staff(self) -> dict[str, str]:
        return bearer(self.tenant)

    def association(self, organisation_id: UUID | str) -> dict[str, str]:
        return bearer(self.tenant, "association", UUID(str(organisation_id)))

    async def get(self, path: str, who: dict[str, str] = CITIZEN, **query: Any) -> httpx2.Response:
        return await self.client.get(f"/matching/{self.tenant}/{path}", headers=who, params=query)

    async def post(self, path: str, who: dict[str, str], body: Any = None, **headers: str) -> httpx2.Response:
        return await self.client.post(f"/matching/{self.tenant}/{path}", headers={**who, **headers}, json=body)

    async def made(self, path: str, who: dict[str, str], body: Json) -> Json:
        answer = await self.post(path, who, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def volunteer(self, **fields: Any) -> Json:
        return await self.made("volunteers", CITIZEN, YES | fields)

    async def opportunity(self, **fields: Any) -> Json:
        return await self.made("opportunities", self.staff, SEEKING | {"organisation_id": str(uuid4())} | fields)

    async def engagement(self, **fields: Any) -> Json:
        body = {"company_id": str(uuid4()), "kind": "corporate_volunteering"} | fields
        return await self.made("engagements", self.staff, body)

    async def rows(self, query: str, **values: Any) -> list[Any]:
        async with self.database.transaction(self.tenant) as session:
            return list(await (await session.connection()).execute(text(query), values))

    async def stated(self, subject: str) -> list[Json]:
        """The envelopes about one thing, in order, each checked against its class."""
        found = []
        for key, topic, payload in await self.rows(
            "select key, topic, payload from outbox where key = :key and payload is not null order by id", key=subject
        ):
            envelope = read(payload)
            event = CATALOGUE[envelope.type].model_validate(envelope.data)
            assert (key, topic, envelope.subject, envelope.tenant) == (subject, event.TOPIC, subject, self.tenant)
            found.append(json.loads(payload))
        return found


def fields_of(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [error["field"] for error in answer.json()["errors"]]
