"""The judged town in Kompas's index, without a database: what the index gives for a query, as keys."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.directory.search.catalogue import Catalogue
from services.directory.search.defaults import DEFAULTS
from services.directory.search.entries import Described, Facet
from services.directory.search.finding import Question, find
from services.directory.search.meaning import Synonyms
from tests.support import judging

# A fixed day, so that lots fall alike in every run.
NOON = datetime(2026, 11, 20, 12)  # noqa: DTZ001 (Danish wall-clock time)


def described(each: judging.Json, **more: Any) -> Described:
    said = {name: value for name, value in each.items() if name != "key"}
    usual = {"translations": {}, "companion_welcome": False, "point": None, "expires_on": None, "sunk": False}
    return Described(answer=each["key"].encode(), **said | usual | more)


def town() -> Catalogue:
    catalogue = Catalogue()
    catalogue.synonyms = Synonyms.of(DEFAULTS)
    catalogue.fill(described(each) for each in judging.activities())
    return catalogue


def kompas() -> Callable[[judging.Judged], list[str]]:
    catalogue = town()

    def search(judged: judging.Judged) -> list[str]:
        filters = tuple(Facet(name, value) for name, value in judged.filters.items())
        found = find(catalogue, Question(q=judged.typed or None, filters=filters), limit=50, now=NOON, after=None)
        return [entry.answer.decode() for entry in found.entries]

    return search
