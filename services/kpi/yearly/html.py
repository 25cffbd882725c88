"""The yearly report as a page, in the follow-up table's dress."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.kpi.followup import html
from services.kpi.followup import words as followup
from services.kpi.followup.rules import day
from services.kpi.yearly import words
from services.kpi.yearly.document import Document

TEMPLATES = Path(__file__).resolve().parent / "templates"


def write(document: Document, formats: tuple[str, ...]) -> str:
    language = document.language
    return (
        _templates()
        .get_template("yearly.html")
        .render(
            report=document,
            formats=formats,
            style=html.style(),
            save=followup.PAGE["save"].read(language),
            no_plan=words.NO_PLAN.read(language),
            day=lambda on: day(on, language),
        )
    )


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
