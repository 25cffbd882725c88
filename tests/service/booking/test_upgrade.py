"""A database that has been in use before resources had parts: everything in it goes on."""

from uuid import uuid4

import httpx2
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.booking.main import create_app
from shared.ids import uuid7
from shared.migrations import SERVICES_FOLDER, upgrade
from shared.settings import Settings
from tests.service.booking.centre import CITIZEN, Centre, danish, in_days
from tests.support.databases import Databases
from tests.support.people import jwks

TOMORROW = in_days(1)


async def test_what_was_booked_before_there_were_parts_blocks_them(make_database: Databases) -> None:
    url = await make_database.empty("booking")
    tenant, resource, booking = "odense", uuid7(), uuid7()
    starts_at, ends_at = danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_to_0001)
        await connection.execute(text("select set_config('app.tenant', '*', true)"))
        await connection.execute(
            text(
                "insert into resources (id, tenant, version, kind, name, slot_minutes, buffer_minutes, opening_hours,"
                " state) values (:id, :tenant, 1, 'room', 'Salen', 30, 0,"
                " (select jsonb_agg(jsonb_build_object('weekday', d, 'from', '09:00', 'to', '16:00'))"
                " from generate_series(0, 6) d), 'open')"
            ),
            {"id": resource, "tenant": tenant},
        )
        await connection.execute(
            text(
                "insert into bookings (id, tenant, version, resource_id, resource_no, purpose, channel, state,"
                " starts_at, ends_at, blocked_until, token_hash) select :id, :tenant, 2, id, number, 'other', 'self',"
                " 'confirmed', cast(:a as timestamptz), cast(:b as timestamptz), cast(:b as timestamptz), 'x'"
                " from resources"
            ),
            {"id": booking, "tenant": tenant, "a": starts_at, "b": ends_at},
        )
    await engine.dispose()

    await upgrade("booking", url)

    app = create_app(Settings(database_url=url, jwks=jwks()))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://booking") as client:
        centre = Centre(client, app.state.database, tenant)
        whole = (await centre.get(f"resources/{resource}")).json()
        half = await centre.resource(kind="room", name="Halv", parent_id=str(resource))
        lost = await centre.post("bookings", CITIZEN, centre.wish(half, starts_at, ends_at))
        moved = await centre.post(
            f"bookings/{booking}/reschedule",
            centre.staff,
            {"starts_at": danish(TOMORROW, "10:00"), "ends_at": danish(TOMORROW, "10:30")},
            **{"idempotency-key": str(uuid4())},
        )
    await app.state.database.dispose()

    assert (whole["closed_on"], whole["open_to"], whole["horizon_days"]) == ([], "everyone", 730)
    assert (lost.status_code, moved.status_code) == (409, 200)


def _to_0001(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / "booking" / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
