"""Every question behind HSDS's answers. Only what everybody may see is ever found here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_, true
from sqlalchemy.sql.elements import ColumnClause
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from services.directory.activities.models import Activity
from services.directory.hsds.taxonomies import CLOSED, Taxonomy, Term
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from shared.events.kinds import Form

Service = tuple[Activity, Organisation, Premises | None]

# The database's own word for it (migration 0006), which the feeds' triggers go by, too.
ORGANISATION_SHOWN: ColumnClause[bool] = literal_column("shown(organisations)")
ACTIVITY_SHOWN: ColumnClause[bool] = literal_column("shown(activities)")
PREMISES_SHOWN: ColumnClause[bool] = literal_column("shown(premises)")

ORGANISATION_SOMEWHERE = or_(
    col(Organisation.address).is_not(None),
    and_(col(Organisation.latitude).is_not(None), col(Organisation.longitude).is_not(None)),
)
# The same questions as `documents.place_of` and `documents.own_place` ask of one entry.
DIGITAL = col(Activity.form) == Form.DIGITAL
AT_PREMISES = and_(not_(DIGITAL), col(Premises.id).is_not(None))
OWN_PLACE = or_(
    DIGITAL,
    and_(
        col(Premises.id).is_(None),
        or_(
            col(Activity.address).is_not(None),
            and_(col(Activity.latitude).is_not(None), col(Activity.longitude).is_not(None)),
        ),
    ),
)


@dataclass(frozen=True)
class Filters:
    search: str | None = None
    term: Term | None = None
    taxonomy: Taxonomy | None = None
    organisation_id: UUID | None = None
    modified_after: datetime | None = None
    nothing: bool = False
    """Asked for a term or list that does not exist here."""


def services(
    tenant: str, filters: Filters, *, somewhere: bool = False, own_place: bool = False
) -> Select[Activity, Organisation, Premises]:
    query = (
        select(Activity, Organisation, Premises)
        .select_from(Activity)
        .join(Organisation, and_(col(Organisation.id) == col(Activity.organisation_id), ORGANISATION_SHOWN))
        .join(Premises, and_(col(Premises.id) == col(Activity.premises_id), PREMISES_SHOWN), isouter=True)
        .where(Activity.tenant == tenant, ACTIVITY_SHOWN)
    )
    if filters.nothing:
        query = query.where(literal_column("false"))
    if filters.search:
        vector: ColumnElement[object] = literal_column("activities.search")
        words = func.websearch_to_tsquery(literal_column("'danish'::regconfig"), filters.search)
        query = query.where(vector.bool_op("@@")(words))
    if filters.taxonomy:
        query = query.where(_among(filters.taxonomy, filters.term.word if filters.term else None))
    if filters.organisation_id:
        query = query.where(Activity.organisation_id == filters.organisation_id)
    if filters.modified_after:
        query = query.where(col(Activity.modified_at) >= filters.modified_after)
    if somewhere:
        query = query.where(or_(AT_PREMISES, OWN_PLACE))
    if own_place:
        query = query.where(OWN_PLACE)
    return query


def organisations(
    tenant: str, search: str | None = None, modified_after: datetime | None = None
) -> SelectOfScalar[Organisation]:
    query = select(Organisation).where(Organisation.tenant == tenant, ORGANISATION_SHOWN)
    for word in (search or "").split():
        query = query.where(col(Organisation.name).icontains(word, autoescape=True))
    if modified_after:
        query = query.where(col(Organisation.modified_at) >= modified_after)
    return query


def premises(tenant: str, search: str | None = None) -> SelectOfScalar[Premises]:
    query = select(Premises).where(Premises.tenant == tenant, PREMISES_SHOWN)
    for word in (search or "").split():
        query = query.where(col(Premises.name).icontains(word, autoescape=True))
    return query


async def words_in_use(session: AsyncSession, tenant: str, taxonomy: Taxonomy) -> list[str]:
    if taxonomy in CLOSED:
        return list(CLOSED[taxonomy])
    column = Activity.themes if taxonomy is Taxonomy.THEME else Activity.target_groups
    word = func.unnest(column).label("word")
    query = (
        select(word)
        .select_from(Activity)
        .join(Organisation, and_(col(Organisation.id) == col(Activity.organisation_id), ORGANISATION_SHOWN))
        .where(Activity.tenant == tenant, ACTIVITY_SHOWN)
        .distinct()
    )
    return sorted((await session.exec(query)).all())


async def terms(session: AsyncSession, tenant: str) -> dict[UUID, Term]:
    """All terms of the centre, by id."""
    found = [
        Term(tenant, taxonomy, word) for taxonomy in Taxonomy for word in await words_in_use(session, tenant, taxonomy)
    ]
    return {term.id: term for term in found}


async def services_of(session: AsyncSession, tenant: str, organisation_ids: Sequence[UUID]) -> Sequence[Service]:
    query = services(tenant, Filters()).where(col(Activity.organisation_id).in_(organisation_ids))
    return (await session.exec(query.order_by(col(Activity.id)))).all()


def _among(taxonomy: Taxonomy, word: str | None) -> ColumnElement[bool]:
    """Entries with this word; without one, with any word of the list."""
    match taxonomy:
        case Taxonomy.ORGANISATION_KIND:
            return col(Organisation.kind) == word if word else true()
        case Taxonomy.SECTOR:
            return col(Organisation.sector) == word if word else true()
        case Taxonomy.CONDITION:
            flags = {"companion_welcome": Activity.companion_welcome, "volunteers_wanted": Activity.volunteers_wanted}
            return or_(*(col(flag) for name, flag in flags.items() if word in (name, None)))
    column = {
        Taxonomy.THEME: Activity.themes,
        Taxonomy.TARGET_GROUP: Activity.target_groups,
        Taxonomy.ACCESSIBILITY: Activity.accessibility,
    }[taxonomy]
    return col(column).contains([word]) if word else func.cardinality(col(column)) > 0
