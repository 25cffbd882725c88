"""How a text message leaves: over HTTP to a gateway that speaks GatewayAPI's REST API (POST /rest/mtsms)."""

import ssl
from datetime import timedelta
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx2

from services.notify.deliveries.failures import PutOff, Refused, Unknown, is_this_machine
from services.notify.deliveries.rules import Reason
from services.notify.deliveries.texts import TextMessage
from services.notify.deliveries.transport import Mailbox
from services.notify.settings import NotifySettings

PATH = "/rest/mtsms"
# What GatewayAPI calls the two alphabets.
ENCODINGS = {"GSM-7": "UTF8", "UCS-2": "UCS2"}
# Its answers to what is wrong with this message: its number, or its text. 401 and 403 are about us.
WRONG = (400, 422)


class Texts(Protocol):
    patience: timedelta
    """How long one may take."""

    async def send(self, text: TextMessage, name: str) -> None:
        """`name` is the message's; raises `Refused`, `PutOff` or `Unknown`."""


class GatewayApi:
    patience = timedelta(seconds=20)

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname or not parts.username:
            raise ValueError("KOMPAS_SMS_URL must be https://TOKEN@host[:port]")
        if parts.scheme == "http" and not is_this_machine(parts.hostname):
            raise ValueError("KOMPAS_SMS_URL must be https, unless the gateway is this machine")
        self._token = unquote(parts.username)
        self._url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/') or PATH}"
        self._tls = ssl.create_default_context()
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2

    async def send(self, text: TextMessage, name: str) -> None:
        message = {
            "sender": text.sender,
            "message": text.words,
            "encoding": ENCODINGS[text.encoding],
            "recipients": [{"msisdn": int(text.number.removeprefix("+"))}],
            "userref": name,
            "validity_period": int(text.good_for.total_seconds()),
        }
        try:
            async with httpx2.AsyncClient(verify=self._tls, timeout=self.patience.total_seconds() / 2) as client:
                answer = await client.post(self._url, json=message, auth=(self._token, ""))
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise PutOff from error
        except httpx2.HTTPError as error:
            raise Unknown from error
        if answer.status_code in WRONG:
            raise Refused(Reason.RECIPIENT_REFUSED)
        # 500 is its own word for "not processed"; another server between us may say 502 or 504 when it was.
        if answer.status_code in (502, 504):
            raise Unknown
        if answer.status_code != 200:
            raise PutOff


def texts_of(settings: NotifySettings) -> Texts | None:
    """The folder, so that a trial reaches nobody; or the gateway, if there is one."""
    if settings.mailbox:
        return Mailbox(settings.mailbox)
    if url := settings.sms_url.get_secret_value():
        return GatewayApi(url)
    return None
