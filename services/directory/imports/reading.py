"""A file as it came, read into a table of text. It runs nothing, follows nothing, and stops at its limits."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from services.directory.imports import hsds
from services.directory.imports.rules import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_LINES,
    MAX_UNPACKED,
    FileFormat,
    refused,
)
from shared.errors import Text, TooLarge
from shared.inputs import composed

DELIMITERS = ";,\t|"
# Excel's own hint in the first line.
HINT = "sep="


@dataclass(frozen=True)
class Table:
    """Headings, and each line that says something with its number in the file."""

    format: FileFormat
    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read(body: bytes) -> Table:
    """What it is, is seen from its first bytes, whatever its name says."""
    if len(body) > MAX_BYTES:
        raise TooLarge(Text("En fil må højst fylde 10 MiB; del den", "A file may hold at most 10 MiB; split it"))
    if body.startswith(b"PK\x03\x04"):
        return _table(FileFormat.XLSX, _sheet(body))
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(
            "Gamle Excel-filer (.xls) læses ikke; gem den som .xlsx", "Old Excel files (.xls): save it as .xlsx"
        )
    text = _decoded(body)
    if text.lstrip()[:1] in ("{", "["):
        return _table(FileFormat.HSDS, iter(hsds.rows(text)))
    return _table(FileFormat.CSV, _csv(text))


def _table(format: FileFormat, records: Iterator[Sequence[str]]) -> Table:
    headings: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, record in enumerate(records, start=1):
        cells = [str(composed(cell)).strip() for cell in record]
        if not any(cells):
            continue
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise refused(f"Højst {MAX_COLUMNS} kolonner", f"At most {MAX_COLUMNS} columns")
        if any(len(cell) > MAX_CELL or "\x00" in cell for cell in cells):
            raise refused(f"Linje {number} har en celle, der ikke kan læses", f"Line {number} has an unreadable cell")
        if not headings:
            # A spreadsheet may go on to the right for ever; its headings say where it ends.
            headings = cells[: max(place for place, cell in enumerate(cells, start=1) if cell)][:MAX_COLUMNS]
            continue
        if len(rows) == MAX_LINES:
            raise refused(f"Højst {MAX_LINES} linjer; del filen", f"At most {MAX_LINES} lines; split the file")
        rows.append((number, (cells + [""] * len(headings))[: len(headings)]))
    if not rows:
        raise refused("Filen har ingen linjer under overskrifterne", "The file has no lines below its headings")
    return Table(format, headings, rows)


def _decoded(body: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 as Excel's "Unicode text", else Windows-1252 as Danish Excel writes."""
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("Filens tegnsæt kendes ikke; gem den som UTF-8", "Unknown encoding; save it as UTF-8")


def _csv(text: str) -> Iterator[list[str]]:
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith(HINT) and len(first.strip()) == len(HINT) + 1:
        delimiter, text = first.strip()[-1], rest
    else:
        # The one that parts the headings most often. A delimiter inside quotes parts nothing.
        delimiter = max(DELIMITERS, key=lambda each: len(next(_records(text, each), [])))
    yield from _records(text, delimiter)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise refused("En linje kan ikke læses som CSV", "A line cannot be read as CSV") from None


def _sheet(body: bytes) -> Iterator[list[str]]:
    """The first sheet that is not empty. Of a formula only the value that was saved with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            # Python's zipfile hands out no more than what an entry declares, so that the sum is a true bound.
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise TooLarge(Text("Regnearket er for stort, når det pakkes ud", "Too large when it is unpacked"))
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows = (_texts(row) for row in _bounded(sheet))
            if first := next((row for row in rows if any(row)), None):
                yield first
                yield from rows
                return
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, EOFError, SyntaxError):
        raise refused("Regnearket kan ikke læses", "The spreadsheet cannot be read") from None


def _bounded(sheet: Any) -> Iterable[Any]:
    # What a sheet says of its own size is not to be trusted, in either direction.
    sheet.reset_dimensions()
    return sheet.iter_rows(max_row=MAX_LINES * 2, max_col=MAX_COLUMNS + 1, values_only=True)  # type: ignore[no-any-return]


def _texts(row: Sequence[Any]) -> list[str]:
    return [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "ja" if cell else "nej"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
        case date():
            return cell.isoformat()
        case time():
            return cell.strftime("%H:%M")
        case _:
            return str(cell)
