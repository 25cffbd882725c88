"""Page statistics as lines of text: the whole range first, then its days, its pages and its departments."""

from collections.abc import Iterator, Sequence

from fastapi import Response

from services.directory.statistics.schemas import Counted, StatisticsAnswer
from services.directory.table import Cell, as_csv
from shared.errors import Language, Text

TITLES = (
    Text("Fra", "From"),
    Text("Til", "To"),
    Text("Side", "Page"),
    Text("Forvaltning", "Department"),
    Text("Sidevisninger", "Page views"),
    Text("Unikke sidevisninger", "Unique page views"),
    Text("Unikke besøgende", "Unique visitors"),
)


def to_csv(found: StatisticsAnswer, language: Language) -> Response:
    name = "sidestatistik" if language == "da" else "page-statistics"
    return as_csv(f"{name}-{found.site}", [title.read(language) for title in TITLES], _lines(found))


def _lines(found: StatisticsAnswer) -> Iterator[Sequence[Cell]]:
    first, last = found.first, found.last
    yield first, last, found.page, found.unit, *_numbers(found)
    for day in found.days:
        yield day.day, day.day, found.page, found.unit, *_numbers(day)
    for page in found.pages:
        yield first, last, page.page, found.unit, *_numbers(page)
    for unit in found.units:
        yield first, last, found.page, unit.unit, *_numbers(unit)


def _numbers(counted: Counted) -> tuple[int, int, int]:
    return counted.views, counted.unique_views.value, counted.unique_visitors.value
