"""Every question about imports, and what stands in the directory that a file may be about."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, delete, func, insert, literal, or_, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.imports.matching import Known
from services.directory.imports.models import Import, ImportIdentity, ImportLine
from services.directory.imports.rules import Outcome, Progress, Wish
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from services.directory.rules import State
from shared.errors import NotFound
from shared.paging import PageRequest, paginate

Values = Mapping[str, Any]
# Files that take turns.
AT_ONCE = 20


async def get(session: AsyncSession, tenant: str, id: UUID, *, lock: bool = False) -> Import:
    query = select(Import).where(Import.tenant == tenant, Import.id == id)
    if found := (await session.exec(query.with_for_update() if lock else query)).first():
        return found
    raise NotFound


async def page(session: AsyncSession, tenant: str, paging: PageRequest) -> tuple[Sequence[Import], str | None]:
    """Newest first."""
    query = select(Import).where(Import.tenant == tenant)
    return await paginate(session, query, Import.id, paging, newest_first=True)


async def get_line(session: AsyncSession, tenant: str, import_id: UUID, number: int) -> ImportLine:
    query = select(ImportLine).where(
        ImportLine.tenant == tenant, ImportLine.import_id == import_id, ImportLine.number == number
    )
    if line := (await session.exec(query.with_for_update())).first():
        return line
    raise NotFound


async def lines(
    session: AsyncSession,
    tenant: str,
    import_id: UUID,
    *,
    after: int = 0,
    limit: int | None = None,
    outcome: Outcome | None = None,
) -> Sequence[ImportLine]:
    query = select(ImportLine).where(
        ImportLine.tenant == tenant, ImportLine.import_id == import_id, ImportLine.number > after
    )
    if outcome:
        query = query.where(ImportLine.outcome == outcome)
    return (await session.exec(query.order_by(col(ImportLine.number)).limit(limit))).all()


async def put_lines(session: AsyncSession, made: Import, lines: Sequence[ImportLine]) -> None:
    """These and no others."""
    connection = await session.connection()
    await connection.execute(
        delete(ImportLine).where(col(ImportLine.tenant) == made.tenant, col(ImportLine.import_id) == made.id)
    )
    await connection.execute(insert(ImportLine), [line.model_dump() for line in lines])


async def counts(session: AsyncSession, tenant: str, import_id: UUID) -> dict[str, int]:
    query = (
        select(ImportLine.outcome, func.count())
        .where(ImportLine.tenant == tenant, ImportLine.import_id == import_id)
        .group_by(col(ImportLine.outcome))
    )
    found = dict((await session.exec(query)).all())
    return {outcome.value: found.get(outcome, 0) for outcome in Outcome}


async def decide_possible(session: AsyncSession, made: Import, wish: Wish) -> None:
    """For those about which nobody has decided one by one."""
    await (await session.connection()).execute(
        update(ImportLine)
        .where(
            col(ImportLine.tenant) == made.tenant,
            col(ImportLine.import_id) == made.id,
            col(ImportLine.outcome) == Outcome.POSSIBLE,
            col(ImportLine.decision).is_(None),
        )
        .values(decision=wish)
    )


async def undone_lines(session: AsyncSession, made: Import, limit: int) -> Sequence[ImportLine]:
    query = (
        select(ImportLine)
        .where(
            ImportLine.tenant == made.tenant,
            ImportLine.import_id == made.id,
            col(ImportLine.done_at).is_(None),
        )
        .order_by(col(ImportLine.number))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def at_work(session: AsyncSession) -> Sequence[tuple[str, UUID]]:
    """Those that are being adopted, of whichever centre, the oldest first."""
    query = select(Import.tenant, Import.id).where(Import.state == Progress.ADOPTING)
    return (await session.exec(query.order_by(col(Import.id)).limit(AT_ONCE))).all()


async def take(session: AsyncSession, tenant: str, id: UUID) -> Import | None:
    """Nothing, if another worker is at it."""
    query = select(Import).where(Import.tenant == tenant, Import.id == id, Import.state == Progress.ADOPTING)
    return (await session.exec(query.with_for_update(skip_locked=True))).first()


async def forget(session: AsyncSession, before: datetime) -> None:
    """Files that were shown and never adopted, with all that stood in them."""
    await (await session.connection()).execute(
        delete(Import).where(col(Import.state) == Progress.PREVIEWED, col(Import.created_at) < before)
    )


async def alone(session: AsyncSession, tenant: str) -> None:
    """Imports of a centre happen one after another: what a line adds depends on what is there."""
    lock = text("select pg_advisory_xact_lock(hashtextextended('import of entries ' || :tenant, 0))")
    await (await session.connection()).execute(lock, {"tenant": tenant})


async def identities(session: AsyncSession, tenant: str, keys: Collection[str]) -> dict[str, UUID]:
    query = select(ImportIdentity.key, ImportIdentity.thing_id).where(
        ImportIdentity.tenant == tenant, _one_of(ImportIdentity.key, keys)
    )
    return dict((await session.exec(query)).all())


async def remember(session: AsyncSession, tenant: str, known: Mapping[str, UUID]) -> None:
    if known:
        rows = [{"tenant": tenant, "key": key, "thing_id": id} for key, id in known.items()]
        statement = upsert(ImportIdentity).values(rows)
        changed = statement.on_conflict_do_update(
            index_elements=["tenant", "key"], set_={"thing_id": statement.excluded.thing_id}
        )
        await (await session.connection()).execute(changed)


async def everybody(session: AsyncSession, tenant: str) -> dict[UUID, Values]:
    """All organisations, closed and merged ones too, as plain values."""
    return await _values(session, Organisation, Organisation.tenant == tenant)


async def those_meant(
    session: AsyncSession, tenant: str, ids: Collection[UUID], cvrs: Collection[str], postcodes: Collection[str]
) -> list[Known]:
    """Whom some lines can be about: by id, CVR number or postcode, with what any of them was merged into."""
    wanted = or_(
        _one_of(Organisation.id, ids),
        _one_of(Organisation.cvr, cvrs),
        _one_of(Organisation.postcode, postcodes),
        *([col(Organisation.postcode).is_(None)] if "" in postcodes else []),
    )
    found = known(await _values(session, Organisation, Organisation.tenant == tenant, wanted))
    while missing := {each.replaced_by for each in found if each.replaced_by} - {each.id for each in found}:
        more = await _values(session, Organisation, Organisation.tenant == tenant, _one_of(Organisation.id, missing))
        found += known(more)
    return found


async def locked(session: AsyncSession, tenant: str, ids: Collection[UUID]) -> dict[UUID, Organisation]:
    """In an order that all who lock several agree on."""
    query = select(Organisation).where(Organisation.tenant == tenant, _one_of(Organisation.id, ids))
    found = (await session.exec(query.order_by(col(Organisation.id)).with_for_update())).all()
    return {each.id: each for each in found}


def known(rows: Mapping[UUID, Values]) -> list[Known]:
    return [Known(**{name: row[name] for name in Known.__dataclass_fields__}) for row in rows.values()]


async def shown_by(
    session: AsyncSession, tenant: str, owners: Collection[UUID], named: Collection[UUID]
) -> tuple[dict[UUID, Values], dict[UUID, Values]]:
    """The activities and premises of organisations, but for those that are gone; and those that a source has named.

    What went into another entry is not gone: a line that calls it by its old name must not add it again.
    """
    activities = await _values(
        session,
        Activity,
        Activity.tenant == tenant,
        or_(
            and_(
                _one_of(Activity.organisation_id, owners),
                or_(col(Activity.state) != State.WITHDRAWN, col(Activity.replaced_by).is_not(None)),
            ),
            _one_of(Activity.id, named),
        ),
    )
    premises = await _values(
        session,
        Premises,
        Premises.tenant == tenant,
        or_(
            and_(
                _one_of(Premises.organisation_id, owners),
                or_(col(Premises.closed_on).is_(None), col(Premises.replaced_by).is_not(None)),
            ),
            _one_of(Premises.id, named),
        ),
    )
    return activities, premises


def _one_of(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """As one array: ten thousand parameters would take longer to read than to look up."""
    return col(column) == any_(literal(list(values), ARRAY(column.type)))


async def _values(session: AsyncSession, model: Any, *conditions: Any) -> dict[UUID, Values]:
    table = model.__table__
    found = await (await session.connection()).execute(table.select().where(*conditions).order_by(table.c.id))
    return {row["id"]: dict(row) for row in found.mappings()}
