"""Activities as pages that are whole by themselves: a list for another site's frame, and a booklet for paper."""

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.directory.activities.models import Activity
from services.directory.exports.feeds import Shown, where
from services.directory.exports.schedules import LOCALES, in_words
from services.directory.organisations.models import Organisation
from shared.clock import today
from shared.errors import Language, Text

HERE = Path(__file__).resolve().parent / "templates"
COLOUR = r"^[0-9a-fA-F]{6}$"
FONTS = {"sans": "system-ui, sans-serif", "serif": "Georgia, serif"}
WORDS = {
    "list": Text("Fællesskaber", "Communities"),
    "none": Text("Der er ikke noget at vise her lige nu.", "There is nothing to show here right now."),
    "booklet": Text("Fællesskaber og aktiviteter", "Communities and activities"),
    "as_of": Text("Som det var den", "As it was on"),
    "when": Text("Hvornår", "When"),
    "where": Text("Hvor", "Where"),
    "price": Text("Pris", "Price"),
    "free": Text("gratis", "free"),
    "kroner": Text("kr.", "kr."),
    "join": Text("Sådan kommer du med", "How to join"),
    "phone": Text("Telefon", "Telephone"),
    "companion": Text("En frivillig kan følge med.", "A volunteer can come along."),
    "elsewhere": Text("Hele kommunen", "All of the municipality"),
    "other": Text("Andet", "Other"),
}


def frame(shown: Shown, theme: Mapping[str, str], language: Language) -> tuple[str, str]:
    """The list and its content security policy: any site may frame it; nothing runs, nothing is fetched."""
    style = f":root {{ {'; '.join(f'--{name}: {value}' for name, value in theme.items())} }}\n{_read('list.css')}"
    entries = [_shown(activity, owner, language) for activity, owner in shown]
    return _render("list.html", style, language, entries=entries), policy(style, framed="*")


def booklet(shown: Shown, language: Language) -> tuple[str, str]:
    """By theme, and within a theme by place. Who has several themes is looked for, and found, under each."""
    themes: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for activity, owner in shown:
        place = activity.locality or owner.locality or WORDS["elsewhere"].read(language)
        for theme in activity.themes or [WORDS["other"].read(language)]:
            themes[theme.replace("-", " ").capitalize()][place].append(_shown(activity, owner, language))
    ordered = [(theme, sorted(places.items())) for theme, places in sorted(themes.items())]
    style = _read("print.css")
    as_of = format_date(today(), "long", LOCALES[language])
    return _render("print.html", style, language, themes=ordered, as_of=as_of), policy(style, framed="'none'")


def policy(style: str, *, framed: str) -> str:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {framed}"
    )


def themed(accent: str, text: str, background: str, font: str) -> dict[str, str]:
    """Colours as six digits and a font by name: nothing that somebody puts into an address becomes a style."""
    colours = {"accent": accent, "text": text, "background": background}
    safe = {name: f"#{value}" for name, value in colours.items() if re.fullmatch(COLOUR, value)}
    return {**safe, "font": FONTS[font]}


def _shown(activity: Activity, owner: Organisation, language: Language) -> dict[str, Any]:
    said: Mapping[str, str] = activity.translations.get(language, {})
    price = activity.price
    cost = None if price is None else WORDS["free"].read(language) if price == 0 else f"{price} kr."
    return {
        "title": said.get("title", activity.title),
        "owner": owner.name,
        "description": said.get("description", activity.description),
        "when": in_words(activity.schedules, language),
        "where": where(activity),
        "price": cost,
        "join": said.get("how_to_join", activity.how_to_join),
        "phone": owner.public_phone,
        "companion": activity.companion_welcome,
        "link": activity.website or owner.website,
    }


def _render(template: str, style: str, language: Language, **values: Any) -> str:
    words = {name: text.read(language) for name, text in WORDS.items()}
    return _templates().get_template(template).render(style=style, language=language, words=words, **values)


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
