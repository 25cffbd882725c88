"""A service of one noun, just large enough to try everything that the kit promises about HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, Query, Request, Response
from pydantic import EmailStr, Field
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field as Column
from sqlmodel import SQLModel, select

from shared.auth import Public, Staff
from shared.database import Database
from shared.door import Session, expect, router, tag
from shared.errors import NotFound
from shared.ids import uuid7
from shared.metrics import Metrics
from shared.migrations import KIT_TABLES
from shared.paging import Page, Paging, paginate
from shared.settings import Settings
from shared.tenancy import TenantPath
from shared.validation import Answer, Body
from shared.web import create_app

SCHEMA = f"""
{KIT_TABLES}
create table alembic_version (version_num text);
insert into alembic_version values ('toy');
create table toys (id uuid primary key, tenant text not null, name text not null, version int not null);
create table deferred (id int primary key, toy uuid references toys (id) deferrable initially deferred);
alter table toys enable row level security;
alter table toys force row level security;
create policy own on toys using (current_setting('app.tenant', true) in (tenant, '*'));
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy own on idempotency_keys using (current_setting('app.tenant', true) in (tenant, '*'));
"""


class Toy(SQLModel, table=True):
    __tablename__ = "toys"
    id: UUID = Column(default_factory=uuid7, primary_key=True)
    tenant: str
    name: str
    version: int = 1


class ToyIn(Body):
    name: Annotated[str, Field(min_length=1, max_length=20)]
    email: EmailStr | None = None
    made_on: date | None = None
    parts: list["ToyIn"] = []


class ToyOut(Answer):
    id: UUID
    name: str
    version: int


api = router("toy")


@api.post("/toys", status_code=201)
async def make(body: ToyIn, tenant: TenantPath, session: Session, caller: Public, response: Response) -> ToyOut:
    toy = Toy(tenant=tenant, name=body.name)
    session.add(toy)
    await session.flush()
    tag(response, toy.version)
    return ToyOut.model_validate(toy)


@api.get("/toys")
async def toys(
    session: Session, caller: Staff, paging: Paging, q: Annotated[str, Query(max_length=50)] = ""
) -> Page[ToyOut]:
    found, following = await paginate(session, select(Toy), Toy.id, paging)
    return Page(items=[ToyOut.model_validate(toy) for toy in found], next_cursor=following)


@api.post("/toys/{id}/rename")
async def rename(
    id: UUID, body: ToyIn, request: Request, response: Response, session: Session, caller: Staff
) -> ToyOut:
    toy = (await session.exec(select(Toy).where(Toy.id == id).with_for_update())).first()
    if toy is None:
        raise NotFound
    expect(request, toy.version)
    toy.name, toy.version = body.name, toy.version + 1
    tag(response, toy.version)
    return ToyOut.model_validate(toy)


@api.post("/fails-at-commit", status_code=201)
async def fails_at_commit(session: Session, caller: Public) -> dict[str, str]:
    await (await session.connection()).execute(text("insert into deferred values (1, gen_random_uuid())"))
    return {"state": "made"}


@api.get("/boom")
async def boom(caller: Public) -> None:
    raise RuntimeError("secret of Amina")


def toy_app(settings: Settings) -> FastAPI:
    database = Database(settings.database_url, pool_size=5)
    return create_app("toy", settings=settings, database=database, metrics=Metrics("toy"), routers=[api])


async def make_schema(url: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)

    async with engine.begin() as connection:
        await connection.exec_driver_sql(SCHEMA)
