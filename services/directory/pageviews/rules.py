"""Who counts as a visitor, and how one becomes a hash that stands for nobody tomorrow. Pure."""

from datetime import date
from hashlib import blake2b


def visitor(key: bytes, *, tenant: str, site: str, day: date, address: str, user_agent: str) -> str:
    """A keyed hash: without the day's key nobody can find the address by trying all of them.

    The site is part of it, so nobody can follow a browser from one site to another either. So is the day viewed: what
    staff record afterwards is hashed with the key of the day it is recorded on, since the day's own is thrown away.
    """
    said = "\0".join((tenant, site, day.isoformat(), address, user_agent))
    return blake2b(said.encode("utf-8", "surrogateescape"), key=key, digest_size=16).hexdigest()
