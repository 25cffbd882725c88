"""Rules for changes: their life, and exactly what one of them changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.errors import Conflict, Text


class State(StrEnum):
    """Written (`draft`), waiting for staff (`submitted`), sent back with a reason (`returned`); then it is shown
    (`approved`) or given up (`dropped`), and another change may begin."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    DROPPED = "dropped"


OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)


class ChangeOpen(Conflict):
    slug = "change-open"
    title = Text("En anden skriver på den samme ændring lige nu", "Somebody is writing the same change just now")


class ChangeDecided(Conflict):
    slug = "change-decided"
    title = Text("Der er allerede taget stilling til ændringen", "The change has been decided already")


class NotSubmitted(Conflict):
    slug = "change-not-submitted"
    title = Text("Ændringen er ikke sendt ind", "The change has not been sent in")


class NothingChanged(Conflict):
    slug = "nothing-changed"
    title = Text("Der er ikke ændret noget", "Nothing has changed")


@dataclass(frozen=True)
class FieldChange:
    field: str
    before: Any
    after: Any


def differing(current: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What of it is another value than now: to write a field as it stands changes nothing."""
    return {field: value for field, value in wanted.items() if value != current.get(field)}


def differences(current: Mapping[str, Any], wanted: Mapping[str, Any], *, first: bool) -> list[FieldChange]:
    """Exactly the fields that would be seen to change, in the entry's own order.

    What nobody has seen yet (`first`) changes from nothing, so every field that says something is one of them.
    """
    after = {**current, **wanted}
    if first:
        return [FieldChange(field, None, value) for field, value in after.items() if _says(value)]
    return [FieldChange(field, current[field], after[field]) for field in current if current[field] != after[field]]


def undecided(state: State) -> None:
    if state not in OPEN:
        raise ChangeDecided


def reviewable(state: State) -> None:
    undecided(state)
    if state is not State.SUBMITTED:
        raise NotSubmitted


def _says(value: Any) -> bool:
    """Free of charge is said; no text, no list and no tick are not."""
    return value is not None and value is not False and value not in ("", [], {})
