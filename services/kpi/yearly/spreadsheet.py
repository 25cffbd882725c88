"""The yearly report for spreadsheets, as the follow-up table's are."""

from collections.abc import Iterator
from typing import Any

from services.kpi.followup.spreadsheet import Cell, danish_csv, header, on_paper, workbook, writer
from services.kpi.yearly import words
from services.kpi.yearly.document import Document

NAMES = ("section", "figure", "value", "unit", "made", "source", "as_of")
WIDTHS = {"section": 24, "figure": 44, "source": 70}


def _rows(document: Document) -> Iterator[tuple[Cell, ...]]:
    for table in document.tables:
        for line in table.lines:
            yield table.name, line.label, line.value, line.unit, line.made, line.source, line.as_of


def to_csv(document: Document) -> bytes:
    return danish_csv([document.columns[name] for name in NAMES], _rows(document), document.language)


def to_xlsx(document: Document) -> bytes:
    with workbook(document.title, document.language) as (book, stored):
        sheet = book.add_worksheet(words.TALLIED.read(document.language))
        header(book, sheet, [(document.columns[name], WIDTHS.get(name, 16)) for name in NAMES])
        write = writer(book, sheet)
        for number, row in enumerate(_rows(document), start=1):
            for place, cell in enumerate(row):
                write(number, place, cell)
        on_paper(sheet)
        _plans(book, document)
    return stored.getvalue()


def _plans(book: Any, document: Document) -> None:
    sheet = book.add_worksheet(document.plans_name)
    header(book, sheet, [(name, 60 if place == 0 else 16) for place, name in enumerate(document.plan_columns)])
    write = writer(book, sheet)
    for number, plan in enumerate(document.plans, start=1):
        for place, cell in enumerate(plan):
            write(number, place, cell if place == 0 else int(cell))
