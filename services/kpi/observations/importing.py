"""Numbers that come in a file: shown line by line first, then all of them or none, and each only once."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.observations import repository
from services.kpi.observations.schemas import ImportAnswer, ImportedLine, LineMistake, NewObservation
from services.kpi.observations.table import Mistake, Row, read_table
from services.kpi.observations.usecases import record_all
from shared.auth import Principal
from shared.clock import today
from shared.errors import FieldError, Problem, Text, TooLarge

MAX_BYTES = 64 * 1024
"""Some thousand lines; a longer history comes in several files."""


class FileRefused(Problem):
    status, slug = 422, "file-invalid"
    title = Text(
        "Filen kan ikke bruges, som den er; intet er gemt", "The file cannot be used as it is; nothing is kept"
    )


async def import_table(
    session: AsyncSession, tenant: str, body: bytes, caller: Principal, *, dry_run: bool
) -> ImportAnswer:
    """Record what the file holds and the centre has not. With `dry_run` only tell what would be, mistakes included."""
    if len(body) > MAX_BYTES:
        raise TooLarge(Text("En fil må højst fylde 64 KiB; del den", "A file may hold at most 64 KiB; split it"))
    # Beside the other requests: a full file takes a tenth of a second.
    rows, mistakes = await asyncio.to_thread(read_table, body, today())
    if mistakes and not dry_run:
        raise FileRefused(errors=[_told(mistake) for mistake in mistakes])
    await _alone(session, tenant)
    lines = await _compare(session, tenant, rows)
    if not dry_run:
        news = [
            NewObservation(series=row.series, value=row.value, observed_on=row.observed_on, evidence=row.evidence)
            for row, line in zip(rows, lines, strict=True)
            if line.new
        ]
        await record_all(session, tenant, news, caller)
    added = sum(line.new for line in lines)
    return ImportAnswer(
        dry_run=dry_run,
        new=added,
        known=len(lines) - added,
        lines=lines,
        errors=[
            LineMistake(line=each.line, field=each.error.field, da=each.error.message.da, en=each.error.message.en)
            for each in mistakes
        ],
    )


async def _alone(session: AsyncSession, tenant: str) -> None:
    """Imports of a centre happen one after another: what a file adds depends on what is there."""
    connection = await session.connection()
    lock = text("select pg_advisory_xact_lock(hashtextextended('import of observations ' || :tenant, 0))")
    await connection.execute(lock, {"tenant": tenant})


async def _compare(session: AsyncSession, tenant: str, rows: Sequence[Row]) -> list[ImportedLine]:
    """What somebody has taken back is known too: reading the file again must not bring a mistake back."""
    seen = await repository.known(session, tenant, {row.series for row in rows})
    lines = []
    for row in rows:
        key = (row.series, row.observed_on, Decimal(row.value))
        lines.append(
            ImportedLine(
                line=row.line,
                series=row.series,
                value=row.value,
                observed_on=row.observed_on,
                evidence=row.evidence,
                new=key not in seen,
            )
        )
        seen.add(key)
    return lines


def _told(mistake: Mistake) -> FieldError:
    return FieldError(f"lines[{mistake.line}].{mistake.error.field}", mistake.error.message)
