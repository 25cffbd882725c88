"""The door of those who tend what is found: synonyms, what was looked for in vain, and how often entries were shown."""

from uuid import UUID

from services.directory.search import usecases
from services.directory.search.schemas import GapsAnswer, ShownAnswer, SynonymAnswer, SynonymsAnswer, WantedSynonym
from shared.auth import Staff, StaffOrAssociation
from shared.door import Session, router
from shared.inputs import Day
from shared.tenancy import TenantPath

routes = router("directory")


@routes.get("/search/synonyms")
async def read_synonyms(tenant: TenantPath, session: Session, caller: Staff) -> SynonymsAnswer:
    return await usecases.read_synonyms(session, tenant)


@routes.put("/search/synonyms/{word}")
async def set_synonym(
    tenant: TenantPath, session: Session, caller: Staff, word: str, body: WantedSynonym
) -> SynonymAnswer:
    return await usecases.set_synonym(session, tenant, word, body.finds)


@routes.delete("/search/synonyms/{word}", status_code=204)
async def remove_synonym(tenant: TenantPath, session: Session, caller: Staff, word: str) -> None:
    await usecases.remove_synonym(session, tenant, word)


@routes.get("/search/gaps")
async def read_gaps(tenant: TenantPath, session: Session, caller: Staff, since: Day | None = None) -> GapsAnswer:
    """What is looked for and not found, once five different visitors of one month have looked for it."""
    return await usecases.gaps(session, tenant, since)


@routes.get("/organisations/{organisation_id}/shown")
async def read_shown(
    tenant: TenantPath,
    session: Session,
    caller: StaffOrAssociation,
    organisation_id: UUID,
    since: Day | None = None,
) -> ShownAnswer:
    """How often an association's entries stood on a page of results, and how often one was opened."""
    return await usecases.shown(session, tenant, organisation_id, since, caller)
