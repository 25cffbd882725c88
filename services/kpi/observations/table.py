"""From a CSV file as spreadsheets write it in Denmark to observations, or to what is wrong in which line."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal
from pydantic import ValidationError

from services.kpi.observations.schemas import NewObservation
from shared.errors import FieldError, Text
from shared.validation import field_error

COLUMNS = ("series", "value", "observed_on", "evidence")
REQUIRED = COLUMNS[:3]
DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y")
# Babel also reads "NaN" and "1e5", which nobody has counted.
DIGITS = re.compile(r"[+-]?[0-9.]+(,[0-9]+)?")

Lines = Iterator[tuple[int, list[str] | None]]


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    """As an editor counts them; a field with a line break in it makes a row longer than a line."""
    series: str
    value: Decimal
    observed_on: date
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Mistake:
    line: int
    error: FieldError


class Refused(ValueError):
    """One field that cannot be understood, and why."""

    def __init__(self, field: str, da: str, en: str) -> None:
        super().__init__(en)
        self.error = FieldError(field, Text(da, en))


def read_table(body: bytes, today: date) -> tuple[list[Row], list[Mistake]]:
    """Every row that can be used, and every mistake in the others."""
    text = decoded(body)
    if "\x00" in text:
        return [], [Mistake(1, FieldError("file", Text("er ikke en CSV-fil", "is not a CSV file")))]
    lines = _lines(text)
    _, header = next(lines, (1, []))
    if header is None:
        return [], [_unreadable(1)]
    header = [name.strip().lower() for name in header]
    mistakes = [Mistake(1, error) for error in _of_header(header)]
    return ([], mistakes) if mistakes else _rows(lines, header, today)


def _lines(text: str) -> Lines:
    """Each row and the line it begins in; None, and no more, where the quotes do not match."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
            return


def decoded(body: bytes) -> str:
    """UTF-8, or what Excel in Denmark writes when it is asked for CSV only; every byte means something in that."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """No name of ours has one of them in it, so the first line tells."""
    return ";" if ";" in text.partition("\n")[0] else ","


def _of_header(header: Sequence[str]) -> Iterator[FieldError]:
    for name in REQUIRED:
        if name not in header:
            yield FieldError(name, Text("kolonnen mangler", "the column is missing"))
    for name in sorted({name for name in header if name not in COLUMNS}):
        # What is told back is a column's number: its name may be anything that stood in the file.
        where = f"column {header.index(name) + 1}"
        yield FieldError(where, Text("kolonnen kendes ikke", "the column is not known"))
    for name in COLUMNS:
        if header.count(name) > 1:
            yield FieldError(name, Text("kolonnen er der to gange", "the column is there twice"))


def _rows(lines: Lines, header: Sequence[str], today: date) -> tuple[list[Row], list[Mistake]]:
    rows: list[Row] = []
    mistakes: list[Mistake] = []
    for line, cells in lines:
        if cells is None:
            mistakes.append(_unreadable(line))
        elif any(cell.strip() for cell in cells):
            try:
                rows.append(_row(line, _named(header, cells), today))
            except Refused as refused:
                mistakes.append(Mistake(line, refused.error))
            except ValidationError as error:
                found = error.errors(include_url=False, include_input=False)
                mistakes += [Mistake(line, field_error(each)) for each in found]
    return rows, mistakes


def _unreadable(line: int) -> Mistake:
    why = Text("kan ikke læses som CSV herfra: anførselstegn", "cannot be read as CSV from here on: quotes")
    return Mistake(line, FieldError("line", why))


def _named(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    if len(cells) > len(header):
        raise Refused(
            "line",
            "har flere felter end kolonner; sæt tal med komma i anførselstegn",
            "has more fields than columns; put numbers with a comma in quotes",
        )
    return {name: cell.strip() for name, cell in zip(header, cells, strict=False)}


def _row(line: int, cells: Mapping[str, str], today: date) -> Row:
    for name in REQUIRED:
        if not cells.get(name):
            raise Refused(name, "skal udfyldes", "is required")
    day = _day(cells["observed_on"])
    if day > today:
        raise Refused("observed_on", "må ikke ligge i fremtiden", "must not lie in the future")
    # The same rules as for a number that is typed in.
    new = NewObservation(
        series=cells["series"],
        value=_number(cells["value"]),
        observed_on=day,
        evidence=cells.get("evidence") or None,
    )
    return Row(line, new.series, new.value, day, new.evidence)


def _number(written: str) -> Decimal:
    try:
        if DIGITS.fullmatch(written):
            return parse_decimal(written, locale="da", strict=True)
    except NumberFormatError:
        pass
    raise Refused("value", "skal være et tal som 1650, 1.650 eller 1650,5", "must be a number as 1650, 1.650 or 1650,5")


def _day(written: str) -> date:
    for form in DAYS:
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise Refused("observed_on", "skal være en dato: 2023-06-30 eller 30-06-2023", "must be a date: 2023-06-30")
