"""What became of each line of a file, as a table to keep."""

from collections.abc import Iterator, Sequence

from services.directory.imports.models import Import, ImportLine
from services.directory.imports.rules import OUTCOMES
from services.directory.imports.usecases import shown_line
from shared.errors import Language, Text

COLUMNS = (
    Text("Linje", "Line"),
    Text("Navn", "Name"),
    Text("Udfald", "Outcome"),
    Text("Bemærkninger", "Remarks"),
    Text("Organisation", "Organisation"),
    Text("Aktivitet", "Activity"),
    Text("Lokale", "Premises"),
)


def headings(language: Language) -> list[str]:
    return [each.read(language) for each in COLUMNS]


def rows(made: Import, lines: Sequence[ImportLine], language: Language) -> Iterator[list[str]]:
    for line in lines:
        ids = (line.organisation_id, line.activity_id, line.premises_id)
        yield [
            str(line.number),
            line.label,
            OUTCOMES[line.outcome].read(language),
            _remarks(made, line, language),
            *(str(id) if id else "" for id in ids),
        ]


def _remarks(made: Import, line: ImportLine, language: Language) -> str:
    told = []
    for each in shown_line(made, line, language).findings:
        what = each.message or f"{_said(each.before)} → {_said(each.after)}"
        told.append(f"{each.column or each.field}: {what}")
    return "; ".join(told)


def _said(value: object) -> str:
    return "–" if value in (None, "", []) else str(value)
