"""The public calendar as a page that is whole by itself: read on a phone, with a screen reader and without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.booking.calendars.entries import where, written
from services.booking.calendars.words import ADMISSIONS, FORMS, KINDS, PAGE
from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import Admission, GatheringState
from shared.clock import DANISH, now
from shared.errors import Language

HERE = Path(__file__).resolve().parent / "templates"
LOCALES = {"da": "da_DK", "en": "en_GB"}


@dataclass(frozen=True)
class Chosen:
    """What somebody looks for, as the form sends it and the links repeat it."""

    q: str | None = None
    month: str | None = None
    locality: str | None = None
    kind: str | None = None
    topic: str | None = None

    def link(self, **more: str) -> str:
        return urlencode({key: str(value) for key, value in (vars(self) | more).items() if value})


@dataclass(frozen=True)
class Choices:
    months: Sequence[date]
    localities: Sequence[str]
    topics: Sequence[str]


def write(
    found: Sequence[Gathering],
    taken: Mapping[UUID, int],
    chosen: Chosen,
    choices: Choices,
    language: Language,
    *,
    tenant: str,
    more: bool,
) -> str:
    locale = LOCALES[language]
    days = [
        (format_date(day, "full", locale), [_shown(each, taken, language) for each in those])
        for day, those in groupby(found, lambda each: each.starts_at.astimezone(DANISH).date())
    ]
    return (
        _templates()
        .get_template("calendar.html")
        .render(
            tenant=tenant,
            language=language,
            other="en" if language == "da" else "da",
            page={name: text.read(language) for name, text in PAGE.items()},
            days=days,
            chosen=chosen,
            months=[(f"{each:%Y-%m}", format_date(each, "LLLL y", locale)) for each in choices.months],
            choices=choices,
            kinds=sorted(((kind.value, text.read(language)) for kind, text in KINDS.items()), key=lambda kind: kind[1]),
            more=more,
        )
    )


def _shown(gathering: Gathering, taken: Mapping[UUID, int], language: Language) -> dict[str, object]:
    locale = LOCALES[language]
    start, end = gathering.starts_at.astimezone(DANISH), gathering.ends_at.astimezone(DANISH)
    until = format_time(end, "short", locale=locale)
    if start.date() != end.date():
        until = f"{format_date(end, 'full', locale)} {until}"
    return {
        "id": gathering.id,
        "title": gathering.title,
        "starts_at": start.isoformat(),
        "time": f"{format_time(start, 'short', locale=locale)}–{until}",
        "state": gathering.state.value,
        "kind": KINDS[gathering.kind].read(language),
        "form": FORMS[gathering.form].read(language),
        "where": where(gathering),
        "description": gathering.description,
        "organisers": ", ".join(each["name"] for each in gathering.organisers),
        "stops": [written(each) for each in gathering.stops],
        "signup": gathering.admission is Admission.SIGNUP
        and gathering.state is GatheringState.SCHEDULED
        and gathering.starts_at > now(),
        "admission": _admission(gathering, taken.get(gathering.id, 0), language),
    }


def _admission(gathering: Gathering, taken: int, language: Language) -> str | None:
    if gathering.state is not GatheringState.SCHEDULED:
        return None
    said = ADMISSIONS[gathering.admission].read(language)
    if gathering.admission is Admission.DROP_IN or gathering.capacity is None:
        return said
    free = gathering.capacity - taken
    if free > 0:
        return f"{said}: {free} {PAGE['one_free' if free == 1 else 'free'].read(language)}"
    return PAGE["full" if gathering.waiting_list else "no_queue"].read(language)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
