"""What there is a feed of. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    ORGANISATION = "organisation"
    ACTIVITY = "activity"
    PREMISES = "premises"


# By the name of the feed: what its items are, here and in HSDS.
FEEDS: dict[str, tuple[Kind, str]] = {
    "organisations": (Kind.ORGANISATION, "organization"),
    "activities": (Kind.ACTIVITY, "service"),
    "premises": (Kind.PREMISES, "location"),
}
