"""Files as people send them: a spreadsheet, and text as Excel writes it."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

COLUMNS = ("Forening", "CVR-nr.", "Postnr.", "By", "Hjemmeside", "Aktivitet", "Tema", "Tidspunkt", "Pris")
NAMES = ("Skak", "Strik", "Kor", "Løb", "Have", "Spisning", "Sang", "Dans", "Kaffe", "Læsning")


def association(number: int) -> tuple[str, ...]:
    """One of hundreds that nobody would take for another."""
    what, area = NAMES[number % 10], f"{number // 10:02}"
    return (
        f"{what} og Venner {area}", "", f"5{200 + number % 10 * 10}", "Odense", f"forening{number}.dk",
        f"{what} hver uge {area}", "Fællesskab; Kultur", "Tirsdag kl. 19-21", "gratis" if number % 2 else "50 kr.",
    )  # fmt: skip


def workbook(rows: Sequence[Sequence[Any]], headings: Sequence[str] = COLUMNS) -> bytes:
    stored = io.BytesIO()
    book = xlsxwriter.Workbook(stored, {"in_memory": True})
    sheet = book.add_worksheet("Foreninger")
    for number, row in enumerate((headings, *rows)):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    book.close()
    return stored.getvalue()


def excel_csv(rows: Sequence[Sequence[str]], headings: Sequence[str] = COLUMNS, encoding: str = "cp1252") -> bytes:
    def quoted(cell: str) -> str:
        return f'"{cell}"' if ";" in cell or "\n" in cell else cell

    return "".join(";".join(map(quoted, row)) + "\r\n" for row in (headings, *rows)).encode(encoding)
