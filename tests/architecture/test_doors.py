"""Who may call what, asked of the applications themselves: no route without a declared permission."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx2
import psycopg
import pytest
import pytest_asyncio
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo
from sqlalchemy.engine import make_url

from kompas.halves import SERVICES
from shared.auth import Role
from shared.door import Door
from shared.settings import Settings
from shared.signing import ensure_signing_key, issue
from shared.validation import Body
from tests.support.applications import application, routes

# Design §5: what a citizen may do without a token. Every other route asks for one, and this list is read when it grows.
CITIZENS_MAY = {
    "directory": {
        "GET /organisations",
        "GET /organisations/{}",
        "GET /activities",
        "GET /activities/{}",
        "GET /premises",
        "GET /premises/{}",
        "GET /localities",
        "GET /localities/{}",
        "GET /activities/suggestions",
        "GET /find",
        "GET /find/{}",
        "GET /content",
        "GET /content/{}",
        "GET /content/by-slug/{}",
        "GET /freshness",
        "GET /askings/{}",
        "POST /askings/{}/answers",
        "POST /askings/{}/undo",
        "GET /funding-deadlines/calendar.ics",
        "GET /funding-letters/{}",
        "PUT /funding-letters/{}",
        "GET /exports/new.atom",
        "GET /exports/activities.ics",
        "GET /exports/list",
        "GET /exports/print",
        "GET /exports/{}.{}",
        "POST /pageviews",
        "GET /pageviews/point.gif",
        "POST /visit-links/mark",
        "POST /visit-links/unmark",
        "POST /editor-links",
        "GET /hsds",
        "GET /hsds/services",
        "GET /hsds/services/{}",
        "GET /hsds/organizations",
        "GET /hsds/organizations/{}",
        "GET /hsds/locations",
        "GET /hsds/locations/{}",
        "GET /hsds/service_at_locations",
        "GET /hsds/service_at_locations/{}",
        "GET /hsds/taxonomies",
        "GET /hsds/taxonomies/{}",
        "GET /hsds/taxonomy_terms",
        "GET /hsds/taxonomy_terms/{}",
        "GET /feeds/{}",
    },
    "booking": {
        "GET /resources",
        "GET /resources/{}",
        "GET /resources/{}/slots",
        "POST /bookings",
        "GET /bookings/{}",
        "GET /bookings/{}/times",
        "POST /bookings/{}/cancel",
        "POST /bookings/{}/reschedule",
        "POST /series",
        "GET /series/{}",
        "POST /series/{}/cancel",
        "GET /rounds/{}/account",
        "POST /waiting",
        "GET /waiting/{}",
        "POST /waiting/{}/accept",
        "POST /waiting/{}/leave",
        "POST /holds",
        "POST /holds/release",
        "GET /gatherings",
        "GET /gatherings/{}",
        "GET /gatherings/{}/seats",
        "GET /calendar",
        "GET /calendar.ics",
        "GET /resources/{}/{}/calendar.ics",
        "POST /own-calendars",
        "DELETE /own-calendars",
        "GET /own-calendars/{}/{}/calendar.ics",
        "POST /gatherings/{}/signups",
        "GET /signups/{}",
        "POST /signups/{}/accept",
        "POST /signups/{}/cancel",
    },
    "matching": {
        "POST /volunteers",
        "GET /volunteers/{}",
        "POST /volunteers/{}/withdraw",
        "GET /opportunities",
        "GET /opportunities/{}",
    },
    "notify": set[str](),
    "kpi": {
        "GET /plans",
        "GET /plans/{}",
        "GET /plans/{}/goals",
        "GET /plans/{}/goals/{}",
        "GET /plans/{}/goals/{}/evidence",
        "GET /plans/{}/goals/{}/history",
        "GET /plans/{}/recommendations",
        "GET /plans/{}/report",
        "GET /plans/{}/versions",
        "GET /plans/{}/versions/{}",
        "GET /stream",
        "GET /yearwheel",
        "GET /yearwheel.ics",
        "GET /invitations/{}",
        "PUT /invitations/{}/answer",
    },
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_citizen_without_a_token_may_do_this_and_no_more(service: str) -> None:
    open_to_all = {
        f"{method} {re.sub(r'{.+?}', '{}', path)}"
        for (method, path), operation in routes(application(service), service).items()
        if Role.CITIZEN in operation["x-roles"]
    }

    assert open_to_all == CITIZENS_MAY[service]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_signing_key(folder)
    return folder


@pytest_asyncio.fixture(params=SERVICES, scope="module", loop_scope="session")
async def service(
    request: pytest.FixtureRequest, databases: dict[str, str], keys: Path
) -> AsyncIterator[tuple[str, httpx2.AsyncClient]]:
    settings = Settings(database_url=databases[request.param], jwks=str(keys / "jwks.json"))
    app = application(request.param, settings)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://kompas") as client:
        yield request.param, client
    await app.state.database.dispose()


async def test_a_token_of_another_centre_and_a_bad_one_open_no_route(
    service: tuple[str, httpx2.AsyncClient], keys: Path
) -> None:
    name, client = service
    foreign = {"authorization": f"Bearer {issue(keys, tenant='slagelse', role='admin')}"}
    expired = {"authorization": f"Bearer {issue(keys, tenant='odense', role='staff', lifetime_seconds=-120)}"}

    for (method, path), operation in routes(application(name), name).items():
        url = f"/{name}/odense" + re.sub(r"\{\w+\}", str(uuid4()), path)
        assert (await client.request(method, url, headers=expired, json={})).status_code == 401, (method, path)
        if Role.CITIZEN not in operation["x-roles"]:
            assert (await client.request(method, url, headers=foreign, json={})).status_code == 404, (method, path)
            assert (await client.request(method, url, json={})).status_code == 401, (method, path)


@pytest.mark.parametrize("name", SERVICES)
async def test_every_table_with_a_tenant_hides_the_rows_of_others(name: str, databases: dict[str, str]) -> None:
    url = make_url(databases[name]).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(url) as connection:
        unguarded = await connection.execute(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'"
            " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace"
            " and not (c.relrowsecurity and c.relforcerowsecurity) and c.relname <> 'dead_letters'"
        )
        assert await unguarded.fetchall() == []
        powers = await connection.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        assert await powers.fetchone() == (False,)


def test_no_door_takes_a_day_that_cannot_be_reckoned_with() -> None:
    """Days at the end of the calendar overflow in whatever zone, quarter or year they are moved to."""
    taken = [
        f"{name} takes {day}"
        for name, field in _days_asked()
        for day in ("0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
        if _takes(field, day)
    ]

    assert taken == []


def _days_asked() -> Iterator[tuple[str, FieldInfo]]:
    """Every day and moment that a request may hold, with its name."""
    apps = [application(service) for service in SERVICES]
    bodies: list[type[BaseModel]] = [Body]
    for body in bodies:
        bodies += body.__subclasses__()
    ours = [body for body in bodies if not body.__module__.startswith("tests.")]  # A test's toys are no doors.
    asked = [(f"{body.__name__}.{name}", field) for body in ours for name, field in body.model_fields.items()]
    routers = [each.original_router for app in apps for each in app.routes if hasattr(each, "original_router")]
    for route in (route for router in routers for route in router.routes if isinstance(route, Door)):
        asked += [(f"{route.path} {each.alias}", each.field_info) for each in route.dependant.query_params]
    # Harvesters ask for what was modified since ever, and that is compared and never moved.
    days = [(name, field) for name, field in asked if "date" in str(field.annotation) and "modified_after" not in name]
    assert any("/" in name for name, _ in days)  # Questions are looked at too.
    yield from days


def _takes(field: FieldInfo, written: str) -> bool:
    try:
        return isinstance(TypeAdapter(field.rebuild_annotation()).validate_python(written), date)
    except ValueError:
        return False
