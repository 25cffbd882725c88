"""Refusals, told as RFC 9457 problem details: what is wrong, in which field, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Language = Literal["da", "en"]


class Text(NamedTuple):
    """One sentence in both languages; Danish is the original, not the translation."""

    da: str
    en: str

    def read(self, language: Language) -> str:
        return self.da if language == "da" else self.en


@dataclass(frozen=True)
class FieldError:
    field: str
    message: Text


class Wrong(ValueError):
    """Raised by a validator of an input model: says why in both languages and never repeats the value."""

    def __init__(self, da: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(da, en)


class Problem(Exception):
    """A refusal that reaches the caller as `application/problem+json`. `members` are extra members of the document."""

    status: int = 400
    slug: str = "bad-request"
    title: Text = Text("Forespørgslen kan ikke forstås", "The request cannot be understood")

    def __init__(
        self,
        detail: Text | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(self.slug)
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}
        self.members = members

    def document(self, language: Language) -> dict[str, Any]:
        document: dict[str, Any] = {
            "type": f"urn:kompas:problem:{self.slug}",
            "title": self.title.read(language),
            "status": self.status,
        }
        if self.detail:
            document["detail"] = self.detail.read(language)
        document["errors"] = [{"field": e.field, "message": e.message.read(language)} for e in self.errors]
        return document | self.members


_MESSAGE = {
    "type": "object",
    "required": ["field", "message"],
    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
}
_DOCUMENT = {
    "type": "object",
    "required": ["type", "title", "status", "errors"],
    "properties": {
        "type": {"type": "string", "description": "Which refusal it is, for programs: `urn:kompas:problem:…`."},
        "title": {"type": "string", "description": "The refusal, in the reader's language."},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _MESSAGE, "description": "Every field that is wrong, and why."},
    },
}
_REFUSAL = {"description": "Refused", "content": {"application/problem+json": {"schema": _DOCUMENT}}}
# What every operation may answer besides what it is for, as its description tells it.
REFUSALS: dict[int | str, dict[str, Any]] = {"4XX": _REFUSAL, "5XX": _REFUSAL | {"description": "Failed"}}


class Unauthenticated(Problem):
    status, slug = 401, "unauthenticated"
    title = Text("Du skal være logget ind", "You must be signed in")


class Forbidden(Problem):
    status, slug = 403, "forbidden"
    title = Text("Det har du ikke adgang til", "You may not do that")


class NotFound(Problem):
    status, slug = 404, "not-found"
    title = Text("Det findes ikke", "There is no such thing")


class Conflict(Problem):
    status, slug = 409, "conflict"
    title = Text("Det strider mod noget, der allerede er der", "It conflicts with something that is already there")


class StaleVersion(Problem):
    status, slug = 412, "stale-version"
    title = Text("En anden har ændret det i mellemtiden", "Somebody has changed it in the meantime")


class TooLarge(Problem):
    status, slug = 413, "too-large"
    title = Text("Forespørgslen er for stor", "The request is too large")


class Invalid(Problem):
    status, slug = 422, "invalid"
    title = Text("Noget er ikke udfyldt rigtigt", "Something is not filled in correctly")

    @classmethod
    def field(cls, field: str, da: str, en: str) -> "Invalid":
        return cls(errors=[FieldError(field, Text(da, en))])


class Unavailable(Problem):
    status, slug = 503, "unavailable"
    title = Text("Prøv igen om et øjeblik", "Try again in a moment")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class Unexpected(Problem):
    status, slug = 500, "unexpected"
    title = Text("Der gik noget galt hos os", "Something went wrong on our side")


def language_of(accept_language: str | None) -> Language:
    """The first of Danish and English that the reader asks for (RFC 9110 §12.5.4); Danish where nothing is asked."""
    wishes: list[tuple[float, str]] = []
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        _, _, quality = parameter.partition("q=")
        try:
            wishes.append((-float(quality or 1), tag.strip().lower()[:2]))
        except ValueError:
            continue
    for _, tag in sorted(wishes, key=lambda wish: wish[0]):
        if tag in ("da", "no", "nb", "nn", "sv"):
            return "da"
        if tag == "en":
            return "en"
    return "da" if not any(tag not in ("", "*") for _, tag in wishes) else "en"
