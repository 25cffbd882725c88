"""Rules for merging two entries into one. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from shared.errors import Conflict, Text


class MergeField(StrEnum):
    """What an organisation says of itself, and the merged entry must say once."""

    NAME = "name"
    KIND = "kind"
    SECTOR = "sector"
    LOCALITY = "locality"
    CVR = "cvr"
    DESCRIPTION = "description"
    WEBSITE = "website"
    PUBLIC_EMAIL = "public_email"
    PUBLIC_PHONE = "public_phone"
    SIZE = "size"
    ADDRESS = "address"
    POSTCODE = "postcode"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    LIFE = "life"


class Side(StrEnum):
    """Whose value is taken: that of the entry that is kept, or that of the one that goes into it."""

    KEPT = "kept"
    MERGED = "merged"


# A street of one entry with the postcode of the other would be an address where nobody is.
PLACE = (MergeField.ADDRESS, MergeField.POSTCODE, MergeField.LATITUDE, MergeField.LONGITUDE)


class Closed(Conflict):
    slug = "cannot-merge-closed"
    title = Text("Kun åbne organisationer kan slås sammen", "Only open organisations can be merged")


class AlreadyUndone(Conflict):
    slug = "already-undone"
    title = Text("Sammenlægningen er allerede fortrudt", "The merge has been undone already")


class MergedSince(Conflict):
    slug = "merged-since"
    title = Text(
        "Organisationen er siden slået sammen med en anden; fortryd det først",
        "The organisation was merged with another one since; undo that first",
    )


def chosen(
    kept: Mapping[str, Any], merged: Mapping[str, Any], wishes: Mapping[MergeField, Side]
) -> dict[str, tuple[Any, Any]]:
    """The fields of the kept entry that change, each from what to what.

    What nobody chose stays; where the kept entry says nothing, the other one's word fills the gap. A place is filled
    whole or not at all.
    """
    placed = any(kept[field] is not None for field in PLACE)
    result = {}
    for field in MergeField:
        silent = kept[field] in (None, "") and not (placed and field in PLACE)
        side = wishes.get(field, Side.MERGED if silent else Side.KEPT)
        if side is Side.MERGED and merged[field] != kept[field]:
            result[field.value] = (kept[field], merged[field])
    return result
