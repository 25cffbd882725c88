"""All five APIs behind one port, told apart by the first part of the path, as production's gateway does."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import NotFound
from shared.middleware import answer_problem

OFFERS = {
    "docs": "endepunkter / endpoints",
    "asyncapi": "hændelser / events",
    "metrics": "målinger / metrics",
    "health/ready": "klar? / ready?",
}


class OneApp:
    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, path untouched: a service answers to the same addresses wherever it runs."""
        if scope["type"] != "http":
            return
        first = scope["path"].lstrip("/").partition("/")[0]
        if app := self._apps.get(first):
            await app(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = await answer_problem(request, NotFound()) if first else self._index(request)
        await answer(scope, receive, send)

    def _index(self, request: Request) -> Response:
        """What there is, for a browser or for a program."""
        addresses = {service: {offer: f"/{service}/{offer}" for offer in OFFERS} for service in self._apps}
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(_page(addresses))
        return JSONResponse({"services": addresses})


def _page(addresses: Mapping[str, Mapping[str, str]]) -> str:
    rows = "".join(
        f"<tr><th>{service}</th>"
        + "".join(f'<td><a href="{address}">{OFFERS[offer]}</a></td>' for offer, address in offers.items())
        + "</tr>"
        for service, offers in addresses.items()
    )
    head = '<!doctype html><html lang="da"><meta charset="utf-8"><title>Kompas</title><h1>Kompas</h1>'
    return f"{head}<table>{rows}</table>"
