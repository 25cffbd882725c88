"""Pydantic's findings as field errors in Danish and English, without the value that was refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, field_validator

from shared.errors import FieldError, Invalid, Text, Wrong

# Keyed by pydantic's error type; what is not here is told in pydantic's own English words after a general Danish one.
DANISH = {
    "missing": "skal udfyldes",
    "extra_forbidden": "kendes ikke",
    "string_type": "skal være tekst",
    "string_too_short": "skal være på mindst {min_length} tegn",
    "string_too_long": "må højst være på {max_length} tegn",
    "string_pattern_mismatch": "har ikke den rigtige form",
    "int_type": "skal være et helt tal",
    "int_parsing": "skal være et helt tal",
    "int_from_float": "skal være et helt tal",
    "int_parsing_size": "er for stort et tal",
    "float_type": "skal være et tal",
    "float_parsing": "skal være et tal",
    "decimal_parsing": "skal være et tal",
    "decimal_type": "skal være et tal",
    "decimal_max_places": "må højst have {decimal_places} decimaler",
    "decimal_max_digits": "må højst have {max_digits} cifre",
    "decimal_whole_digits": "må højst have {whole_digits} cifre før kommaet",
    "finite_number": "skal være et endeligt tal",
    "greater_than": "skal være større end {gt}",
    "greater_than_equal": "skal være mindst {ge}",
    "less_than": "skal være mindre end {lt}",
    "less_than_equal": "må højst være {le}",
    "bool_type": "skal være sand eller falsk",
    "bool_parsing": "skal være sand eller falsk",
    "enum": "skal være en af: {expected}",
    "union_tag_invalid": "skal være en af: {expected_tags}",
    "union_tag_not_found": "mangler {discriminator}",
    "literal_error": "skal være en af: {expected}",
    "uuid_parsing": "er ikke et gyldigt id",
    "uuid_type": "er ikke et gyldigt id",
    "date_from_datetime_parsing": "skal være en dato, ÅÅÅÅ-MM-DD",
    "date_parsing": "skal være en dato, ÅÅÅÅ-MM-DD",
    "date_type": "skal være en dato, ÅÅÅÅ-MM-DD",
    "date_from_datetime_inexact": "skal være en dato uden klokkeslæt",
    "datetime_parsing": "skal være et tidspunkt med tidszone, fx 2026-03-01T09:00:00+01:00",
    "datetime_from_date_parsing": "skal være et tidspunkt med tidszone, fx 2026-03-01T09:00:00+01:00",
    "datetime_type": "skal være et tidspunkt med tidszone, fx 2026-03-01T09:00:00+01:00",
    "datetime_object_invalid": "skal være et tidspunkt med tidszone, fx 2026-03-01T09:00:00+01:00",
    "timezone_aware": "mangler tidszone, fx 2026-03-01T09:00:00+01:00",
    "time_parsing": "skal være et klokkeslæt, TT:MM",
    "time_type": "skal være et klokkeslæt, TT:MM",
    "list_type": "skal være en liste",
    "too_long": "må højst have {max_length}",
    "too_short": "skal have mindst {min_length}",
    "tuple_type": "skal være en liste",
    "dict_type": "skal være et objekt",
    "invalid_key": "har en nøgle, der ikke er tekst",
    "model_type": "skal være et objekt",
    "model_attributes_type": "skal være et objekt",
    "url_type": "skal være en adresse, https://…",
    "url_parsing": "skal være en adresse, https://…",
    "url_syntax_violation": "skal være en adresse, https://…",
    "url_scheme": "skal begynde med {expected_schemes}",
    "url_too_long": "må højst være på {max_length} tegn",
    "json_invalid": "er ikke gyldig JSON",
    "string_unicode": "indeholder tegn, der ikke findes",
}
ENGLISH = {
    "missing": "is required",
    "extra_forbidden": "is not known",
    "string_pattern_mismatch": "does not have the right form",
}
# What a pattern asks for, in words; `form` puts it here.
FORMS: dict[str, Text] = {}


def form(pattern: str, da: str, en: str) -> str:
    """The pattern, and what is told to whoever sends something else."""
    FORMS[pattern] = Text(da, en)
    return pattern


class Body(BaseModel):
    """Base of every request body: unknown fields are refused, and no message repeats what was sent."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True, allow_inf_nan=False)

    @field_validator("*", mode="after", check_fields=False)
    @classmethod
    def _no_nul(cls, value: Any) -> Any:
        # PostgreSQL stores every character but this one.
        if _has_nul(value):
            raise Wrong("indeholder et tegn, der ikke kan gemmes", "contains a character that cannot be stored")
        return value


def _has_nul(value: Any) -> bool:
    match value:
        case str():
            return "\x00" in value
        case list():
            return any(map(_has_nul, value))
        case dict():
            return any(_has_nul(each) for pair in value.items() for each in pair)
    return False


class Answer(BaseModel):
    """Base of every response body. Fields have no defaults: what an answer holds is decided where it is made."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


NOT_JSON = Text(
    "skal sendes som JSON: Content-Type: application/json", "must be sent as JSON: Content-Type: application/json"
)


def invalid(error: RequestValidationError) -> Invalid:
    return Invalid(errors=[field_error(e) for e in error.errors()])


def field_error(error: Mapping[str, Any]) -> FieldError:
    return FieldError(path(error["loc"]), _message(error))


def path(loc: Sequence[int | str]) -> str:
    """`("body", "organisers", 0, "name")` → `organisers[0].name`; a fault in the whole body is `body`."""
    parts = list(loc[1:]) if len(loc) > 1 and loc[0] in ("body", "query", "path", "header") else list(loc)
    if loc and loc[0] == "body" and len(loc) == 2 and isinstance(loc[1], int):
        return "body"  # The position at which JSON broke off.
    written = ""
    for part in parts:
        name = f"[{part}]" if isinstance(part, int) else part or '""'
        written += f".{name}" if written and isinstance(part, str) else name
    return written


def _message(error: Mapping[str, Any]) -> Text:
    kind, context = str(error["type"]), error.get("ctx", {})
    if isinstance(cause := context.get("error"), Wrong):
        return cause.text
    if kind == "value_error":  # A library's words may quote the value, so only the field is told.
        if str(error["msg"]).startswith("value is not a valid email address"):
            return Text("er ikke en gyldig e-mailadresse", "is not a valid e-mail address")
        return Text("er ikke gyldig", "is not valid")
    if tuple(error["loc"]) == ("body",) and isinstance(error.get("input"), bytes):
        return NOT_JSON  # FastAPI reads as JSON only what says that it is.
    if kind == "string_pattern_mismatch" and (asked := FORMS.get(str(context.get("pattern")))):
        return asked
    danish = DANISH.get(kind, "er ikke gyldig").format_map(_Context(context))
    return Text(danish.replace("' or '", "' eller '"), ENGLISH.get(kind) or str(error["msg"]))


class _Context(dict[str, Any]):
    """What a message names, as Danes write it."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return f"{value:.15g}".replace(".", ",") if isinstance(value, float) else value

    def __missing__(self, key: str) -> str:
        return "…"
