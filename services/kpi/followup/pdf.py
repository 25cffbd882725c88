"""The follow-up table on paper: PDF/UA, so that it can be read aloud as well."""

from functools import cache
from pathlib import Path

from services.kpi.followup import words
from services.kpi.followup.paper import print_out
from services.kpi.followup.rules import ORDER, Followup, day
from shared.clock import DANISH

TEMPLATE = Path(__file__).resolve().parent / "templates" / "followup.typ"


def write(followup: Followup) -> bytes:
    return print_out(_template(), _data(followup))


def _data(followup: Followup) -> dict[str, object]:
    language = followup.language
    columns = {name: text.read(language) for name, text in words.COLUMNS.items()}
    results = {result: text.read(language) for result, text in words.RESULTS.items()}
    return {
        "language": language,
        "title": f"{words.PAGE['followup'].read(language)}: {followup.title}",
        "made": f"{words.PAGE['as_of'].read(language)} {day(followup.made.astimezone(DANISH).date(), language)}",
        "columns": [columns[name] for name in ("goal", "target", "value", "result", "time", "comment")],
        "sections": [
            {
                "theme": section.theme,
                "rows": [
                    [
                        " ".join(filter(None, (row.id, row.statement, f"({row.codes})" if row.codes else ""))),
                        row.target,
                        f"{row.shown} {row.unit}",
                        f"{words.SIGNS[row.result]} {row.judged}",
                        f"{row.time} ({columns['due'].lower()} {day(row.due, language)})",
                        " ".join(row.comment),
                    ]
                    for row in section.rows
                ],
            }
            for section in followup.sections
        ],
        "advice_name": words.PAGE["recommendations"].read(language),
        "advice_columns": [columns[name] for name in ("recommendation", "status", "reason", "source")],
        "advice": [[f"{each.id} {each.statement}", each.status, each.reason, each.source] for each in followup.advice],
        "code_columns": [columns["code"], columns["goals"], *(results[result] for result in ORDER), columns["which"]],
        "axes": [
            {
                "name": words.AXES[axis].read(language),
                "rows": [
                    [
                        f"{total.code} {total.name}",
                        str(len(total.goals)),
                        *(str(total.results[result]) for result in ORDER),
                        ", ".join(total.goals),
                    ]
                    for total in totals
                ],
            }
            for axis, totals in followup.axes.items()
        ],
    }


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
