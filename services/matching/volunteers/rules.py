"""Rules for saying yes, and for taking it back. Pure."""

import hashlib
import hmac
from enum import StrEnum

from shared.errors import Forbidden, NotFound, Unauthenticated


class VolunteerState(StrEnum):
    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"


def digest(token: str) -> bytes:
    """What is kept of a manage token. It has 256 bits of chance, so a plain digest needs no salt and no slowness."""
    return hashlib.sha256(token.encode()).digest()


def may_manage(*, is_staff: bool, signed_in: bool, token: str | None, token_digest: bytes) -> None:
    """Staff, and whoever holds the link that the volunteer was given; nobody else learns that there is a volunteer."""
    if is_staff:
        return
    if token is None and signed_in:
        raise Forbidden
    if token is None:
        raise Unauthenticated(headers={"WWW-Authenticate": "Bearer"})
    if not hmac.compare_digest(digest(token), token_digest):
        raise NotFound
