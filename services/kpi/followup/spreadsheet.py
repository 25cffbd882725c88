"""The follow-up table for spreadsheets: an Excel workbook, and lines of text as a Danish Excel opens them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from services.kpi.followup import words
from services.kpi.followup.rules import LOCALES, ORDER, Followup, Row
from services.kpi.followup.rules import written as shown
from services.kpi.goals.schemas import written
from shared.errors import Language, Text

ACTIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
Cell = str | Decimal | int | date | None
WIDTHS = {"goal": 8, "theme": 28, "statement": 60, "comment": 60, "result": 26, "time": 26, "which": 60, "code": 32}
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def columns(followup: Followup) -> tuple[str, ...]:
    codes = ("codes",) if followup.has_codes else ()
    return ("theme", "goal", "statement", *codes, "target", "value", "unit", "result", "time", "due", "comment")


def lines(followup: Followup) -> Iterator[dict[str, Cell]]:
    for section in followup.sections:
        for row in section.rows:
            yield _line(followup, section.theme, row)


def _line(followup: Followup, theme: str, row: Row) -> dict[str, Cell]:
    # A plain target is a number to go on with; "2–3" and "højst 14" are not one.
    plain = row.target == shown(row.aim, followup.language)
    return {
        "theme": theme,
        "goal": row.id,
        "statement": row.statement,
        "codes": row.codes,
        "target": row.aim if plain else row.target,
        "value": row.value,
        "unit": row.unit,
        "result": row.judged,
        "time": row.time,
        "due": row.due,
        "comment": " ".join(row.comment),
    }


def to_csv(followup: Followup) -> bytes:
    """With semicolons and a byte order mark. Numbers without grouping: they are to be counted with."""
    names = columns(followup)
    titles = [words.COLUMNS[name].read(followup.language) for name in names]
    return danish_csv(titles, ([line[name] for name in names] for line in lines(followup)), followup.language)


def danish_csv(names: Sequence[str], rows: Iterable[Sequence[Cell]], language: Language) -> bytes:
    stored = io.StringIO(newline="")
    lines_of_text = csv.writer(stored, delimiter=";", lineterminator="\r\n")
    lines_of_text.writerow(names)
    for row in rows:
        lines_of_text.writerow([_text(cell, language) for cell in row])
    return stored.getvalue().encode("utf-8-sig")


def _text(cell: Cell, language: Language) -> str:
    match cell:
        case None:
            return ""
        case Decimal() | int():
            number = str(written(Decimal(cell)))
            return number.replace(".", ",") if language == "da" else number
        case date():
            return cell.strftime("%d-%m-%Y") if language == "da" else cell.isoformat()
        case _:
            return f"'{cell}" if cell.startswith(ACTIVE) else cell


def to_xlsx(followup: Followup) -> bytes:
    with workbook(followup.title, followup.language) as (book, stored):
        _goals(book, followup)
        if followup.has_codes:
            _codes(book, followup)
        if followup.advice:
            _advice(book, followup)
    return stored.getvalue()


@contextmanager
def workbook(title: str, language: Language) -> Iterator[tuple[Any, io.BytesIO]]:
    """Written when it is left."""
    stored = io.BytesIO()
    # Text stays text: neither a formula nor a link is made of what a plan says.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stored, options)
    book.set_properties({"title": title, "comments": LOCALES[language]})
    yield book, stored
    book.close()


def _goals(book: Any, followup: Followup) -> None:
    names = columns(followup)
    sheet = book.add_worksheet(words.PAGE["followup"].read(followup.language))
    _header(book, sheet, names, followup)
    write = writer(book, sheet)
    count = 0
    for count, line in enumerate(lines(followup), start=1):
        for place, name in enumerate(names):
            write(count, place, line[name])
    sheet.autofilter(0, 0, count, len(names) - 1)
    on_paper(sheet)


def on_paper(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _codes(book: Any, followup: Followup) -> None:
    sheet = book.add_worksheet(words.COLUMNS["codes"].read(followup.language))
    _header(book, sheet, ("code", "goals", *ORDER, "which"), followup)
    write = writer(book, sheet)
    totals = ((axis, total) for axis, each in followup.axes.items() for total in each)
    for number, (axis, total) in enumerate(totals, start=1):
        counted = (len(total.goals), *(total.results[result] for result in ORDER))
        for place, cell in enumerate((f"{axis} {total.code} {total.name}", *counted, ", ".join(total.goals))):
            write(number, place, cell)


def _advice(book: Any, followup: Followup) -> None:
    sheet = book.add_worksheet(words.PAGE["recommendations"].read(followup.language))
    _header(book, sheet, ("recommendation", "statement", "status", "reason", "source"), followup)
    write = writer(book, sheet)
    for number, each in enumerate(followup.advice, start=1):
        for place, cell in enumerate((each.id, each.statement, each.status, each.reason, each.source)):
            write(number, place, cell)


def _header(book: Any, sheet: Any, names: tuple[str, ...], followup: Followup) -> None:
    texts: dict[str, Text] = {**words.COLUMNS, **{str(result): text for result, text in words.RESULTS.items()}}
    header(book, sheet, [(texts[name].read(followup.language), WIDTHS.get(name, 14)) for name in names])


def header(book: Any, sheet: Any, columns: Sequence[tuple[str, int]]) -> None:
    """Names and widths."""
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, (name, width) in enumerate(columns):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)


def writer(book: Any, sheet: Any) -> Any:
    top = {"valign": "top", "text_wrap": True}
    text = book.add_format(top)
    # Excel's own mark for "this is text", so that it stays text when the sheet is saved and opened again.
    quoted = book.add_format({**top, "quote_prefix": True})
    whole = book.add_format({**top, "num_format": "#,##0"})
    broken = book.add_format({**top, "num_format": "#,##0.##"})
    on = book.add_format({**top, "num_format": "dd-mm-yyyy", "align": "left"})

    def write(row: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                sheet.write_blank(row, column, None, text)
            case Decimal() | int():
                number = written(Decimal(cell))
                sheet.write_number(row, column, number, whole if isinstance(number, int) else broken)
            case date():
                sheet.write_datetime(row, column, cell, on)
            case _:
                sheet.write_string(row, column, cell, quoted if cell.startswith(ACTIVE) else text)

    return write
