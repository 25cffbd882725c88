"""Somebody who changes the directory at random, by every way in which an entry can change."""

import random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from tests.service.directory.centre import Centre


class Scribe:
    """Somebody who edits at random; several of them at a time, and some change their mind before they commit."""

    def __init__(self, centre: Centre, seed: int) -> None:
        self.centre, self.random = centre, random.Random(seed)

    async def edit(self, times: int) -> None:
        done = 0
        while done < times:
            at_once = min(times - done, self.random.choice((1, 2, 5, 10)))
            try:
                async with self.centre.database.transaction(self.centre.tenant) as session:
                    for _ in range(at_once):
                        await self._one(session)
                    if self.random.random() < 0.05:
                        raise ChangedMind
            except ChangedMind:
                continue
            done += at_once

    async def _one(self, session: AsyncSession) -> None:
        kind = self.random.choice(("organisations", *["premises"] * 3, *["activities"] * 6))
        often, seldom = (self._new, self._change), (self._hide, self._show, self._merge, self._move, self._delete)
        deed = self.random.choice((*often * 4, *seldom))
        await deed(session, kind)

    async def _sql(self, session: AsyncSession, statement: str, **parameters: Any) -> Any:
        return await (await session.connection()).execute(text(statement), parameters)

    async def _any(self, session: AsyncSession, kind: str) -> UUID | None:
        """A row that nobody else is at, so that no two scribes wait for each other."""
        rows = await self._sql(
            session, f"select id from {kind} where id >= :from order by id limit 1 for no key update skip locked",
            **{"from": UUID(int=self.random.getrandbits(128))},
        )  # fmt: skip
        return row[0] if (row := rows.first()) else None

    async def _new(self, session: AsyncSession, kind: str) -> None:
        told = {"tenant": self.centre.tenant, "id": UUID(int=self.random.getrandbits(128))}
        told |= {"owner": await self._any(session, "organisations"), "place": await self._any(session, "premises")}
        state = self.random.choice(("draft", "published", "published"))
        if kind == "organisations" or told["owner"] is None:
            into = "organisations (tenant, version, id, name, kind, sector)"
            values = ":tenant, 1, :id, 'Ny', 'association', 'voluntary'"
        elif kind == "premises":
            into = "premises (tenant, version, id, organisation_id, name, registered_on)"
            values = ":tenant, 1, :id, :owner, 'Nyt hus', '2026-01-01'"
        else:
            into = "activities (tenant, version, id, organisation_id, premises_id, title, description, themes,"
            into += " target_groups, languages, state)"
            values = f":tenant, 1, :id, :owner, :place, 'Ny', '', '{{ny}}', '{{}}', '{{da}}', '{state}'"
        given = {name: value for name, value in told.items() if f":{name}" in values}
        await self._sql(session, f"insert into {into} values ({values})", **given)

    async def _change(self, session: AsyncSession, kind: str) -> None:
        column = "title" if kind == "activities" else "name"
        await self._sql(
            session, f"update {kind} set {column} = :word, address = :word where id = :id",
            word=f"Æ{self.random.random()}", id=await self._any(session, kind),
        )  # fmt: skip

    async def _hide(self, session: AsyncSession, kind: str) -> None:
        how = "state = 'withdrawn'" if kind == "activities" else "closed_on = '2026-06-01'"
        await self._sql(session, f"update {kind} set {how} where id = :id", id=await self._any(session, kind))

    async def _show(self, session: AsyncSession, kind: str) -> None:
        how = "state = 'published'" if kind == "activities" else "closed_on = null"
        await self._sql(
            session, f"update {kind} set {how}, replaced_by = null where id = :id", id=await self._any(session, kind)
        )

    async def _merge(self, session: AsyncSession, kind: str) -> None:
        one, other = await self._any(session, kind), await self._any(session, kind)
        await self._sql(session, f"update {kind} set replaced_by = :other where id = :one", one=one, other=other)

    async def _move(self, session: AsyncSession, kind: str) -> None:
        await self._sql(
            session, "update activities set premises_id = :premises where id = :id",
            premises=await self._any(session, "premises"), id=await self._any(session, "activities"),
        )  # fmt: skip

    async def _delete(self, session: AsyncSession, kind: str) -> None:
        if kind == "activities":
            await self._sql(session, "delete from activities where id = :id", id=await self._any(session, kind))


class ChangedMind(Exception):
    pass
