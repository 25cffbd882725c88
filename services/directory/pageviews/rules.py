"""Who counts as a visitor, and how one becomes a hash that stands for nobody tomorrow. Pure."""

from collections.abc import Collection
from datetime import date
from hashlib import blake2b

# The departments that Odense's plan asks about by name (goals 1.1 and 1.2). They count from a centre's first day, also
# before staff have entered them as organisations.
ASKED_ABOUT = frozenset({"Klima- og Miljøforvaltningen", "Sundhedsforvaltningen"})


def visitor(key: bytes, *, tenant: str, site: str, day: date, address: str, user_agent: str) -> str:
    """A keyed hash: without the day's key nobody can find the address by trying all of them.

    The site is part of it, so nobody can follow a browser from one site to another either. So is the day viewed: what
    staff record afterwards is hashed with the key of the day it is recorded on, since the day's own is thrown away.
    """
    said = "\0".join((tenant, site, day.isoformat(), address, user_agent))
    return blake2b(said.encode("utf-8", "surrogateescape"), key=key, digest_size=16).hexdigest()


def unit_of(claimed: str | None, by_link: str | None, listed: Collection[str]) -> str | None:
    """The department that a view is of. A link is staff's word; a mere name is anybody's, so it must be one that the
    centre has listed: otherwise whoever likes could write a person's name into events that are kept for ever."""
    if by_link is not None:
        return by_link
    return claimed if claimed in ASKED_ABOUT or claimed in listed else None
