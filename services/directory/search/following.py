"""The index of this process: filled from the database when it starts, and after each change before it answers again."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg

from services.directory.activities.models import Activity
from services.directory.activities.schemas import ActivityAnswer
from services.directory.premises.models import Premises
from services.directory.rules import Freshness
from services.directory.search import repository
from services.directory.search.catalogue import LARGE, Catalogue
from services.directory.search.defaults import DEFAULTS
from services.directory.search.entries import Described
from services.directory.search.meaning import Synonyms
from services.directory.search.repository import Shown
from shared.database import Database
from shared.messaging.patience import keep_running
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT

# What a starting process waits for its first reading; then PostgreSQL's own search answers until it is done.
FIRST_READING = 3.0
# What a question waits for the newest changes; then it is answered from what is known. Milliseconds pass in fact.
PATIENCE = 2.0
LOOK_EVERY = 1.0
TIDY_EVERY = 3600.0


class Index:
    """The database is the truth. An answer knows every change that was committed before the question was asked, as
    long as the database can be asked; questions that wait at the same time share one look at it."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self.ready = False
        self.catalogues: dict[str, Catalogue] = {}
        self._database, self._service = database, metrics.service
        self._entries = metrics.gauge("kompas_search_entries", "Activities that can be found.")
        self._wake = asyncio.Event()
        self._looked: asyncio.Future[None] | None = None
        self._first = asyncio.Event()
        self._horizon = "0"
        self._seen: dict[int, int] = {}

    def of(self, tenant: str) -> Catalogue:
        return self.catalogues.get(tenant) or _empty()

    async def current(self) -> None:
        if self._looked is None:
            return
        looked = self._looked
        self._wake.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await asyncio.shield(looked)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        follower = asyncio.create_task(keep_running("search", self._follow, service=self._service))
        tidier = asyncio.create_task(keep_running("search tidying", self._tidy, service=self._service))
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_READING):
                    await self._first.wait()
            yield
        finally:
            for task in (follower, tidier):
                task.cancel()
            await asyncio.gather(follower, tidier, return_exceptions=True)

    async def _follow(self) -> None:
        """From reaching the database to losing it. What is known goes on being found meanwhile."""
        connection = await self._database.connection()
        try:
            await connection.execute("select set_config('app.tenant', %s, false)", (EVERY_TENANT,))
            self._horizon, self._seen = await _horizon(connection), {}
            catalogues = {tenant: await self._read(tenant) for tenant in await repository.tenants(self._database)}
            self.catalogues = catalogues
            await self._look(connection)
            self._count()
            if sum(map(len, self.catalogues.values())) > LARGE:
                # Hundreds of thousands of objects that stay: who looks for cycles need not go through them each time.
                gc.freeze()
            self.ready = True
            self._first.set()
            self._looked = asyncio.get_running_loop().create_future()
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._wake.wait()
                self._wake.clear()
                # Whoever asks from here on needs the look after this one.
                waiting, self._looked = self._looked, asyncio.get_running_loop().create_future()
                await self._look(connection)
                waiting.set_result(None)
        finally:
            self._looked = None
            await connection.close()

    async def _look(self, connection: psycopg.AsyncConnection[Any]) -> None:
        cursor = await connection.execute(repository.CHANGES, (self._horizon, list(self._seen)))
        (horizon, *_), *rows = await cursor.fetchall()
        self._horizon = horizon
        self._seen |= {id: int(writer) for _, id, writer, _, _ in rows}
        self._seen = {id: writer for id, writer in self._seen.items() if writer >= int(horizon)}
        changed: dict[str, set[UUID | None]] = {}
        for _, _, _, tenant, activity in rows:
            changed.setdefault(tenant, set()).add(activity)
        for tenant, ids in changed.items():
            if None in ids or tenant not in self.catalogues:
                self.catalogues[tenant] = await self._read(tenant)
            else:
                await self._take(tenant, [id for id in ids if id])
        if changed:
            self._count()

    def _count(self) -> None:
        self._entries.labels(self._service).set(sum(map(len, self.catalogues.values())))

    async def _read(self, tenant: str) -> Catalogue:
        catalogue = Catalogue()
        async with self._database.transaction(tenant) as session:
            for locality in await repository.localities(session, tenant):
                if locality.latitude is not None and locality.longitude is not None:
                    point = (locality.latitude, locality.longitude)
                    catalogue.points[locality.name.lower()] = point
                    for postcode in locality.postcodes:
                        catalogue.points.setdefault(postcode, point)
            own = await repository.synonyms(session, tenant)
        catalogue.synonyms = Synonyms.of(DEFAULTS, own)
        described = [
            each
            async for page in repository.each_published(self._database, tenant)
            for each in _described(page, catalogue)
        ]
        await asyncio.to_thread(catalogue.fill, described)
        return catalogue

    async def _take(self, tenant: str, ids: list[UUID]) -> None:
        catalogue = self.catalogues[tenant]
        described = [
            each
            async for page in repository.each_published(self._database, tenant, ids)
            for each in _described(page, catalogue)
        ]
        await catalogue.take(described, set(ids))

    async def _tidy(self) -> None:
        while True:
            async with self._database.transaction(EVERY_TENANT) as session:
                await repository.tidy_changes(session)
            await asyncio.sleep(TIDY_EVERY)


async def _horizon(connection: psycopg.AsyncConnection[Any]) -> str:
    cursor = await connection.execute("select pg_snapshot_xmin(pg_current_snapshot())::text")
    [(horizon,)] = await cursor.fetchall()
    return str(horizon)


def _empty() -> Catalogue:
    catalogue = Catalogue()
    catalogue.synonyms = Synonyms.of(DEFAULTS)
    return catalogue


def _described(page: Iterable[Shown], catalogue: Catalogue) -> list[Described]:
    return [
        Described(
            id=activity.id,
            organisation_id=activity.organisation_id,
            organisation=name,
            title=activity.title,
            description=activity.description,
            themes=activity.themes,
            target_groups=activity.target_groups,
            languages=activity.languages,
            locality=activity.locality or (premises.locality if premises else None),
            form=activity.form,
            price=activity.price,
            accessibility=[*activity.accessibility, *(premises.accessibility if premises else ())],
            schedules=activity.schedules,
            translations=activity.translations,
            companion_welcome=activity.companion_welcome,
            point=_point(activity, premises, catalogue),
            expires_on=activity.expires_on,
            sunk=activity.freshness is Freshness.SUNK,
            answer=ActivityAnswer.model_validate(activity).model_dump_json().encode(),
        )
        for activity, name, premises in page
    ]


def _point(activity: Activity, premises: Premises | None, catalogue: Catalogue) -> tuple[float, float] | None:
    """Where it is, as exactly as anybody has said: itself, its premises, its postcode, its locality."""
    for place in (activity, premises):
        if place and place.latitude is not None and place.longitude is not None:
            return place.latitude, place.longitude
    for place in (activity, premises):
        for name in (place.postcode, place.locality and place.locality.lower()) if place else ():
            if name and name in catalogue.points:
                return catalogue.points[name]
    return None
