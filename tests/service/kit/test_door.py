"""What every service promises about HTTP, tried on a toy service with a real PostgreSQL."""

import asyncio
import base64
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from fastapi import APIRouter
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import text

from shared.door import Door
from shared.settings import Settings
from shared.signing import ensure_signing_key, issue
from shared.tenancy import EVERY_TENANT
from tests.service.kit.toy import make_schema, toy_app


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def toy(
    fresh_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[httpx2.AsyncClient, Any, Path]]:
    keys = tmp_path_factory.mktemp("keys")
    await make_schema(fresh_database)
    app = toy_app(
        Settings(database_url=fresh_database, jwks=str(ensure_signing_key(keys)), tenants=("odense", "slagelse"))
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://toy") as client:
        yield client, app, keys
    await app.state.database.dispose()


Toy = tuple[httpx2.AsyncClient, Any, Path]


def staff(toy: Toy, tenant: str = "odense") -> dict[str, str]:
    return {"authorization": f"Bearer {issue(toy[2], tenant=tenant, role='staff')}"}


async def test_an_invalid_body_is_told_every_field_and_never_what_was_sent(toy: Toy) -> None:
    body = {"name": "x" * 21, "email": "amina at home", "made_on": "i går", "colour": 1, "parts": [{"name": ""}]}

    danish = await toy[0].post("/toy/odense/toys", json=body)
    english = await toy[0].post("/toy/odense/toys", json=body, headers={"accept-language": "en-GB,en;q=0.9"})

    assert danish.status_code == 422
    assert danish.headers["content-type"] == "application/problem+json"
    assert danish.json()["errors"] == [
        {"field": "name", "message": "må højst være på 20 tegn"},
        {"field": "email", "message": "er ikke en gyldig e-mailadresse"},
        {"field": "made_on", "message": "skal være en dato, ÅÅÅÅ-MM-DD"},
        {"field": "parts[0].name", "message": "skal være på mindst 1 tegn"},
        {"field": "colour", "message": "kendes ikke"},
    ]
    assert english.json()["title"] == "Something is not filled in correctly"
    assert "amina" not in (danish.text + english.text)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b'"text"', 422),
        (b'{"name": "a\\u0000b"}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": NaN}', 422),
        (b"[" * 50_000, 422),
        (b'{"name": ' + b"9" * 5_000 + b"}", 422),
        (b'{"name": "\xe6"}', 422),
        (b'{"": 1}', 422),
        (b'{"name": "' + b"x" * 70_000 + b'"}', 413),
        ('{"name": "æøå 🎈"}'.encode(), 201),
    ],
    ids=[
        "empty",
        "broken JSON",
        "not an object",
        "NUL",
        "lone surrogate",
        "NaN",
        "deep",
        "endless number",
        "not UTF-8",
        "nameless field",
        "huge",
        "Danish letters and emoji",
    ],
)
async def test_garbage_gets_a_clear_answer(toy: Toy, sent: bytes, status: int) -> None:
    answer = await toy[0].post("/toy/odense/toys", content=sent, headers={"content-type": "application/json"})

    assert answer.status_code == status, answer.text
    assert status == 201 or answer.headers["content-type"] == "application/problem+json"
    assert status != 422 or all(each["field"] and each["message"] for each in answer.json()["errors"])
    assert status != 422 or answer.json()["errors"]


async def test_what_is_not_sent_as_json_is_told_so(toy: Toy) -> None:
    answer = await toy[0].post("/toy/odense/toys", data={"name": "x"})

    assert answer.json()["errors"] == [
        {"field": "body", "message": "skal sendes som JSON: Content-Type: application/json"}
    ]


async def test_an_address_with_a_character_that_no_text_has_is_told_where(toy: Toy) -> None:
    asked = await toy[0].get("/toy/odense/toys?q=a%00b&limit=2&z%00=1", headers=staff(toy))
    named = await toy[0].post("/toy/odense/toys/%00/rename", json={"name": "x"}, headers=staff(toy))

    assert (asked.status_code, named.status_code) == (422, 404)
    assert [each["field"] for each in asked.json()["errors"]] == ["q", "query"]


