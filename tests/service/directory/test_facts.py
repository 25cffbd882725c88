"""What the directory states: each write once, nothing of a person, nothing of another centre."""

import asyncio
import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.service.directory.centre import CAFE, Centre

TABLES = ("organisations", "memberships", "activities", "content_pages", "initiatives", "initiative_partners",
          "stakeholders", "outbox", "idempotency_keys")  # fmt: skip


async def one_of_each(centre: Centre) -> None:
    cafe = (await centre.post("organisations", CAFE, **{"idempotency-key": "café"[:3]})).json()
    await centre.made("memberships", {"organisation_id": cafe["id"], "kind": "member"})
    activity = await centre.activity(cafe, title="Spis hos Åse", description="Ring til Åse på 20123456")
    await centre.done(f"activities/{activity['id']}/withdraw", {"reason": "Åse er syg"})
    page = await centre.made(
        "content", {"kind": "story", "slug": "en-historie", "title": "Åses historie", "body": "Åse"}
    )
    await centre.done(f"content/{page['id']}/publish")
    await centre.made("initiatives", {"title": "Åses initiativ", "partner_ids": [cafe["id"]]})
    await centre.made("stakeholders", {"register": "x", "name": "Åse Sørensen", "sector": "public"})


async def test_no_fact_knows_a_name_or_a_word_that_somebody_wrote(centre: Centre) -> None:
    await one_of_each(centre)

    async with centre.database.transaction(centre.tenant) as session:
        rows = await (await session.connection()).execute(text("select payload from outbox"))
        everything = " ".join(bytes(row.payload).decode() for row in rows).lower()

    assert everything.count('"specversion"') == 7
    for secret in ("åse", "klare", "20123456", "syg", "spis hos"):
        assert secret not in everything
        assert json.dumps(secret)[1:-1] not in everything


async def test_a_repeated_write_with_its_key_is_answered_as_the_first_time(centre: Centre) -> None:
    answers = await asyncio.gather(
        *(centre.post("organisations", CAFE, **{"idempotency-key": "café-klare".encode().hex()}) for _ in range(4))
    )
    other = await centre.post("organisations", CAFE | {"name": "x"}, **{"idempotency-key": "café-klare".encode().hex()})

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.text for answer in answers}) == 1
    assert {answer.headers["etag"] for answer in answers} == {'"1"'}
    assert (other.status_code, other.json()["type"]) == (422, "urn:kompas:problem:idempotency-key-reused")
    assert (await centre.count("organisations"), await centre.count("outbox")) == (1, 1)


async def test_a_repeated_end_with_its_key_is_no_conflict(centre: Centre) -> None:
    cafe = await centre.organisation()
    membership = await centre.made("memberships", {"organisation_id": cafe["id"], "kind": "member"})

    answers = [
        await centre.post(f"memberships/{membership['id']}/end", {}, **{"idempotency-key": "end"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


async def test_a_refused_write_leaves_its_key_free(centre: Centre) -> None:
    bad = await centre.post("organisations", CAFE | {"cvr": "1"}, **{"idempotency-key": "k"})
    good = await centre.post("organisations", CAFE, **{"idempotency-key": "k"})

    assert (bad.status_code, good.status_code) == (422, 201)


async def test_a_commit_that_fails_is_not_answered_with_success(centre: Centre) -> None:
    await centre.run(
        "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$",
        "create constraint trigger refuse after insert on organisations deferrable initially deferred"
        f" for each row when (new.tenant = '{centre.tenant}') execute function refuse()",
    )
    try:
        failed = await centre.post("organisations", CAFE)
    finally:
        await centre.run("drop trigger refuse on organisations", "drop function refuse")

    assert failed.status_code >= 500
    assert await centre.count("outbox") == 0
    assert (await centre.post("organisations", CAFE)).status_code == 201


async def test_row_level_security_holds_without_the_repository(centre: Centre) -> None:
    await one_of_each(centre)
    stranger = centre.neighbour()

    for table in TABLES:
        assert await centre.count(table) > 0, table
        assert await stranger.count(table) == 0, table
        assert await stranger.count(f"{table} where tenant = '{centre.tenant}'") == 0, table
    with pytest.raises(DBAPIError, match="row-level security"):
        await stranger.run(
            "insert into organisations (tenant, id, version, name, kind, sector)"
            f" values ('{centre.tenant}', gen_random_uuid(), 1, 'x', 'association', 'voluntary')"
        )
    await stranger.run("update organisations set name = 'x'", "delete from stakeholders")
    assert await centre.count("organisations where name = 'x'") == 0
    assert await centre.count("stakeholders") == 1


async def test_without_a_tenant_nothing_is_seen(centre: Centre) -> None:
    await one_of_each(centre)

    async with centre.database.engine.connect() as connection:
        for table in (*TABLES, "pageview_keys"):
            assert (await connection.execute(text(f"select count(*) from {table}"))).scalar() == 0


async def test_no_reference_reaches_into_another_centre(centre: Centre) -> None:
    cafe, stranger = await centre.organisation(), centre.neighbour()

    with pytest.raises(DBAPIError, match="foreign key"):
        await stranger.run(
            "insert into memberships (tenant, id, version, organisation_id, kind, started_on)"
            f" values ('{stranger.tenant}', gen_random_uuid(), 1, '{cafe['id']}', 'member', now())"
        )
