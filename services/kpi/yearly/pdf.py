"""The yearly report on paper: PDF/UA, as the follow-up table."""

from functools import cache
from pathlib import Path

from services.kpi.followup.paper import print_out
from services.kpi.followup.rules import day
from services.kpi.yearly import words
from services.kpi.yearly.document import Document

TEMPLATE = Path(__file__).resolve().parent / "templates" / "yearly.typ"


def write(document: Document) -> bytes:
    return print_out(_template(), _data(document))


def _data(document: Document) -> dict[str, object]:
    language = document.language
    return {
        "language": language,
        "title": document.title,
        "made": f"{document.made}. {document.remark}".strip(),
        "columns": [document.columns[name] for name in ("figure", "value", "unit", "made", "source", "as_of")],
        "tables": [
            {
                "name": table.name,
                "rows": [
                    [
                        line.label,
                        line.shown,
                        line.unit,
                        line.made,
                        line.source,
                        day(line.as_of, language) if line.as_of else "",
                    ]
                    for line in table.lines
                ],
            }
            for table in document.tables
        ],
        "plans_name": document.plans_name,
        "plan_columns": document.plan_columns,
        "plans": document.plans,
        "no_plan": words.NO_PLAN.read(language),
    }


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
