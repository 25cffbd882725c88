"""Rules for merging two entries into one. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from services.directory.freshness.rules import EntryKind
from shared.errors import Conflict, StaleVersion, Text


class MergeField(StrEnum):
    """What an entry says of itself, and the merged entry must say once."""

    NAME = "name"
    KIND = "kind"
    SECTOR = "sector"
    TITLE = "title"
    DESCRIPTION = "description"
    THEMES = "themes"
    TARGET_GROUPS = "target_groups"
    LANGUAGES = "languages"
    FORM = "form"
    SCHEDULES = "schedules"
    PRICE = "price"
    HOW_TO_JOIN = "how_to_join"
    LOCALITY = "locality"
    CVR = "cvr"
    WEBSITE = "website"
    PUBLIC_EMAIL = "public_email"
    PUBLIC_PHONE = "public_phone"
    SIZE = "size"
    ACCESSIBILITY = "accessibility"
    COMPANION_WELCOME = "companion_welcome"
    VOLUNTEERS_WANTED = "volunteers_wanted"
    CAPACITY = "capacity"
    RESOURCE_ID = "resource_id"
    PREMISES_ID = "premises_id"
    ADDRESS = "address"
    POSTCODE = "postcode"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    LIFE = "life"
    TRANSLATIONS = "translations"


class Side(StrEnum):
    """Whose value is taken: that of the entry that is kept, or that of the one that goes into it."""

    KEPT = "kept"
    MERGED = "merged"


def _fields(names: str) -> tuple[MergeField, ...]:
    return tuple(map(MergeField, names.split()))


# A street of one entry with the postcode of the other would be an address where nobody is.
PLACE = (
    MergeField.PREMISES_ID,
    MergeField.ADDRESS,
    MergeField.POSTCODE,
    MergeField.LATITUDE,
    MergeField.LONGITUDE,
)
# What each kind of entry says, in the order in which it is read. The days on which it comes and goes are its own.
SAID = {
    EntryKind.ORGANISATION: _fields(
        "name kind sector locality cvr description website public_email public_phone size address postcode latitude"
        " longitude life translations"
    ),
    EntryKind.ACTIVITY: _fields(
        "title description themes target_groups languages form schedules price how_to_join website accessibility"
        " companion_welcome volunteers_wanted locality premises_id address postcode latitude longitude translations"
    ),
    EntryKind.PREMISES: _fields(
        "name description capacity accessibility resource_id locality address postcode latitude longitude translations"
    ),
}


class Closed(Conflict):
    slug = "cannot-merge-closed"
    title = Text("Kun det, der er åbent, kan slås sammen", "Only what is open can be merged")


class NotShown(Conflict):
    slug = "kept-not-published"
    title = Text(
        "Den, der beholdes, skal være offentliggjort, når den anden er det",
        "The one that is kept must be published, as the other one is",
    )


class MergedAlready(Conflict):
    slug = "merged-already"
    title = Text("Den er allerede slået sammen med en anden", "It was merged with another one already")


class AlreadyUndone(Conflict):
    slug = "already-undone"
    title = Text("Sammenlægningen er allerede fortrudt", "The merge has been undone already")


class MergedSince(Conflict):
    slug = "merged-since"
    title = Text(
        "Den er siden slået sammen med en anden; fortryd det først",
        "It was merged with another one since; undo that first",
    )


def as_seen(versions: Mapping[Side, int], kept: int, merged: int) -> None:
    """Refuse to merge by what somebody read before it was changed, where they say which versions they read."""
    if not versions.items() <= {Side.KEPT: kept, Side.MERGED: merged}.items():
        raise StaleVersion


def foreign(kind: EntryKind, wishes: Mapping[MergeField, Side]) -> list[MergeField]:
    """Fields that such an entry does not have."""
    return [field for field in wishes if field not in SAID[kind]]


def chosen(
    kind: EntryKind, kept: Mapping[str, Any], merged: Mapping[str, Any], wishes: Mapping[MergeField, Side]
) -> dict[str, tuple[Any, Any]]:
    """The fields of the kept entry that change, each from what to what.

    What nobody chose stays; where the kept entry says nothing, the other one's word fills the gap. A place is filled
    whole or not at all.
    """
    placed = any(kept.get(field) is not None for field in PLACE)
    result = {}
    for field in SAID[kind]:
        silent = kept[field] in (None, "", [], {}) and not (placed and field in PLACE)
        side = wishes.get(field, Side.MERGED if silent else Side.KEPT)
        if side is Side.MERGED and merged[field] != kept[field]:
            result[field.value] = (kept[field], merged[field])
    return result


def differing(kind: EntryKind, kept: Mapping[str, Any], merged: Mapping[str, Any]) -> list[str]:
    """The fields in which the two do not say the same."""
    return [field.value for field in SAID[kind] if kept[field] != merged[field]]


def taken_back(fields: Mapping[str, tuple[Any, Any]], now: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What the kept entry says again, and the fields that somebody has changed since the merge."""
    back = {field: before for field, (before, after) in fields.items() if now[field] == after}
    return back, [field for field in fields if field not in back]
