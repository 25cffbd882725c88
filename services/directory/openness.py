"""What the directory tells machines is everybody's: browsers of other sites may read it, and every answer says so."""

import re

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Attribution, because somebody who shows an old copy should say whose it is.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
OPEN = re.compile(r"/directory/[^/]+/(hsds|feeds)(/|$)")


class Open:
    """Reading only, and only there: no other door of the directory is opened to other sites' scripts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.open = CORSMiddleware(self._licensed, allow_origins=["*"], allow_methods=["GET"], expose_headers=["Link"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        open_ = scope["type"] == "http" and OPEN.match(scope["path"])
        await (self.open if open_ else self.app)(scope, receive, send)

    async def _licensed(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def saying_so(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Link", f'<{LICENCE}>; rel="license"')
            await send(message)

        await self.app(scope, receive, saying_so)