async def test_the_description_tells_how_it_refuses(toy: Toy) -> None:
    described = (await toy[0].get("/toy/openapi.json")).json()

    refusal = described["paths"]["/toy/{tenant}/toys"]["post"]["responses"]["4XX"]
    assert list(refusal["content"]) == ["application/problem+json"]
    told = (await toy[0].post("/toy/odense/toys", json={})).json()
    assert set(refusal["content"]["application/problem+json"]["schema"]["required"]) <= set(told)
    assert "HTTPValidationError" not in described["components"]["schemas"]


async def test_a_commit_that_fails_is_never_answered_with_success(toy: Toy) -> None:
    answer = await toy[0].post("/toy/odense/fails-at-commit")

    assert answer.status_code >= 500


async def test_an_unexpected_error_tells_nothing_of_its_cause(toy: Toy, capfd: pytest.CaptureFixture[str]) -> None:
    answer = await toy[0].get("/toy/odense/boom")

    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:kompas:problem:unexpected"
    printed = capfd.readouterr()
    assert "Amina" not in answer.text + printed.out + printed.err


async def test_the_same_key_does_the_work_once_even_when_both_come_at_once(toy: Toy) -> None:
    key = {"idempotency-key": str(uuid4())}

    answers = await asyncio.gather(
        *(toy[0].post("/toy/odense/toys", json={"name": "once"}, headers=key) for _ in range(5))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 4
    assert {answer.headers["etag"] for answer in answers} == {'"1"'}


async def test_a_key_for_another_body_is_refused_and_a_failed_write_frees_its_key(toy: Toy) -> None:
    key = {"idempotency-key": str(uuid4())}

    failed = await toy[0].post("/toy/odense/toys", json={"name": ""}, headers=key)
    made = await toy[0].post("/toy/odense/toys", json={"name": "first"}, headers=key)
    other = await toy[0].post("/toy/odense/toys", json={"name": "second"}, headers=key)
    elsewhere = await toy[0].post("/toy/slagelse/toys", json={"name": "second"}, headers=key)

    assert [failed.status_code, made.status_code, other.status_code, elsewhere.status_code] == [422, 201, 422, 201]
    assert other.json()["type"] == "urn:kompas:problem:idempotency-key-reused"
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_a_change_made_on_an_old_version_is_refused(toy: Toy) -> None:
    made = (await toy[0].post("/toy/odense/toys", json={"name": "v1"})).json()
    url = f"/toy/odense/toys/{made['id']}/rename"

    second = await toy[0].post(url, json={"name": "v2"}, headers={**staff(toy), "if-match": '"1"'})
    stale = await toy[0].post(url, json={"name": "v3"}, headers={**staff(toy), "if-match": '"1"'})

    assert second.headers["etag"] == '"2"'
    assert stale.status_code == 412


async def test_pages_follow_each_other_without_gap_or_repeat(toy: Toy) -> None:
    made = [(await toy[0].post("/toy/slagelse/toys", json={"name": f"n{i}"})).json()["id"] for i in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await toy[0].get(
                "/toy/slagelse/toys", params={"limit": 2, "cursor": cursor}, headers=staff(toy, "slagelse")
            )
        ).json()
        seen += [toy["id"] for toy in page["items"]]
        cursor = page["next_cursor"]

    assert [toy_id for toy_id in seen if toy_id in made] == made
    assert len(seen) == len(set(seen))
    for bad in ({"cursor": "nonsense"}, {"limit": 0}, {"limit": 201}):
        assert (await toy[0].get("/toy/slagelse/toys", params=bad, headers=staff(toy, "slagelse"))).status_code == 422


def forged(kind: str, keys: Path) -> str:
    good = issue(keys, tenant="odense", role="staff")
    header, claims, _ = good.split(".")
    private = ECKey.import_key(json.loads((keys / "signing-key.json").read_text()))
    read = json.loads(base64.urlsafe_b64decode(claims + "=="))

    def sign(**changed: Any) -> str:
        return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": private.kid}, read | changed, private)

    match kind:
        case "no signature":
            none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').decode().rstrip("=")
            return f"{none}.{claims}."
        case "symmetric with the public key":
            public = (keys / "jwks.json").read_text()
            return jwt.encode({"alg": "HS256", "kid": private.kid}, read, OctKey.import_key(public))
        case "another key":
            return jwt.encode({"alg": "ES256", "typ": "at+jwt"}, read, ECKey.generate_key("P-256"))
        case "expired":
            return sign(exp=int(time.time()) - 120)
        case "not yet":
            return sign(nbf=int(time.time()) + 300)
        case "another audience":
            return sign(aud="other")
        case "another issuer":
            return sign(iss="other")
        case "unknown role":
            return sign(role="king")
        case "changed claims":
            changed = base64.urlsafe_b64encode(json.dumps(read | {"role": "admin"}).encode()).decode().rstrip("=")
            return f"{header}.{changed}.{good.split('.')[2]}"
        case _:
            return "not.a.token"


@pytest.mark.parametrize(
    "kind",
    [
        "no signature",
        "symmetric with the public key",
        "another key",
        "expired",
        "not yet",
        "another audience",
        "another issuer",
        "unknown role",
        "changed claims",
        "garbage",
    ],
)
@pytest.mark.filterwarnings("ignore")
async def test_a_forged_or_expired_token_opens_nothing(toy: Toy, kind: str) -> None:
    header = {"authorization": f"Bearer {forged(kind, toy[2])}"}

    for method, path in (("GET", "/toy/odense/toys"), ("POST", "/toy/odense/toys")):
        answer = await toy[0].request(method, path, headers=header, json={"name": "x"})
        assert answer.status_code == 401, (method, answer.text)


async def test_roles_and_centres_are_kept_apart(toy: Toy) -> None:
    made = (await toy[0].post("/toy/odense/toys", json={"name": "ours"})).json()
    association = {
        "authorization": f"Bearer {issue(toy[2], tenant='odense', role='association', organisation_id=uuid4())}"
    }

    assert (await toy[0].get("/toy/odense/toys")).status_code == 401
    assert (await toy[0].get("/toy/odense/toys", headers=association)).status_code == 403
    assert (await toy[0].get("/toy/odense/toys", headers=staff(toy, "slagelse"))).status_code == 404
    assert (await toy[0].get("/toy/faxe/toys", headers=staff(toy, "faxe"))).status_code == 404
    renamed = await toy[0].post(
        f"/toy/slagelse/toys/{made['id']}/rename", json={"name": "theirs"}, headers=staff(toy, "slagelse")
    )
    assert renamed.status_code == 404


async def test_row_level_security_holds_without_the_repository(toy: Toy) -> None:
    database = toy[1].state.database
    await toy[0].post("/toy/odense/toys", json={"name": "ours"})

    async with database.transaction("slagelse") as session:
        foreign = (
            await (await session.connection()).execute(text("select count(*) from toys where tenant = 'odense'"))
        ).scalar()
    async with database.transaction(EVERY_TENANT) as session:
        all_of_them = (
            await (await session.connection()).execute(text("select count(*) from toys where tenant = 'odense'"))
        ).scalar()

    assert foreign == 0
    assert all_of_them > 0


def test_a_route_without_a_declared_permission_does_not_start() -> None:
    api = APIRouter(route_class=Door)

    with pytest.raises(TypeError, match="declare who may call it"):

        @api.get("/open")
        async def forgotten() -> None: ...


async def test_the_page_of_the_endpoints_calls_nobody_else(toy: Toy) -> None:
    page = (await toy[0].get("/toy/docs")).text

    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(addresses) == 3
    for address in addresses:
        assert address.startswith("/toy/docs/")
        assert (await toy[0].get(address)).status_code == 200
    assert "http" not in page


async def test_operations_answer_without_a_token(toy: Toy) -> None:
    await toy[0].get("/toy/odense/toys")

    assert (await toy[0].get("/toy/health/live")).json() == {"status": "ok"}
    assert (await toy[0].get("/toy/health/ready")).json() == {"status": "ok", "schema": "toy"}
    metrics = (await toy[0].get("/toy/metrics")).text
    assert 'kompas_http_requests_total{method="GET",route="/toy/{tenant}/toys",service="toy",status="401"}' in metrics
    assert (await toy[0].get("/toy/odense/nowhere")).headers["content-type"] == "application/problem+json"
    assert (await toy[0].put("/toy/odense/toys")).status_code == 405
