"""The follow-up table as a page that is whole by itself: read on a phone, with a screen reader and on paper."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.kpi.followup import words
from services.kpi.followup.rules import LOCALES, ORDER, Followup, day
from shared.clock import DANISH

HERE = Path(__file__).resolve().parent / "templates"


def write(followup: Followup, formats: tuple[str, ...]) -> str:
    language = followup.language
    return (
        _templates()
        .get_template("followup.html")
        .render(
            report=followup,
            formats=formats,
            style=style(),
            order=ORDER,
            results={result: text.read(language) for result, text in words.RESULTS.items()},
            signs=words.SIGNS,
            columns={name: text.read(language) for name, text in words.COLUMNS.items()},
            page={name: text.read(language) for name, text in words.PAGE.items()},
            axis_names={axis: text.read(language) for axis, text in words.AXES.items()},
            day=lambda on: day(on, language),
            made=format_datetime(followup.made, "d. MMMM y HH:mm", DANISH, LOCALES[language])
            if language == "da"
            else format_datetime(followup.made, "d MMMM y HH:mm", DANISH, LOCALES[language]),
        )
    )


def policy() -> str:
    """Nothing runs and nothing is fetched; of styles only our own, known by its hash."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def style() -> str:
    return "\n" + (HERE / "followup.css").read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
