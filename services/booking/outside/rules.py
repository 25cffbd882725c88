"""Rules for calendars that are kept elsewhere: how often they are read, from where, and why that failed. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from services.booking.resources.rules import Period

EVERY = timedelta(minutes=15)
LOOKING_AHEAD = timedelta(days=400)
MOST_BYTES = 2 * 2**20
MOST_PERIODS = 2_000
# Networks that lead from IPv6 to any IPv4 address, our own among them: NAT64 as everybody has it.
NAT64 = IPv6Network("64:ff9b::/96")


class Failure(StrEnum):
    """Why a calendar could not be read: `unreachable`, `internal_address` (it is none of the open internet),
    `refused` (its server says no), `too_slow`, `too_large`, `no_calendar` (what came is none) or `key_lost` (its
    address was sealed with a key that is gone)."""

    UNREACHABLE = "unreachable"
    INTERNAL_ADDRESS = "internal_address"
    REFUSED = "refused"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    NO_CALENDAR = "no_calendar"
    KEY_LOST = "key_lost"


class CannotRead(Exception):
    """Never with the address in it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it lies on the open internet, whichever way it is written."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address.sixtofour or address.teredo or address in NAT64:
            return False
    return address.is_global and not address.is_multicast


def joined(periods: Iterable[Period]) -> list[Period]:
    """Those that touch as one, the earliest first, and no more than are kept."""
    found: list[Period] = []
    for each in sorted(periods):
        if found and each.starts_at <= found[-1].ends_at:
            found[-1] = Period(found[-1].starts_at, max(found[-1].ends_at, each.ends_at))
        else:
            found.append(each)
    return found[:MOST_PERIODS]
