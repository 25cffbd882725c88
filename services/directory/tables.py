"""Tables as files: CSV as a Danish Excel opens it, and workbooks; row by row, so that no table fills the memory."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import xlsxwriter

# What a spreadsheet takes for the beginning of a formula, also behind blanks that it strips.
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
CHUNK = 64 * 1024

Rows = Iterable[Sequence[Any]]


async def csv_file(headings: Sequence[str], parts: AsyncIterator[Rows]) -> AsyncIterator[bytes]:
    """With semicolons and a byte order mark; text that a spreadsheet would run is made text by an apostrophe."""
    yield b"\xef\xbb\xbf" + _csv([headings])
    async for rows in parts:
        yield _csv(rows)


async def xlsx_file(headings: Sequence[str], parts: AsyncIterator[Rows]) -> AsyncIterator[bytes]:
    """Text stays text: neither a formula nor a link is made of what somebody wrote."""
    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(file, options)
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        # Excel's own mark for "this is text", so that it stays text when the sheet is saved and opened again.
        quoted = book.add_format({"quote_prefix": True})
        number = 1
        async for rows in parts:
            number = await asyncio.to_thread(_write, sheet, quoted, number, list(rows))
        await asyncio.to_thread(book.close)
        file.seek(0)
        while part := await asyncio.to_thread(file.read, CHUNK):
            yield part


def _csv(rows: Rows) -> bytes:
    stored = io.StringIO(newline="")
    writer = csv.writer(stored, delimiter=";", lineterminator="\r\n")
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return stored.getvalue().encode()


def _inert(cell: Any) -> str:
    written = "" if cell is None else str(cell)
    return f"'{written}" if isinstance(cell, str) and written.lstrip(" ").startswith(ACTIVE) else written


def _write(sheet: Any, quoted: Any, number: int, rows: Sequence[Sequence[Any]]) -> int:
    for number_now, row in enumerate(rows, start=number):
        for place, cell in enumerate(row):
            match cell:
                case None | "":
                    continue
                case bool():
                    sheet.write_boolean(number_now, place, cell)
                case int() | float():
                    sheet.write_number(number_now, place, cell)
                case _:
                    said = str(cell)[:32_767]
                    sheet.write_string(number_now, place, said, quoted if said.startswith(ACTIVE) else None)
    return number + len(rows)
