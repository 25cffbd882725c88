"""One published activity as the index holds it: its words by weight, its facets, its place and times, its answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from services.directory.search.danish import words_of
from services.directory.search.opening import ALWAYS, Time, times_of, weekdays_of
from services.directory.search.vocabulary import Vocabulary
from shared.events.kinds import Form

# What a word weighs where it stands. Whoever names a thing is asked for it before whoever mentions it.
TITLE, THEME, AROUND, SAID, ORGANISATION = 4.0, 2.0, 1.5, 1.0, 0.8
# What a field says is as good as a word, and no better than one in the text.
FACET = 0.3
# The second time a word is said it adds less than the first.
SATURATION = 2.0
USUAL_LENGTH = 30
CHEAP = 50


class Facet(NamedTuple):
    name: str
    value: str

    @property
    def term(self) -> str:
        return f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class Described:
    """What the database says of one activity. Where it says nothing of a place, its premises or locality do."""

    id: UUID
    organisation_id: UUID
    organisation: str
    title: str
    description: str
    themes: Sequence[str]
    target_groups: Sequence[str]
    languages: Sequence[str]
    locality: str | None
    form: str
    price: int | None
    accessibility: Sequence[str]
    schedules: Sequence[dict[str, Any]]
    translations: Mapping[str, Mapping[str, str]]
    companion_welcome: bool
    point: tuple[float, float] | None
    expires_on: date | None
    sunk: bool
    answer: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    id: UUID
    organisation_id: UUID
    title: str
    answer: bytes
    # What is written when it was shown: itself and whose it is, as JSON.
    shown: bytes
    terms: NDArray[np.int32]
    weights: NDArray[np.float32]
    point: tuple[float, float] | None
    expires: int
    sunk: bool
    times: tuple[Time, ...]


def entry(described: Described, vocabulary: Vocabulary) -> Entry:
    weights: dict[int, float] = {}
    for weight, texts in _fields(described):
        words = [word for text in texts for word in words_of(text)]
        share = weight / (0.7 + 0.3 * len(words) / USUAL_LENGTH) if weight == SAID else weight
        for word in words:
            for number in vocabulary.numbers(word):
                weights[number] = weights.get(number, 0.0) + share
    terms = list(weights)
    values = [weight / (weight + SATURATION) for weight in weights.values()]
    facets = [vocabulary.number(facet.term) for facet in facets_of(described)]
    terms += facets
    values += [FACET] * len(facets)
    return Entry(
        id=described.id,
        organisation_id=described.organisation_id,
        title=described.title,
        answer=described.answer,
        shown=msgspec.json.encode((described.id, described.organisation_id)),
        terms=np.array(terms, np.int32),
        weights=np.array(values, np.float32),
        point=described.point,
        expires=described.expires_on.toordinal() if described.expires_on else ALWAYS,
        sunk=described.sunk,
        times=times_of(described.schedules),
    )


def _fields(described: Described) -> Iterable[tuple[float, Iterable[str]]]:
    others = described.translations.values()
    yield TITLE, {described.title, *(each.get("title", "") for each in others)}
    yield THEME, described.themes
    yield ORGANISATION, [described.organisation]
    yield AROUND, [*described.target_groups, described.locality or ""]
    yield SAID, [described.description, *(each.get("description", "") for each in others)]


def facets_of(described: Described) -> set[Facet]:
    found = {Facet("form", each) for each in _forms(described.form)} | {Facet("price", price_of(described.price))}
    found |= {Facet("theme", each) for each in described.themes}
    found |= {Facet("target_group", each) for each in described.target_groups}
    found |= {Facet("language", each) for each in described.languages}
    found |= {Facet("access", each) for each in described.accessibility}
    found |= {Facet("weekday", str(each)) for each in weekdays_of(described.schedules)}
    found.add(Facet("organisation", str(described.organisation_id)))
    if described.locality:
        found.add(Facet("locality", described.locality.lower()))
    if described.companion_welcome:
        found.add(Facet("companion", "welcome"))
    return found


def _forms(form: str) -> tuple[str, ...]:
    """What can be done both ways is found either way."""
    return (Form.PHYSICAL.value, Form.DIGITAL.value) if form == Form.BOTH.value else (form,)


def price_of(price: int | None) -> str:
    if price is None:
        return "unknown"
    return "free" if price == 0 else "cheap" if price <= CHEAP else "more"
