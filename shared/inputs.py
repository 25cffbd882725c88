"""Texts, words, times and contact details as people send them, before any noun's own rules."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Any

import phonenumbers
from babel import Locale
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, EmailStr, Field, StringConstraints

from shared.errors import Wrong
from shared.events import words
from shared.validation import Body, form

ONE_LINE = form(r"^[^\x00-\x1f\x7f]*$", "skal stå på én linje", "must be on one line")
# The shapes of events, told to whoever fills in a form.
form(
    words.SLUG,
    "skal være få ord med bogstaver, fx mad-og-fællesskab",
    "must be a few words of letters, e.g. mad-og-fællesskab",
)
form(words.LOCALITY, "skal være et stednavn, fx Vollsmose", "must be the name of a place, e.g. Vollsmose")
# What lies outside cannot be meant, and dates near the ends of the calendar cannot be moved to another zone.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# Denmark's oldest associations were members of something before that; days of facts may lie so far back.
MEMORY = date(1850, 1, 1)
SPOKEN = frozenset(Locale("en").languages)
MOST_WORDS = 20


def composed(value: Any) -> Any:
    """å as one character: some keyboards send it as two, which look alike and are not found alike."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _day_written_out(value: Any) -> Any:
    """Pydantic also reads 1700000000 as a date; whoever sends a number by mistake should be told."""
    if type(value) is date:  # Read from a file by its own rules already; JSON has none.
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        return value
    raise Wrong("skal være en dato, ÅÅÅÅ-MM-DD", "must be a date, YYYY-MM-DD")


def _moment_written_out(value: Any) -> Any:
    if isinstance(value, str) and not value.strip().lstrip("+-").replace(".", "").isdigit():
        return value
    raise Wrong(
        "skal være et tidspunkt med tidszone, fx 2026-03-01T09:00:00+01:00",
        "must be a time with zone, e.g. 2026-03-01T09:00:00+01:00",
    )


def _moment_in_our_time(value: datetime) -> datetime:
    _in_our_time(value.astimezone(UTC).date() if value.year not in (1, 9999) else value.date())
    return value.astimezone(UTC)


def _in_living_memory(value: date) -> date:
    if not MEMORY <= value < LATEST.date():
        raise Wrong("skal ligge mellem år 1850 og 2100", "must lie between the years 1850 and 2100")
    return value


def _in_our_time(value: date) -> date:
    if not EARLIEST.date() <= value < LATEST.date():
        raise Wrong("skal ligge mellem år 2000 og 2100", "must lie between the years 2000 and 2100")
    return value


def _spoken(code: str) -> str:
    if code not in SPOKEN:
        raise Wrong("er ikke et sprog efter ISO 639", "is not a language of ISO 639")
    return code


def _once_each(given: list[str]) -> list[str]:
    return list(dict.fromkeys(given))


def e164(value: str) -> str:
    """`20 12 34 56` → `+4520123456`: a number without country code is Danish."""
    try:
        number = phonenumbers.parse(value, "DK")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise Wrong("er ikke et gyldigt telefonnummer", "is not a valid telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


Day = Annotated[date, BeforeValidator(_day_written_out), AfterValidator(_in_our_time)]
DayOfOld = Annotated[date, BeforeValidator(_day_written_out), AfterValidator(_in_living_memory)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment_written_out), AfterValidator(_moment_in_our_time)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE), BeforeValidator(composed)]
Paragraphs = Annotated[str, StringConstraints(max_length=5_000), BeforeValidator(composed)]
Reason = Annotated[str, StringConstraints(max_length=500), BeforeValidator(composed)]
Place = Annotated[words.Locality, BeforeValidator(composed)]
Word = Annotated[words.LooseSlug, BeforeValidator(composed)]
Words = Annotated[list[Word], Field(max_length=MOST_WORDS), AfterValidator(_once_each)]
Language = Annotated[words.Language, AfterValidator(_spoken)]
Languages = Annotated[list[Language], Field(max_length=MOST_WORDS), AfterValidator(_once_each)]

Address = Annotated[EmailStr, Field(max_length=254)]


Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(e164)]


class ContactDetails(Body):
    """Who somebody is and how to reach them. It stays where it was given and goes to `contacts`, nowhere else."""

    name: Line
    email: Address
    phone: Phone | None = None
    language: Language = "da"
