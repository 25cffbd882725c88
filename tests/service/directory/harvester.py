"""A stranger who keeps a copy of the directory from its feeds, and what the copy must be equal to."""

import json

from sqlalchemy import text

from tests.service.directory.centre import Centre, Json

EXPORTS = {
    "organisations": "hsds/organizations?full=true&format=ndjson",
    "activities": "hsds/services?full=true&format=ndjson",
    "premises": "hsds/locations?format=ndjson",
}


class Harvester:
    """A copy of one feed, as a stranger would keep it: by what the pages say and nothing else."""

    def __init__(self, centre: Centre, feed: str, limit: int = 500) -> None:
        self.centre, self.feed = centre, feed
        self.next = f"/directory/{centre.tenant}/feeds/{feed}?limit={limit}"
        self.copy: dict[str, Json] = {}
        self.gone: dict[str, Json] = {}
        self.last = 0

    async def page(self) -> list[Json]:
        answer = await self.centre.client.get(self.next)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        for item in page["items"]:
            assert item["modified"] > self.last
            self.last = item["modified"]
            if item["state"] == "updated":
                self.copy[item["id"]] = item["data"]
                self.gone.pop(item["id"], None)
            else:
                assert "data" not in item
                self.copy.pop(item["id"], None)
                self.gone[item["id"]] = item
        if not page["items"]:
            assert page["next"].endswith(self.next) or self.next.endswith("?limit=500")
        self.next = "/directory/" + page["next"].split("/directory/", 1)[1]
        return list(page["items"])

    async def catch_up(self) -> list[Json]:
        read: list[Json] = []
        while items := await self.page():
            read += items
        return read


async def export(centre: Centre, feed: str) -> dict[str, Json]:
    path, _, query = EXPORTS[feed].partition("?")
    answer = await centre.get(path, **dict(part.split("=") for part in query.split("&")))
    found = [json.loads(line) for line in answer.text.splitlines()]
    # Locations are also those that entries have of their own; the feed is of premises.
    own = set(await _ids(centre, "premises")) if feed == "premises" else None
    return {one["id"]: one for one in found if own is None or one["id"] in own}


async def _ids(centre: Centre, table: str) -> list[str]:
    async with centre.database.transaction(centre.tenant) as session:
        return [str(row.id) for row in await (await session.connection()).execute(text(f"select id from {table}"))]
