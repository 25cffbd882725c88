"""What tests of freshness say again and again: who speaks for whom, that a day passes, what is in the post."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2
import time_machine
from sqlalchemy import text

from services.directory.contacts.models import ContactRole, Role
from services.directory.freshness.usecases.tending import tend
from shared.clock import DANISH
from tests.service.directory.centre import Centre, Json

PUBLIC = "https://kompas.example"


async def speaks(
    centre: Centre, organisation: Json, email: str = "mona@example.dk", role: str = "editor", **more: Any
) -> UUID:
    """Mona answers for it. Names and addresses are not in the organisation's own entry."""
    speaker = ContactRole(
        tenant=centre.tenant,
        organisation_id=UUID(organisation["id"]),
        role=Role(role),
        name="Mona Friis",
        email=email,
        **more,
    )
    async with centre.database.transaction(centre.tenant) as session:
        session.add(speaker)
    return speaker.id


@asynccontextmanager
async def on(day: str, clock: str = "12:00") -> AsyncIterator[None]:
    at = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=DANISH)
    with time_machine.travel(at, tick=False):
        yield


async def round_on(centre: Centre, day: str) -> None:
    """The job's visit to this centre at noon of that day."""
    async with on(day), centre.database.transaction(centre.tenant) as session:
        await tend(session, centre.tenant, PUBLIC)


async def post(centre: Centre) -> list[tuple[str, Json | None]]:
    """What went to notify since we looked last: letters' facts, addresses that were shared, and those taken back."""
    async with centre.database.transaction(centre.tenant) as session:
        connection = await session.connection()
        rows = await connection.execute(
            text(
                "delete from outbox where type like 'kompas.contacts.%' or type like 'kompas.directory.assurance.%'"
                " returning id, type, payload"
            )
        )
        found = sorted(rows.all())
    return [
        (row.type.split(".")[3] if row.payload else "erased", json.loads(row.payload)["data"] if row.payload else None)
        for row in found
    ]


class Letter:
    """The link of a letter, in the hands of whoever got it."""

    def __init__(self, centre: Centre, manage_url: str) -> None:
        assert manage_url.startswith(f"{PUBLIC}/directory/{centre.tenant}/assure#")
        self.centre = centre
        self.id, self.token = manage_url.partition("#")[2].split(".")

    @property
    def held(self) -> dict[str, str]:
        return {"x-assurance-token": self.token}

    async def reads(self) -> httpx2.Response:
        return await self.centre.get(f"askings/{self.id}", self.held)

    async def says(self, entry: Json, answer: str, **more: Any) -> httpx2.Response:
        body = {"entry_id": entry["id"], "answer": answer, **more}
        return await self.centre.post(f"askings/{self.id}/answers", body, self.held)

    async def undoes(self, entry: Json) -> httpx2.Response:
        return await self.centre.post(f"askings/{self.id}/undo", {"entry_id": entry["id"]}, self.held)


async def letters(centre: Centre) -> list[Letter]:
    return [Letter(centre, data["manage_url"]) for kind, data in await post(centre) if kind == "shared" and data]


async def standing(centre: Centre, table: str, id: str) -> tuple[str, str | None]:
    async with centre.database.transaction(centre.tenant) as session:
        found = await (await session.connection()).execute(
            text(f"select freshness, assured_on from {table} where id = :id"), {"id": id}
        )
        freshness, assured_on = found.one()
    return freshness, assured_on and str(assured_on)


async def share(centre: Centre) -> tuple[int, int]:
    answer = (await centre.get("freshness")).json()
    return answer["fresh"], answer["total"]
