"""The HTTP door of every service: one transaction a request, a declared permission a route, each write at most once."""

import hashlib
import json
import re
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.auth import Access, Principal, caller_of
from shared.errors import FieldError, Invalid, NotFound, Problem, StaleVersion, Text
from shared.tenancy import tenant_of

KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_HEADERS = ("content-type", "etag", "location")


async def session_of(request: Request) -> AsyncSession:
    """The session of the request's one transaction, which begins with its first statement."""
    known: AsyncSession | None = getattr(request.state, "session", None)
    if known is None:
        tenant, caller = tenant_of(request), await caller_of(request)
        opened = request.app.state.database.transaction(tenant)
        known = request.state.session = await request.state.work.enter_async_context(opened)
        request.state.key = await _claim_key(request, known, tenant, caller)
    return known


Session = Annotated[AsyncSession, Depends(session_of)]


class KeyReused(Problem):
    status, slug = 422, "idempotency-key-reused"
    title = Text("Nøglen er brugt til noget andet", "The key was used for something else")


class Replayed(Exception):
    """This write was already done: here is what was answered then."""

    def __init__(self, response: Response) -> None:
        super().__init__("replayed")
        self.response = response


async def _claim_key(
    request: Request, session: AsyncSession, tenant: str, principal: Principal
) -> dict[str, str] | None:
    """Reserve the request's Idempotency-Key within the transaction that does the work, or answer as the first time.

    A second request with the same key waits here for the first one's commit. If that rolls back, the key is free again.
    """
    written = request.headers.get("idempotency-key")
    if written is None or request.method in ("GET", "HEAD"):
        return None
    if not KEY_PATTERN.fullmatch(written):
        raise Invalid.field(
            "Idempotency-Key", "skal være 1–200 synlige ASCII-tegn", "must be 1–200 visible ASCII characters"
        )
    digest = hashlib.sha256(
        f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
    )
    key = {"tenant": tenant, "caller": principal.subject, "key": written, "fingerprint": digest.hexdigest()}
    connection = await session.connection()
    claimed = await connection.execute(
        text(
            "insert into idempotency_keys (tenant, caller, key, fingerprint)"
            " values (:tenant, :caller, :key, :fingerprint)"
            " on conflict do nothing returning 1"
        ),
        key,
    )
    if claimed.first():
        return key
    found = await connection.execute(
        text(
            "select fingerprint, status, headers, body from idempotency_keys"
            " where (tenant, caller, key) = (:tenant, :caller, :key)"
        ),
        key,
    )
    first = found.one()
    if first.fingerprint != key["fingerprint"]:
        raise KeyReused(
            Text("Brug en ny Idempotency-Key", "Use a new Idempotency-Key"),
            errors=[FieldError("Idempotency-Key", KeyReused.title)],
        )
    raise Replayed(Response(first.body, first.status, {**first.headers, "idempotent-replayed": "true"}))


async def _store_answer(session: AsyncSession, key: dict[str, str], response: Response) -> None:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    await (await session.connection()).execute(
        text(
            "update idempotency_keys set status = :status, headers = cast(:headers as jsonb), body = :body"
            " where (tenant, caller, key) = (:tenant, :caller, :key)"
        ),
        {**key, "status": response.status_code, "headers": json.dumps(headers), "body": bytes(response.body)},
    )


class Door(APIRoute):
    """A route that refuses to exist without exactly one declared permission, and that remembers answers by key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        declared = {call for call in _calls(self.dependant) if isinstance(call, Access)}
        if len(declared) != 1:
            raise TypeError(f"{path}: declare who may call it with exactly one of the annotations in shared.auth")
        self.access: Access = declared.pop()
        self.openapi_extra = {**(self.openapi_extra or {}), "x-roles": sorted(self.access.roles)}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            """What the session did is committed before the answer leaves, so a 2xx is never about something lost."""
            _check_address(request)
            try:
                async with AsyncExitStack() as request.state.work:
                    response = await handle(request)
                    # The answer is stored with the work or not at all.
                    if key := getattr(request.state, "key", None):
                        await _store_answer(request.state.session, key, response)
            except Replayed as replayed:
                return replayed.response
            return response

        return handle_once


class Direct(Door):
    """A route whose endpoint is given the request and the caller, reads the rest by itself (`shared.asked`) and answers
    with a `Response`. For what is asked most: FastAPI's solving of parameters takes longer than a search. It has no
    session and no body, and says in `openapi_extra` what it reads. `Directly` goes to it."""

    async def answer(self, request: Request) -> Response:
        _check_address(request)
        response: Response = await self.endpoint(request, await self.access(request))
        return response


class Directly:
    """Goes to direct routes past FastAPI's layers, which know of bodies, dependencies and background tasks, and take as
    long as all the rest of our own. Stands within `Unhandled`, which answers what they raise."""

    def __init__(self, app: ASGIApp, *, routes: Sequence[Direct]) -> None:
        self.app, self.routes = app, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for route in self.routes:
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found)
                    response = await route.answer(Request(scope, receive))
                    return await response(scope, receive, send)
        return await self.app(scope, receive, send)


def _check_address(request: Request) -> None:
    """PostgreSQL stores every character but NUL: nothing has a name with one, and nobody can look for it."""
    if "\x00" in request.scope["path"]:
        raise NotFound
    if b"%00" in request.scope["query_string"]:
        why = Text("indeholder et tegn, der ikke findes i tekst", "contains a character that no text has")
        raise Invalid(
            errors=[
                FieldError("query" if "\x00" in name else name, why)
                for name, value in request.query_params.multi_items()
                if "\x00" in name + value
            ]
        )


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for dependency in dependant.dependencies:
        yield from _calls(dependency)


def router(service: str, route_class: type[Door] = Door) -> APIRouter:
    return APIRouter(prefix=f"/{service}/{{tenant}}", route_class=route_class)


def tag(response: Response, version: int) -> None:
    """Name the version of the answered thing (RFC 9110 §8.8.3)."""
    response.headers["ETag"] = f'"{version}"'


def expect(request: Request, version: int) -> None:
    """Refuse a change that was made while looking at another version. Whoever sends no `If-Match` takes the risk."""
    wanted = request.headers.get("if-match")
    if wanted is None or wanted.strip() == "*":
        return
    if f'"{version}"' not in [part.strip().removeprefix("W/") for part in wanted.split(",")]:
        raise StaleVersion
