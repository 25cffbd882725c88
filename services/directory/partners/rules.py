"""Rules for what partners send: what may be accepted, and an entry of theirs as one of ours. Pure."""

from enum import StrEnum
from typing import Any

from services.directory.rules import State
from shared.errors import Conflict, Text
from shared.events.partner import (
    Every,
    Hours,
    PartnerActivityPublished,
    PartnerActivityWithdrawn,
    PartnerOrganisationClosed,
    PartnerOrganisationPublished,
)
from shared.events.words import Kind


class Accepted(StrEnum):
    """The types of events that a partner can be allowed to send."""

    ORGANISATION_PUBLISHED = PartnerOrganisationPublished.TYPE
    ORGANISATION_CLOSED = PartnerOrganisationClosed.TYPE
    ACTIVITY_PUBLISHED = PartnerActivityPublished.TYPE
    ACTIVITY_WITHDRAWN = PartnerActivityWithdrawn.TYPE


class Noun(StrEnum):
    ORGANISATION = "organisation"
    ACTIVITY = "activity"


class SourceTaken(Conflict):
    slug = "source-taken"
    title = Text("En anden partner har denne afsender", "Another partner has this source")


class KeptByPartner(Conflict):
    slug = "kept-by-partner"
    title = Text(
        "Det kommer fra en samarbejdspartner og ændres hos dem", "It comes from a partner and is changed there"
    )


def organisation_fields(event: PartnerOrganisationPublished) -> dict[str, Any]:
    """All of them, so that what the partner no longer says is no longer said here."""
    return event.model_dump() | {"closed_on": None}


def activity_fields(event: PartnerActivityPublished) -> dict[str, Any]:
    told = event.model_dump(
        exclude={"organisation_id", "organisation_name", "organisation_kind", "organisation_sector", "schedules"}
    )
    return told | {
        "schedules": [_schedule(each) for each in event.schedules],
        "state": State.PUBLISHED,
        "withdrawn_on": None,
        "withdrawal_reason": None,
    }


def _contradictory(hours: Hours) -> str | None:
    """What no activity of our own may say either."""
    if (hours.day is None) == (hours.weekday is None):
        return "either day or weekday"
    if hours.ends <= hours.starts:
        return "ends before it starts"
    if hours.weekday is not None and hours.every == Every.TWO_WEEKS and hours.first_day is None:
        return "every second week needs a first day"
    if hours.first_day and hours.last_day and hours.last_day < hours.first_day:
        return "the last day is before the first"
    return None


def _schedule(hours: Hours) -> dict[str, Any]:
    """As the directory keeps times; our own weekdays begin with Monday as 0."""
    clock = {"from": hours.starts, "to": hours.ends}
    if hours.day is not None:
        return {"date": hours.day.isoformat(), **clock}
    return {
        "weekday": (hours.weekday or 1) - 1,
        **clock,
        "every": hours.every.value,
        "valid_from": hours.first_day.isoformat() if hours.first_day else None,
        "valid_to": hours.last_day.isoformat() if hours.last_day else None,
    }


def contradiction(event: PartnerOrganisationPublished | PartnerActivityPublished) -> str | None:
    """What a schema cannot say; the words name fields and no value, because they are stored."""
    kinds: list[Kind]
    match event:
        case PartnerOrganisationPublished():
            kinds = [event.kind, event.sector]
        case PartnerActivityPublished():
            kinds = [event.organisation_kind, event.organisation_sector, event.form]
            kinds += [each.every for each in event.schedules]
            if problems := sorted(filter(None, map(_contradictory, event.schedules))):
                return f"schedules: {problems[0]}"
    # Read kindly, an unknown value arrives as itself; but an entry is shown, filtered and sent on by these.
    unknown = sorted(type(kind).__name__ for kind in kinds if kind.name == "UNKNOWN")
    return f"not a known {unknown[0]}" if unknown else None
