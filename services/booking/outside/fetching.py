"""Fetching a calendar from an address that somebody else has chosen: from the open internet, or not at all."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx2

from services.booking.outside.rules import MOST_BYTES, CannotRead, Failure, is_public

WITHIN_SECONDS = 10.0
REDIRECTS = 3
# It would write every address it asks into the log, and these are secrets.
logging.getLogger("httpx2").setLevel(logging.WARNING)


class Fetcher:
    """Looks an address up once and connects to what it has judged, so that no second answer can lead elsewhere.

    `allowed` and `tls` are for tests, whose servers are on this machine.
    """

    def __init__(
        self,
        allowed: Callable[[IPv4Address | IPv6Address], bool] = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed, self._tls = allowed, tls or ssl.create_default_context()

    async def fetch(self, url: str) -> bytes:
        try:
            async with (
                asyncio.timeout(WITHIN_SECONDS),
                # No proxy of ours either: it would look the name up again.
                httpx2.AsyncClient(verify=self._tls, trust_env=False, timeout=WITHIN_SECONDS) as client,
            ):
                asked = httpx2.URL(url)
                for _ in range(REDIRECTS + 1):
                    answer = await client.send(await self._request(client, asked), stream=True)
                    try:
                        if not answer.has_redirect_location:
                            return await _content(answer)
                        asked = asked.join(answer.headers["location"])
                    finally:
                        await answer.aclose()
        except (TimeoutError, httpx2.TimeoutException):
            raise CannotRead(Failure.TOO_SLOW) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError):  # They quote the address.
            raise CannotRead(Failure.UNREACHABLE) from None
        raise CannotRead(Failure.REFUSED)

    async def _request(self, client: httpx2.AsyncClient, url: httpx2.URL) -> httpx2.Request:
        if url.scheme != "https" or not url.host:
            raise CannotRead(Failure.REFUSED)
        found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
        addresses = [ip_address(str(place[0]).partition("%")[0]) for *_, place in found]
        # All of them: a name that also leads inside is not to be trusted with the rest.
        if not addresses or not all(map(self._allowed, addresses)):
            raise CannotRead(Failure.INTERNAL_ADDRESS)
        return client.build_request(
            "GET",
            url.copy_with(host=str(addresses[0])),
            headers={"host": url.netloc.decode(), "accept": "text/calendar", "accept-encoding": "identity"},
            extensions={"sni_hostname": url.host},
        )


async def _content(answer: httpx2.Response) -> bytes:
    """As it comes, and no more than we want: packed, two megabytes could be two thousand."""
    if answer.status_code != httpx2.codes.OK or "content-encoding" in answer.headers:
        raise CannotRead(Failure.REFUSED)
    content = bytearray()
    async for part in answer.aiter_raw():
        content += part
        if len(content) > MOST_BYTES:
            raise CannotRead(Failure.TOO_LARGE)
    return bytes(content)
