"""Associations with an address and a link, as tests of surveys need them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import text

from shared.events.envelope import read
from tests.service.kpi.centre import Centre, Json

QUESTIONS = [
    {"key": "help_leadership", "kind": "yes_no", "text": "Har I fået hjælp inden for emnet ledelse?"},
    {"key": "new_volunteers", "kind": "number", "text": "Hvor mange nye frivillige har I fået?"},
    {"key": "channel", "kind": "choice", "text": "Hvordan hørte I om os?", "choices": ["avis", "nabo"]},
    {"key": "wish", "kind": "text", "text": "Hvad ønsker I jer?"},
]
SURVEY = {"slug": "tal-fra-din-forening-2023", "title": "Tal fra din forening", "questions": QUESTIONS}


@dataclass
class Association:
    centre: Centre
    organisation: UUID
    name: str

    @property
    def listed(self) -> Json:
        """As staff list it."""
        return {
            "organisation_id": str(self.organisation),
            "name": self.name,
            "email": f"{self.organisation}@example.dk",
        }

    async def link(self) -> str:
        """The newest one, as it is handed to notify."""
        shared = [data for key, data in await contacts(self.centre) if data["name"] == self.name]
        return str(shared[-1]["manage_url"])

    async def ask(self, method: str, path: str = "", body: Json | None = None, **headers: str) -> httpx2.Response:
        id, _, token = (await self.link()).rpartition("#")[2].partition(".")
        return await self.centre.client.request(
            method,
            f"/kpi/{self.centre.tenant}/invitations/{id}{path}",
            json=body,
            headers={"X-Survey-Token": token} | headers,
        )

    async def sees(self) -> Json:
        answer = await self.ask("GET")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def answers(self, **answers: Any) -> httpx2.Response:
        return await self.ask("PUT", "/answer", {"answers": answers})


def association(centre: Centre, name: str = "Bolbro Skakklub") -> Association:
    return Association(centre, uuid4(), name)


async def asked(centre: Centre, *associations: Association, **opening: Any) -> Json:
    """An open survey that these are invited to."""
    survey = (await centre.post("surveys", SURVEY)).json()
    answer = await centre.post(
        f"surveys/{survey['id']}/open", {"invitations": [each.listed for each in associations]} | opening
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def contacts(centre: Centre) -> list[tuple[str, Json]]:
    """What goes to the restricted topic: key and data, which is none for a tombstone."""
    async with centre.database.transaction(centre.tenant) as session:
        found = await (await session.connection()).execute(
            text("select key, payload from outbox where topic = 'contacts' order by id")
        )
        return [(row.key, read(bytes(row.payload)).data if row.payload else {}) for row in found]
