"""Rules for looking for volunteers. Pure."""

from enum import StrEnum

from shared.errors import Conflict, Forbidden, Text


class OpportunityState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class AlreadyClosed(Conflict):
    slug = "already-closed"
    title = Text("Den er allerede lukket", "It is already closed")


def closable(state: OpportunityState) -> None:
    if state is OpportunityState.CLOSED:
        raise AlreadyClosed


def speaks_for(allowed: bool) -> None:
    """An association looks for its own volunteers only; staff help everybody."""
    if not allowed:
        raise Forbidden(
            Text("Du kan kun søge frivillige til din egen forening", "You can only post for your own association")
        )
