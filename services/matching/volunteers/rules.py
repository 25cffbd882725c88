"""Rules for saying yes, and for taking it back. Pure."""

from enum import StrEnum

from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.links import opens


class VolunteerState(StrEnum):
    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"


def may_manage(*, is_staff: bool, signed_in: bool, token: str | None, token_digest: bytes) -> None:
    """Staff, and whoever holds the link that the volunteer was given; nobody else learns that there is a volunteer."""
    if is_staff:
        return
    if token is None and signed_in:
        raise Forbidden
    if token is None:
        raise Unauthenticated(headers={"WWW-Authenticate": "Bearer"})
    if not opens(token, token_digest):
        raise NotFound
