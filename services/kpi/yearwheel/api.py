"""The HTTP door of the year wheel. Public: a plan's dates are as public as the plan."""

from typing import Annotated

from fastapi import Query, Response

from services.kpi.yearwheel.feed import feed
from services.kpi.yearwheel.rules import by_month
from services.kpi.yearwheel.schemas import DueAnswer, MonthAnswer, WheelAnswer
from services.kpi.yearwheel.usecases import everything_due
from shared.auth import Public
from shared.clock import today
from shared.door import Session, router
from shared.tenancy import TenantPath

api = router("kpi")

Year = Annotated[int | None, Query(ge=2000, le=2200)]
PlanName = Annotated[str | None, Query(max_length=80)]
CALENDAR = "text/calendar"


@api.get("/yearwheel")
async def year_wheel(
    tenant: TenantPath, session: Session, caller: Public, year: Year = None, plan: PlanName = None
) -> WheelAnswer:
    """What is due in each month of a year (this one, unless another is named), of all plans or of one."""
    wanted = year or today().year
    months = by_month(await everything_due(session, tenant, plan), wanted)
    return WheelAnswer(
        year=wanted,
        months=[
            MonthAnswer(month=month, due=[DueAnswer.model_validate(due) for due in dues])
            for month, dues in months.items()
        ],
    )


@api.get(
    "/yearwheel.ics",
    response_class=Response,
    responses={200: {"content": {CALENDAR: {"schema": {"type": "string"}}}}},
)
async def year_wheel_feed(
    tenant: TenantPath, session: Session, caller: Public, year: Year = None, plan: PlanName = None
) -> Response:
    """The same for a calendar program; without a year everything, because who subscribes stays."""
    dues = await everything_due(session, tenant, plan)
    chosen = [due for due in dues if year is None or due.on.year == year]
    return Response(feed(tenant, chosen), media_type=f"{CALENDAR}; charset=utf-8")
