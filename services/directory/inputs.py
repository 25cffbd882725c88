"""What people send about any entry: where it is, how it is reached, who gets in, its texts in other languages."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints

from shared.errors import Wrong
from shared.inputs import MOST_WORDS, ONE_LINE, Address, Language, Line, Paragraphs, e164
from shared.validation import Body, form

# Danish postcodes run from 0800 (Høje Taastrup) to 9990 (Skagen); 0555 is the scanning centre's.
POSTCODE = form(
    r"^(?:0[5-9]|[1-9][0-9])[0-9]{2}$", "skal være et dansk postnummer, fx 5000", "must be a Danish postcode, e.g. 5000"
)
MOST_LANGUAGES = 10


class Accessibility(StrEnum):
    """What somebody can count on who comes there."""

    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    HEARING_LOOP = "hearing_loop"
    GUIDE_DOG = "guide_dog"
    PARKING = "parking"
    SIGN_LANGUAGE = "sign_language"
    QUIET_ROOM = "quiet_room"


def _web_address(value: str) -> str:
    """An address that a browser opens as a page: nothing else may stand behind a link that citizens press."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and parts.username is None
    except ValueError:
        usable = False
    if not usable or any(letter.isspace() for letter in value):
        raise Wrong(
            "skal være en internetadresse, fx https://forening.dk", "must be a web address, e.g. https://association.dk"
        )
    return value


def _sorted_once(given: list[Accessibility]) -> list[Accessibility]:
    return sorted(set(given))


def _written(texts: Mapping[str, Body]) -> dict[str, Any]:
    """As it is stored: only what was said. A language without any text is none."""
    said = {language: each.model_dump(exclude_none=True) for language, each in texts.items()}
    return {language: each for language, each in said.items() if each}


Postcode = Annotated[str, StringConstraints(pattern=POSTCODE)]
StreetAddress = Line
Website = Annotated[str, StringConstraints(max_length=500, pattern=ONE_LINE), AfterValidator(_web_address)]
PublicEmail = Address
Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(e164)]
Latitude = Annotated[float, Field(ge=54, le=58.5)]  # Denmark, from Gedser to Skagen.
Longitude = Annotated[float, Field(ge=7.5, le=15.5)]  # From Blåvand to Christiansø.
AccessibilityWords = Annotated[list[Accessibility], Field(max_length=MOST_WORDS), AfterValidator(_sorted_once)]
Texts = TypeVar("Texts", bound=Body)
Translations = Annotated[dict[Language, Texts], Field(max_length=MOST_LANGUAGES), PlainSerializer(_written)]


class NamedTexts(Body):
    """What an organisation or premises says in another language."""

    name: Line | None = None
    description: Paragraphs | None = None


class DescribedTexts(Body):
    """What an activity says in another language."""

    title: Line | None = None
    description: Paragraphs | None = None
    how_to_join: Paragraphs | None = None
