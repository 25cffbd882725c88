"""Databases that have been in use before resources had parts, and before offers had a table: everything goes on."""

from uuid import uuid4

import httpx2
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.booking.main import create_app
from shared.ids import uuid7
from shared.links import hashed, new_token
from shared.migrations import SERVICES_FOLDER, upgrade
from shared.settings import Settings
from tests.service.booking.centre import CITIZEN, Centre, danish, in_days, utc
from tests.support.databases import Databases, disposing
from tests.support.people import jwks

TOMORROW = in_days(1)
# Of before: a time that is kept for somebody who waits, and a seat.
OFFERED = (
    "insert into resources (id, tenant, version, kind, name, slot_minutes, buffer_minutes, opening_hours, state)"
    " values (:resource, 'odense', 1, 'room', 'Salen', 30, 0, (select jsonb_agg(jsonb_build_object('weekday', d,"
    " 'from', '09:00', 'to', '16:00')) from generate_series(0, 6) d), 'open')",
    "update resources set span_from = number::bigint << 30, span_to = (number::bigint + 1) << 30",
    "insert into bookings (id, tenant, version, resource_id, resource_no, span_from, span_to, purpose, channel, state,"
    " starts_at, ends_at, blocked_from, blocked_until, held_until, token_hash) select :hold, tenant, 1, id, number,"
    " span_from, span_to, 'other', 'self', 'held', :starts, :ends, :starts, :ends, now() + interval '1 hour', 'x'"
    " from resources",
    "insert into waiting (id, tenant, version, resource_id, span_from, span_to, purpose, channel, token_hash, state,"
    " earliest, latest, minutes, hold_id, offer_starts_at, offer_ends_at, answer_by) select :place, tenant, 2, id,"
    " span_from, span_to, 'other', 'self', :token, 'offered', :starts, :ends, 30, :hold, :starts, :ends,"
    " now() + interval '1 hour' from resources",
    "insert into gatherings (id, tenant, version, kind, title, organisers, form, starts_at, ends_at, capacity,"
    " internal, state, admission) values (:gathering, 'odense', 1, 'course', 'Kursus', '[]', 'physical', :starts,"
    " :ends, 1, false, 'scheduled', 'signup')",
    "insert into signups (id, tenant, version, gathering_id, capacity, seat, state, meets, invited, channel,"
    " token_hash, queued_at, offer_until) values (:signup, 'odense', 2, :gathering, 1, 1, 'offered', '[]', false,"
    " 'self', :token, now(), now() + interval '1 hour')",
)


async def test_what_was_booked_before_there_were_parts_blocks_them(make_database: Databases) -> None:
    url = await make_database.empty("booking")
    tenant, resource, booking = "odense", uuid7(), uuid7()
    starts_at, ends_at = danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30")
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_to, "0001")
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

    await upgrade("booking", url)

    app = create_app(Settings(database_url=url, jwks=jwks()))
    async with (
        disposing(app.state.database),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://booking") as client,
    ):
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

    assert (whole["closed_on"], whole["open_to"], whole["horizon_days"]) == ([], "everyone", 730)
    assert (lost.status_code, moved.status_code) == (409, 200)


async def test_what_was_offered_before_offers_had_a_table_can_still_be_taken(make_database: Databases) -> None:
    url = await make_database.empty("booking")
    ids = {name: uuid7() for name in ("resource", "hold", "place", "gathering", "signup")}
    token = new_token()
    values = ids | {"starts": danish(TOMORROW, "09:00"), "ends": danish(TOMORROW, "09:30"), "token": hashed(token)}
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_to, "0005")
        await connection.execute(text("select set_config('app.tenant', '*', true)"))
        for statement in OFFERED:
            await connection.execute(text(statement), values)

    await upgrade("booking", url)

    app = create_app(Settings(database_url=url, jwks=jwks()))
    async with (
        disposing(app.state.database),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://booking") as client,
    ):
        centre, link = Centre(client, app.state.database, "odense"), {"x-manage-token": token}
        place = (await centre.get(f"waiting/{ids['place']}", link)).json()
        seat = (await centre.get(f"signups/{ids['signup']}", link)).json()
        taken = [
            await centre.post(f"{kind}/accept", link) for kind in (f"waiting/{place['id']}", f"signups/{seat['id']}")
        ]

    assert (place["offer"]["starts_at"], seat["state"]) == (utc(danish(TOMORROW, "09:00")), "offered")
    assert place["offer"]["answer_by"] == seat["offer_until"]
    assert [(answer.status_code, answer.json()["state"]) for answer in taken] == [(200, "accepted"), (200, "confirmed")]


def _to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / "booking" / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
