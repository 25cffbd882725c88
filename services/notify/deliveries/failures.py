"""What may go wrong when a message leaves, by mail or by text message, and where it need not be encrypted."""

import ipaddress

from services.notify.deliveries.rules import Reason


class Refused(Exception):
    """This message will never be taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class PutOff(Exception):
    """Not now: the server is away, busy, or has something against us and not against this message."""


class Unknown(Exception):
    """It may have been taken, and it may not."""


def is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
