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


def shown(**fields: Any) -> Json:
    return {
        "register": "inspirationspakken",
        "stakeholder_id": str(uuid4()),
        "material": "inspirationspakken",
        "channel": "møde",
        "exposed_on": "2023-05-02",
    } | fields


@dataclass(frozen=True)
class Centre:
    client: httpx2.AsyncClient
    database: Database
    tenant: str

    @property
    def staff(self) -> dict[str, str]:
        return bearer(self.tenant)

    def association(self) -> dict[str, str]:
        return bearer(self.tenant, "association", UUID(int=7))

    async def get(self, path: str, who: dict[str, str] = CITIZEN, **query: Any) -> httpx2.Response:
        return await self.client.get(f"/notify/{self.tenant}/{path}", headers=who, params=query)

    async def post(self, path: str, who: dict[str, str], body: Any = None, **headers: str) -> httpx2.Response:
        return await self.client.post(f"/notify/{self.tenant}/{path}", headers={**who, **headers}, json=body)

    async def exposure(self, **fields: Any) -> Json:
        answer = await self.post("exposures", self.staff, shown(**fields))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def rows(self, query: str, **values: Any) -> list[Any]:
        async with self.database.transaction(self.tenant) as session:
            return list(await (await session.connection()).execute(text(query), values))

    async def stated(self, subject: str) -> list[Json]:
        """The envelopes about one thing, in order, each checked against its class."""
        found = []
        for key, topic, payload in await self.rows(
            "select key, topic, payload from outbox where key = :key order by id", key=subject
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
