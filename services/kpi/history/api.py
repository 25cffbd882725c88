"""The HTTP door of a goal's history, for curves."""

from services.kpi.history import usecases
from services.kpi.history.rules import By
from services.kpi.history.schemas import HistoryAnswer
from shared.auth import Public
from shared.door import Session, router
from shared.tenancy import TenantPath

api = router("kpi")


@api.get("/plans/{plan}/goals/{goal}/history")
async def get_history(
    plan: str, goal: str, tenant: TenantPath, session: Session, caller: Public, by: By = "month"
) -> HistoryAnswer:
    """What the goal had come to at the end of each Danish day, ISO week or month, as far as is known today.

    Of a share of a register, and of a sum of everybody's newest answer, receipts do not tell: 422 with the reason. Of a
    goal that counts people, everybody but the centre's staff sees the curve of what was shown to everybody.
    """
    return await usecases.history(session, tenant, plan, goal, by, exact=caller.is_staff)
