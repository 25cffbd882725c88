"""The yearly report in the reader's language: one table that page, paper and spreadsheet are written from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kpi.followup import words as followup
from services.kpi.followup.rules import ORDER, day, written
from services.kpi.yearly import words
from services.kpi.yearly.schemas import FigureAnswer, PlanOfYear, YearlyReport
from shared.clock import DANISH
from shared.errors import Language


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    label: str
    value: Decimal | str
    """Text where it was not counted."""
    shown: str
    unit: str
    made: str
    source: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Document:
    year: int
    language: Language
    title: str
    made: str
    remark: str
    tables: tuple[Table, ...]
    plans_name: str
    plan_columns: tuple[str, ...]
    plans: tuple[tuple[str, ...], ...]
    columns: dict[str, str]


def document(report: YearlyReport, language: Language) -> Document:
    danish = language == "da"
    sections = report.sections if danish else report.sections_en
    as_of = followup.PAGE["as_of"].read(language)
    columns = {name: text.read(language) for name, text in words.COLUMNS.items()}
    return Document(
        year=report.year,
        language=language,
        title=f"{words.TITLE.read(language)} {report.year}",
        made=f"{as_of} {day(report.made.astimezone(DANISH).date(), language)}",
        remark="" if report.complete else words.SO_FAR.read(language),
        tables=tuple(
            Table(name, tuple(_line(each, language) for each in report.figures if each.section == section))
            for section, name in sections.items()
        ),
        plans_name=words.PLANS.read(language),
        plan_columns=(
            columns["plan"],
            columns["goals"],
            *(followup.RESULTS[result].read(language) for result in ORDER),
        ),
        plans=tuple(_plan(plan, danish) for plan in report.plans),
        columns=columns,
    )


def _line(figure: FigureAnswer, language: Language) -> Line:
    danish = language == "da"
    missing = words.BEING_READ if figure.state == "being_read" else words.NOT_COUNTED
    absent = missing.read(language)
    made = "" if figure.value is None or figure.made is None else words.MADE[figure.made].read(language)
    return Line(
        id=figure.id,
        label=figure.label if danish else figure.label_en,
        value=absent if figure.value is None else figure.value,
        shown=absent if figure.value is None else written(figure.value, language),
        unit=figure.unit if danish else figure.unit_en,
        made=made,
        source=figure.why if danish else figure.why_en,
        as_of=figure.as_of,
    )


def _plan(plan: PlanOfYear, danish: bool) -> tuple[str, ...]:
    title = plan.title if danish else plan.title_en
    return (f"{title} ({plan.plan})", str(plan.goals), *(str(plan.results[result]) for result in ORDER))
