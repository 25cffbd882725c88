"""The HTTP door of receipts: the facts behind a number for everybody, the recount for the centre's staff."""

from typing import Annotated

from fastapi import Query, Request

from services.kpi.counting.keys import GoalKey
from services.kpi.definition.people import about_people
from services.kpi.goals.schemas import EvidenceAnswer
from services.kpi.receipts import repository, usecases
from services.kpi.receipts.schemas import EvidencePage, RecountAnswer
from shared.auth import Public, Staff
from shared.door import Session, router
from shared.inputs import DayOfOld
from shared.paging import Paging
from shared.tenancy import TenantPath

api = router("kpi")
Dimensions = Annotated[list[Annotated[str, Query(max_length=80)]], Query(max_length=20)]


@api.get("/plans/{plan}/goals/{goal}/evidence")
async def list_evidence(
    plan: str,
    goal: str,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    paging: Paging,
    dimension: Dimensions = [],  # noqa: B006 (FastAPI)
    first: Annotated[DayOfOld | None, Query(alias="from")] = None,
    last: Annotated[DayOfOld | None, Query(alias="to")] = None,
) -> EvidencePage:
    """The facts behind the number: their amounts add up to it. A superseded fact stays, and adds nothing.

    `from` and `to` are days on which the facts happened, both included. Where each fact is about a person, and of every
    goal how far the log was read, only the centre's staff see them: others are told by `withheld`.
    """
    definition, asked, state = await usecases.defined(session, tenant, plan, goal)
    key = GoalKey(tenant, plan, goal)
    if not caller.is_staff and about_people(asked):
        return EvidencePage(items=[], next_cursor=None, receipt=None, withheld=True)
    found, following = await repository.evidence(session, key, paging, dimension, first, last)
    receipt = await usecases.receipt(session, tenant, definition, asked, state)
    if not caller.is_staff:
        # A topic carries facts of people too: how many records it has would count them, beside any goal.
        receipt = receipt.model_copy(update={"partitions": None})
    items = [EvidenceAnswer.model_validate(each) for each in found]
    return EvidencePage(items=items, next_cursor=following, receipt=receipt, withheld=False)


@api.post("/plans/{plan}/goals/{goal}/recount")
async def recount(
    plan: str, goal: str, tenant: TenantPath, session: Session, caller: Staff, request: Request
) -> RecountAnswer:
    """Count the goal once more from the log, beside the live counting, and say whether it comes to the same."""
    return await usecases.recount(session, request.app.state.past, tenant, plan, goal)
