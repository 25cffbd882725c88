"""What surrounds every request: an id, a measured time, safe headers, and a problem document instead of a traceback."""

import re
import time
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from psycopg import errors as pg
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware, RequestBodyLimitResponder
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import logging
from shared.errors import Invalid, NotFound, Problem, Text, TooLarge, Unavailable, Unexpected, language_of
from shared.ids import uuid7
from shared.metrics import Metrics
from shared.validation import invalid

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
SAFE_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
    b"x-frame-options": b"DENY",
}
PROBES = ("/health/live", "/health/ready", "/metrics")


class Observed:
    """Outermost layer. What fails is logged with the route's template, never with the path or the query."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started, status = time.perf_counter(), 500
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid7())
        structlog.contextvars.bind_contextvars(request_id=request_id)

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                extra = {**SAFE_HEADERS, b"x-request-id": request_id.encode()}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in extra.items() if name not in present),
                ]
            await send(message)

        try:
            await self.app(scope, receive, send_safely)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unknown")
            self.metrics.http_requests.labels(self.metrics.service, scope["method"], route, str(status)).inc()
            self.metrics.http_seconds.labels(self.metrics.service, scope["method"], route).observe(seconds)
            if not route.endswith(PROBES) and status >= 500:
                logging.log().error(
                    "request failed", method=scope["method"], route=route, status=status, seconds=round(seconds, 4)
                )
            structlog.contextvars.unbind_contextvars("request_id")


async def answer_problem(request: Request, error: Exception) -> Response:
    """Every error as `application/problem+json` in the caller's language, holding nothing that the caller sent."""
    problem = as_problem(error)
    if problem.status == 500:
        logging.log().error("unexpected error", **logging.fault(error))
    language = language_of(request.headers.get("accept-language"))
    return JSONResponse(
        problem.document(language),
        problem.status,
        {**problem.headers, "content-language": language, "vary": "Accept-Language"},
        media_type="application/problem+json",
    )


def as_problem(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return invalid(error)
        case HTTPException(status_code=404):
            return NotFound()
        case HTTPException(status_code=413):
            return TooLarge(Text("Så meget kan der ikke sendes på én gang", "That is more than can be sent at once"))
        case HTTPException(status_code=400):
            # FastAPI's word for a body that its parser gave up on.
            return Invalid.field(
                "body",
                "kan ikke læses: JSON i UTF-8, ikke for dybt indlejret og uden tal på tusinder af cifre",
                "cannot be read: JSON in UTF-8, not nested too deeply, without numbers of thousands of digits",
            )
        case HTTPException():
            return _named(error)
        case DBAPIError(orig=pg.SerializationFailure() | pg.DeadlockDetected()):
            return Unavailable()
        case DataError():
            return Invalid(Text("En værdi kan ikke gemmes", "A value cannot be stored"))
        case OperationalError() | InterfaceError() | PoolTimeout() | pg.OperationalError():
            return Unavailable()
    return Unexpected()


def _named(error: HTTPException) -> Problem:
    problem = Problem(headers=dict(error.headers or {}))
    problem.status, problem.slug = error.status_code, f"http-{error.status_code}"
    if error.status_code == 405:
        problem.title = Text("Det kan man ikke gøre her", "That cannot be done here")
    return problem


class Limited(RequestBodyLimitMiddleware):
    """Refuses bodies that are too large: the library's measure, our words."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        return await _Limit(self.app, self.max_body_size)(scope, receive, send)


class _Limit(RequestBodyLimitResponder):
    async def send_with_limit(self, message: Message) -> None:
        """Whatever the application answers. The library would put plain text in place of the problem document."""
        self.response_started = self.response_started or message["type"] == "http.response.start"
        await self.send(message)


class Unhandled:
    """Turns what no handler knows into a problem document, before a server can print it with its values."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception as error:
            if begun:
                logging.log().error("answer broken off", **logging.fault(error))
                return None
            await (await answer_problem(Request(scope), error))(scope, receive, send)
        return None


HANDLERS: dict[Any, Any] = {
    Problem: answer_problem,
    RequestValidationError: answer_problem,
    HTTPException: answer_problem,
}
