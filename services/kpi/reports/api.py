"""The HTTP door of reports to the board: for the centre's staff."""

from uuid import UUID

from fastapi import Request, Response

from services.kpi import repository as adopted
from services.kpi.reports import repository, usecases
from services.kpi.reports.models import Report
from services.kpi.reports.schemas import NewReport, ReportAnswer, ReportShown
from shared.auth import Staff
from shared.door import Session, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("kpi")


@api.post("/plans/{plan}/reports", status_code=201)
async def freeze(
    plan: str,
    body: NewReport,
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
) -> ReportShown:
    """Freeze every value of the plan as it stood at the end of the reporting date."""
    past = request.app.state.past
    report = await usecases.freeze(session, past, tenant, plan, body, caller.subject)
    tag(response, report.version)
    response.headers["Location"] = f"/kpi/{tenant}/plans/{plan}/reports/{report.id}"
    return await _shown(session, request, report)


@api.get("/plans/{plan}/reports")
async def list_reports(
    plan: str, tenant: TenantPath, session: Session, caller: Staff, paging: Paging
) -> Page[ReportAnswer]:
    """What was reported, the newest first."""
    await adopted.existing_plan(session, tenant, plan)
    found, following = await repository.page(session, tenant, plan, paging)
    return Page(items=[ReportAnswer.model_validate(each) for each in found], next_cursor=following)


@api.get("/plans/{plan}/reports/{report_id}")
async def get_report(
    plan: str, report_id: UUID, tenant: TenantPath, session: Session, caller: Staff, request: Request
) -> ReportShown:
    """A report as it was frozen, and beside it what each number would be today for the same reporting date, and why."""
    return await _shown(session, request, await repository.get(session, tenant, plan, report_id))


async def _shown(session: Session, request: Request, report: Report) -> ReportShown:
    rows = await repository.goals(session, report)
    found = await usecases.restatements(session, request.app.state.past, report, rows)
    return ReportShown(
        **ReportAnswer.model_validate(report).model_dump(), goals=[row.shown for row in rows], restatements=found
    )
