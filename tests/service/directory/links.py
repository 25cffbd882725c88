"""Åse edits for her association by a link: how she gets it, and what it opens."""

import json
from typing import Any

from sqlalchemy import text

from tests.service.directory.centre import Centre, Json

AASE = {"role": "editor", "name": "Åse Sørensen", "email": "aase@example.dk"}


async def mailed(centre: Centre) -> list[str]:
    """The links that were handed to notify, as they stand behind the #, oldest first."""
    async with centre.database.transaction(centre.tenant) as session:
        rows: Any = await (await session.connection()).execute(
            text("select payload from outbox where topic = 'contacts' and payload is not null order by id")
        )
        urls = [json.loads(payload)["data"].get("manage_url") for (payload,) in rows]
        return [url.partition("/edit#")[2] for url in urls if url]


async def linked(centre: Centre, organisation: Json, **more: str) -> dict[str, str]:
    """An editor of the organisation with a link."""
    path = f"organisations/{organisation['id']}/contacts"
    contact = (await centre.post(path, AASE | more)).json()
    assert (await centre.post(f"{path}/{contact['id']}/link")).status_code == 201
    return {"x-editor-link": (await mailed(centre))[-1]}
