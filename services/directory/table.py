"""Tables that leave the directory as text: with semicolons and a byte order mark, as Danish spreadsheets open them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from fastapi import Response

# What a spreadsheet takes for the beginning of a formula.
ACTIVE = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | date | None


def as_csv(name: str, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    stored = io.StringIO(newline="")
    lines = csv.writer(stored, delimiter=";", lineterminator="\r\n")
    lines.writerow(titles)
    lines.writerows([_written(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(stored.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _written(cell: Cell) -> str:
    """What somebody wrote must not be taken for a formula."""
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(ACTIVE) else cell
    return str(cell)
