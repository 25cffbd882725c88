"""What an export holds: the columns of each table, headed so that an import knows them again. Pure."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from services.directory.exports.schedules import in_words
from services.directory.imports.headings import FIELDS
from shared.errors import Language, Text

Values = Mapping[str, Any]


class Noun(StrEnum):
    ORGANISATIONS = "organisations"
    ACTIVITIES = "activities"
    PREMISES = "premises"


class Format(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


_PLACE = ("address", "postcode", "locality", "latitude", "longitude")
_OWNER = ("organisation_id", "organisation_name")
_ENTRY = ("assured_on", "modified_at")
_STAFF = ("source", "replaced_by")
PUBLIC: dict[Noun, tuple[str, ...]] = {
    Noun.ORGANISATIONS: (
        "id", "name", "kind", "sector", "cvr", "description", "website", "public_email", "public_phone", "size",
        "life", *_PLACE, *_ENTRY,
    ),
    Noun.ACTIVITIES: (
        "id", "title", *_OWNER, "description", "themes", "target_groups", "languages", "form", "price", "schedules",
        "accessibility", "how_to_join", "website", "companion_welcome", "volunteers_wanted", *_PLACE, "published_on",
        "expires_on", *_ENTRY,
    ),
    Noun.PREMISES: (
        "id", "name", *_OWNER, "description", "capacity", "accessibility", *_PLACE, "registered_on", *_ENTRY,
    ),
}  # fmt: skip
FOR_STAFF: dict[Noun, tuple[str, ...]] = {
    Noun.ORGANISATIONS: ("closed_on", *_STAFF),
    Noun.ACTIVITIES: ("state", "withdrawn_on", *_STAFF),
    Noun.PREMISES: ("closed_on", *_STAFF),
}
_OWN = {Noun.ORGANISATIONS: "organisation", Noun.ACTIVITIES: "activity", Noun.PREMISES: "premises"}
_ELSE = {
    "organisation_id": Text("Organisation-id", "Organisation id"),
    "assured_on": Text("Bekræftet", "Confirmed"),
    "modified_at": Text("Ændret", "Changed"),
    "published_on": Text("Offentliggjort", "Published"),
    "registered_on": Text("Registreret", "Registered"),
    "closed_on": Text("Lukket", "Closed"),
    "withdrawn_on": Text("Trukket tilbage", "Withdrawn"),
    "state": Text("Tilstand", "State"),
    "source": Text("Kilde", "Source"),
    "replaced_by": Text("Erstattet af", "Replaced by"),
}


def columns(noun: Noun, *, staff: bool) -> tuple[str, ...]:
    return PUBLIC[noun] + (FOR_STAFF[noun] if staff else ())


def heading(noun: Noun, column: str, language: Language) -> str:
    if column == "organisation_name":
        return FIELDS["organisation.name"].read(language)
    if column == "id":
        return FIELDS[f"{_OWN[noun]}.source_id"].read(language)
    name = FIELDS.get(f"{_OWN[noun]}.{column}") or _ELSE[column]
    return name.read(language)


def cell(row: Values, column: str, language: Language) -> Any:
    """As a person reads it in a sheet."""
    value = row[column]
    match value:
        case None:
            return ""
        case bool():
            return {"da": ("nej", "ja"), "en": ("no", "yes")}[language][value]
        case list() if column == "schedules":
            return in_words(value, language)
        case list():
            return "; ".join(value)
        case int() | float():
            return value
        case _:
            return plainly(value)


def plainly(value: Any) -> Any:
    """As JSON takes it."""
    write: Callable[[], str] | None = getattr(value, "isoformat", None)
    if write:
        return write()
    return value if isinstance(value, str | int | float | bool | list | dict) or value is None else str(value)
