"""The shapes of words that an event may carry: narrow enough that an address, a number or a confession does not fit.

Events are kept for ever and read by strangers, so a word in one must say *what kind*, never *who* or *why*. A shape
cannot recognise a surname, though: words written by the public (interests, pages, units) must also be checked against
a list by the service that takes them. Patterns keep to what RE2, ECMAScript and Python read alike (no look-around),
because partners generate their code from the schemas.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field

LOWER = "a-zæøåäöüé"
LETTER = "A-ZÆØÅÄÖÜÉ" + LOWER

# Six words, short numbers: "13-17-årige", "it-hjælp", "covid-19"; a sentence is longer, a phone number has more digits.
SLUG = rf"^(?:[0-9]{{1,3}}-){{0,2}}[{LOWER}]+[0-9]{{0,2}}(?:-[{LOWER}]+[0-9]{{0,2}}){{0,5}}(?:-[0-9]{{1,4}})?$"
Slug = Annotated[
    str,
    Field(
        pattern=SLUG,
        max_length=60,
        description="A short lower-case word (a few joined by hyphens) from the centre's own vocabulary.",
        examples=["fællesspisning"],
    ),
]


def written_as_slug(value: Any) -> Any:
    """`Mad og fællesskab` as `mad-og-fællesskab`, so that a form need not teach anybody what a slug is."""
    return re.sub(r"[\s_/&,+-]+", "-", value.strip().lower()).strip("-") if isinstance(value, str) else value


# For HTTP bodies. An event takes `Slug`: what is published is already written as it must be.
LooseSlug = Annotated[Slug, BeforeValidator(written_as_slug)]

# Names that staff give to things the centre publishes or measures: freer than a slug, because nobody's private words.
Key = Annotated[
    str,
    Field(
        pattern=rf"^(?:[0-9]{{1,3}}-)?[{LOWER}][{LOWER}0-9]*(?:[-_][{LOWER}0-9]+)*$",
        max_length=80,
        description="The stable, lower-case name of something the centre publishes or measures.",
        examples=["ledelse"],
    ),
]

GoalId = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$",
        max_length=20,
        description="The goal's number as its plan prints it; unique within the plan only.",
        examples=["A.1"],
    ),
]

LOCALITY = rf"^[{LETTER}]+[.'’]?(?:[ '’-][{LETTER}]+[.]?){{0,4}}$"
Locality = Annotated[
    str,
    Field(
        pattern=LOCALITY,
        max_length=60,
        description="A Danish place name (town, district or neighbourhood), never an address.",
        examples=["Vollsmose"],
    ),
]

WORD = rf"[(]?[{LETTER}]+(?:[/'’-][{LETTER}]+){{0,2}}[.,-]?[)]?"
Unit = Annotated[
    str,
    Field(
        pattern=rf"^{WORD}(?: (?:&|{WORD})){{0,7}}(?: [0-9]{{1,3}})?$",
        max_length=80,
        description="The designation of a public body's department, as that body writes it; never a person.",
        examples=["Sundhedsforvaltningen"],
    ),
]

Site = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$",
        max_length=60,
        description="Which of the centre's sites: `socialkompas` is the portal, `frivilligcenter` the centre's own.",
        examples=["socialkompas"],
    ),
]

# No "@", "?", "#" or "%": what people type into a query or a fragment must not reach an event.
PagePath = Annotated[
    str,
    Field(
        pattern=rf"^/(?:[{LETTER}0-9._~-]+(?:/[{LETTER}0-9._~-]+)*/?)?$",
        max_length=200,
        description="The path of a public page, decoded, without query and fragment.",
        examples=["/tema/ledelse"],
    ),
]

VISITOR = r"^[0-9a-f]{32,64}$"
Visitor = Annotated[
    str,
    Field(
        pattern=VISITOR,
        description="A keyed hash that stands for one browser during one Danish day. The key is thrown away every day: "
        "tomorrow's hash of the same visitor is another one, and nobody, the centre included, can tell them together.",
        examples=["6f1d0c53a9b84e7280c4d15be3f7a920"],
    ),
]

Language = Annotated[
    str,
    Field(pattern=r"^[a-z]{2,3}$", description="A language, as ISO 639 writes it.", examples=["da"]),
]


_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """While an event is read, a value that a newer publisher has added to a closed list is let through as it is."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


class Kind(StrEnum):
    """A closed list to whoever writes (a door, a publisher), an open one to whoever reads an event.

    Publishers are upgraded before or after their readers. A reader that refused a new value would bury an event it
    could have used for everything else it says, so an unknown value arrives as itself: equal to no member, in no
    branch. A door never gets one.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not (_reading.get() and isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,59}", value)):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown
