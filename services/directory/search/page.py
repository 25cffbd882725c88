"""The page where citizens search: whole by itself, on a phone, with a screen reader and without scripts."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from babel import Locale
from babel.dates import format_date, get_day_names
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.directory.activities.models import Activity
from services.directory.search.finding import Found
from services.directory.search.wording import ACCESS, FACETS, FORMS, PAGE, PRICES
from shared.errors import Language, Text

HERE = Path(__file__).resolve().parent / "templates"
LOCALES = {"da": "da_DK", "en": "en_GB"}
# Of each kind so many are offered to choose from; more are found by words.
CHOICES = 25

WEEKDAYS = frozenset("0123456")
FIELDS = {"language": "speaks"}

Chosen = Mapping[str, str]
Json = dict[str, Any]


# What a link back to the search repeats. The language of the page is `language`; one that is spoken is `speaks`.
FORM = "q theme target_group locality weekday speaks form price access near open_now language"
REPEATED = frozenset(FORM.split())


def link(chosen: Chosen, **more: str | None) -> str:
    return urlencode({name: value for name, value in {**chosen, **more}.items() if value})


def write_results(
    found: Found,
    activities: Sequence[Activity],
    organisations: Mapping[UUID, str],
    chosen: Chosen,
    language: Language,
    *,
    unknown_place: bool,
) -> str:
    """`organisations`: what each activity's organisation is called."""
    facets = [
        {
            "name": FIELDS.get(name, name),
            "label": FACETS[name].read(language),
            "values": [
                {"value": value, "label": said(name, value, language), "count": count}
                for value, count in _offered(name, found.facets.get(name, {}), chosen.get(FIELDS.get(name, name)))
            ],
        }
        for name in FACETS
    ]
    following = found.following.cursor() if found.following else None
    return _written(
        "find.html",
        language,
        chosen={name: chosen.get(name, "") for name in (*REPEATED, "cursor")},
        found=found,
        narrowed=any(name in chosen for name in REPEATED - {"q", "language"}),
        unknown_place=unknown_place,
        items=[
            {**_shown(each, language), "organisation": organisations.get(each.organisation_id)} for each in activities
        ],
        facets=[facet for facet in facets if facet["values"]],
        other_link=link(chosen, language=_other(language), cursor=None),
        back=link(chosen, cursor=None),
        corrected_link=link(chosen, q=found.corrected, cursor=None) if found.corrected else None,
        more_link=link(chosen, cursor=following) if following else None,
    )


def write_entry(activity: Activity, organisation: str, chosen: Chosen, language: Language) -> str:
    return _written(
        "entry.html",
        language,
        item={**_shown(activity, language), "organisation": organisation},
        back=link(chosen),
        other_link=link(chosen, language=_other(language)),
    )


def said(facet: str, value: str, language: Language) -> str:
    """A facet's value in the reader's words; those of the centre's own vocabulary are as the centre writes them."""
    match facet:
        case "weekday" if value in WEEKDAYS:  # Anybody may write anything into an address.
            return str(get_day_names("wide", locale=LOCALES[language])[int(value)]).capitalize()
        case "language":
            name = str(Locale.parse(LOCALES[language]).languages.get(value, value))
            return name[:1].upper() + name[1:]
        case "form" | "price" | "access":
            texts: Mapping[str, Text] = {"form": FORMS, "price": PRICES, "access": ACCESS}[facet]
            return texts[value].read(language) if value in texts else value
        case "locality":
            return value
    return value.replace("-", " ").capitalize()


def _offered(name: str, counts: Mapping[str, int], chosen: str | None) -> Sequence[tuple[str, int]]:
    offered = list(counts.items())[:CHOICES]
    if chosen and all(value.lower() != chosen.lower() for value, _ in offered):
        offered.append((chosen, 0))
    return sorted(offered) if name == "weekday" else offered


def _shown(activity: Activity, language: Language) -> Json:
    told = activity.translations.get(language, {})
    return {
        "id": activity.id,
        "title": told.get("title") or activity.title,
        "description": told.get("description") or activity.description,
        "where": ", ".join(filter(None, (activity.address, activity.postcode, activity.locality))),
        "groups": ", ".join(said("target_group", each, language) for each in activity.target_groups),
        "languages": ", ".join(said("language", each, language) for each in activity.languages),
        "times": [_time(each, language) for each in activity.schedules],
        "form": FORMS[activity.form].read(language),
        "price": _price(activity.price, language),
        "access": ", ".join(said("access", each, language) for each in activity.accessibility),
        "how_to_join": activity.how_to_join,
        # A link leads to a page, whatever somebody wrote into the field.
        "website": activity.website if (activity.website or "").startswith(("https://", "http://")) else None,
        "companion": activity.companion_welcome,
    }


def _price(price: int | None, language: Language) -> str | None:
    if price is None:
        return None
    return PRICES["free"].read(language) if price == 0 else f"{price} kr."


def _time(schedule: Json, language: Language) -> str:
    hours = f"{schedule['from']}–{schedule['to']}"
    if schedule.get("date"):
        return f"{format_date(date.fromisoformat(schedule['date']), 'long', LOCALES[language])} {hours}"
    every = schedule.get("every") or "week"
    often = "" if every == "week" else f" ({PAGE[every].read(language)})"
    return f"{said('weekday', str(schedule['weekday']), language)} {hours}{often}"


def _other(language: Language) -> Language:
    return "en" if language == "da" else "da"


def _written(template: str, language: Language, **values: Any) -> str:
    words = {name: text.read(language) for name, text in PAGE.items()}
    return _templates().get_template(template).render(language=language, other=_other(language), page=words, **values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
