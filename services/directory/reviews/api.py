"""The review step's door: staff decide whether there is one; whoever edits may know."""

from services.directory.doors import Editing
from services.directory.reviews import repository
from services.directory.reviews.schemas import Decision, PolicyAnswer
from shared.auth import Staff
from shared.door import Session, router
from shared.tenancy import TenantPath

routes = router("directory")


@routes.get("/review")
async def get_review(tenant: TenantPath, session: Session, caller: Editing) -> PolicyAnswer:
    return PolicyAnswer(wanted=await repository.wanted(session, tenant))


@routes.put("/review")
async def decide_review(tenant: TenantPath, session: Session, caller: Staff, body: Decision) -> PolicyAnswer:
    """From now on associations' changes wait for staff, or no longer do; what waits already waits on."""
    await repository.decide(session, tenant, body.wanted)
    return PolicyAnswer(wanted=body.wanted)
