"""A short table as an answer: a CSV file, made by the same hand as the long ones."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.directory.tables import CSV, Rows, csv_file

Cell = str | int | date | None


def as_csv(name: str, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(csv_file(titles, _at_once(list(rows))), media_type=CSV, headers=headers)


async def _at_once(rows: Rows) -> AsyncIterator[Rows]:
    yield rows
