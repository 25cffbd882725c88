"""What staff do with a file of entries: show what it would do, say what its columns mean, decide, adopt it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from fastapi.encoders import jsonable_encoder
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.duplicates.repository import places_of
from services.directory.imports import repository
from services.directory.imports.headings import FIELDS, NEEDED, guess
from services.directory.imports.lines import understand
from services.directory.imports.matching import Lookout, Register
from services.directory.imports.models import Import, ImportLine
from services.directory.imports.previewing import Shown, Standing, compare, place
from services.directory.imports.reading import read
from services.directory.imports.rules import AlreadyAdopted, Outcome, Progress, Wish
from services.directory.imports.schemas import (
    Adoption,
    Column,
    FieldName,
    FindingAnswer,
    ImportAnswer,
    ImportChange,
    LineAnswer,
    LineDecision,
)
from services.directory.organisations import repository as organisations
from shared.answers import Expected
from shared.clock import today
from shared.errors import Invalid, Language

EXAMPLES = 3
Rows = Sequence[tuple[int, list[str]]]


async def receive(session: AsyncSession, tenant: str, source: str, body: bytes) -> Import:
    """Read a file and show what it would do. Nothing stands in the directory yet."""
    # Beside the other requests: a full spreadsheet takes seconds.
    table = await asyncio.to_thread(read, body)
    made = Import(
        tenant=tenant,
        source=source,
        format=table.format,
        headings=table.headings,
        mapping=guess(table.headings),
        lines=len(table.rows),
    )
    session.add(made)
    await session.flush()
    await _preview(session, made, table.rows)
    return made


async def change(session: AsyncSession, tenant: str, id: UUID, wanted: ImportChange, expected: Expected) -> Import:
    """Another meaning of the columns is another preview; what was decided about lines is decided anew."""
    made = await _previewed(session, tenant, id, expected)
    if wanted.publish is not None:
        made.publish = wanted.publish
    if wanted.columns is not None:
        if len(wanted.columns) != len(made.headings):
            raise Invalid.field("columns", "skal nævne hver kolonne", "must name every column")
        made.mapping = wanted.columns
        stored = await repository.lines(session, tenant, id)
        await _preview(session, made, [(each.number, each.cells) for each in stored])
    made.version += 1
    return made


async def decide(session: AsyncSession, tenant: str, id: UUID, number: int, wanted: LineDecision) -> ImportLine:
    await _previewed(session, tenant, id)
    line = await repository.get_line(session, tenant, id, number)
    if wanted.decision is Wish.SAME:
        line.same_as = wanted.same_as or line.same_as
        if line.same_as is None or await organisations.find(session, tenant, line.same_as) is None:
            raise Invalid.field("same_as", "findes ikke", "does not exist")
    line.decision = wanted.decision
    return line


async def adopt(session: AsyncSession, tenant: str, id: UUID, wanted: Adoption, expected: Expected) -> Import:
    made = await _previewed(session, tenant, id, expected)
    if wanted.possible is Wish.SAME:
        raise Invalid.field("possible", "skal være skip eller add", "must be skip or add")
    if NEEDED["organisation"] not in made.mapping:
        raise Invalid.field("columns", "skal sige, hvor navnet står", "must say where the name stands")
    await repository.decide_possible(session, made, wanted.possible)
    made.state = Progress.ADOPTING
    made.version += 1
    return made


async def forget(session: AsyncSession, tenant: str, id: UUID) -> None:
    """A file whose adoption has begun stays as the record of what it did."""
    await session.delete(await _previewed(session, tenant, id))


async def shown(session: AsyncSession, made: Import, language: Language) -> ImportAnswer:
    first = await repository.lines(session, made.tenant, made.id, limit=EXAMPLES)
    cells = [line.cells for line in first if line.cells]
    return ImportAnswer(
        **made.model_dump(include={*ImportAnswer.model_fields} & {*Import.model_fields}),
        counts=await repository.counts(session, made.tenant, made.id),
        columns=[
            Column(heading=heading, field=made.mapping[place], examples=[line[place] for line in cells])
            for place, heading in enumerate(made.headings)
        ],
        fields=[FieldName(field=field, name=name.read(language)) for field, name in FIELDS.items()],
    )


def shown_line(made: Import, line: ImportLine, language: Language) -> LineAnswer:
    columns = {field: heading for field, heading in zip(made.mapping, made.headings, strict=True) if field}
    return LineAnswer(
        **line.model_dump(include={*LineAnswer.model_fields} - {"findings"}),
        findings=[
            FindingAnswer(
                field=each["field"],
                column=columns.get(each["field"]),
                message=each.get(language),
                before=each["before"],
                after=each["after"],
            )
            for each in line.findings
        ],
    )


async def _previewed(session: AsyncSession, tenant: str, id: UUID, expected: Expected = lambda version: None) -> Import:
    made = await repository.get(session, tenant, id, lock=True)
    expected(made.version)
    if made.state is not Progress.PREVIEWED:
        raise AlreadyAdopted
    return made


async def _preview(session: AsyncSession, made: Import, rows: Rows) -> None:
    lines = await asyncio.to_thread(
        lambda: [understand(number, cells, made.mapping, today()) for number, cells in rows]
    )
    good = [line for line in lines if line.organisation and not line.mistakes]
    keys = [key for line in good for key in line.keys(made.source)]
    identities = await repository.identities(session, made.tenant, keys)
    everybody = await repository.everybody(session, made.tenant)
    known = repository.known(everybody)
    register = Register(made.source, known, identities)
    lookout = Lookout(known, places_of(made.tenant, (each.locality for each in known)))
    placed = await asyncio.to_thread(lambda: list(place(lines, register, lookout)))
    owners = {each.organisation_id for each in placed if each.organisation_id}
    activities, premises = await repository.shown_by(session, made.tenant, owners, identities.values())
    standing = Standing(everybody, activities, premises, identities)
    compared = await asyncio.to_thread(lambda: list(compare(placed, standing, made.source)))
    cells = dict(rows)
    await repository.put_lines(session, made, [_stored(made, each, cells[each.line.number]) for each in compared])


def _stored(made: Import, shown: Shown, cells: list[str]) -> ImportLine:
    return ImportLine(
        tenant=made.tenant,
        import_id=made.id,
        number=shown.line.number,
        cells=cells,
        label=shown.line.label,
        outcome=shown.outcome,
        same_as=shown.same_as,
        score=shown.score,
        findings=jsonable_encoder([each.document() for each in shown.findings]),
        organisation_id=shown.organisation_id if shown.outcome is not Outcome.ADDED else None,
    )
