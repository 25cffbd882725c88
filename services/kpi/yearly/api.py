"""The HTTP door of the yearly report. For the centre's staff: they see every number, however small."""

from typing import Annotated, Literal

import anyio.to_thread
from fastapi import Header, Query, Response

from services.kpi.followup.api import WRITTEN
from services.kpi.followup.html import policy
from services.kpi.followup.spreadsheet import MEDIA_TYPE
from services.kpi.yearly import html, pdf, spreadsheet, usecases
from services.kpi.yearly.document import Document, document
from services.kpi.yearly.schemas import YearlyReport
from shared.auth import Staff
from shared.clock import today
from shared.door import Session, router
from shared.errors import Language, language_of
from shared.tenancy import TenantPath

api = router("kpi")
Format = Literal["json", "html", "xlsx", "csv", "pdf"]
TO_SAVE: tuple[Format, ...] = ("xlsx", "csv", "pdf")


@api.get("/yearly-report", response_model=YearlyReport, responses={200: {"content": {key: {} for key in WRITTEN}}})
async def get_yearly_report(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    year: Annotated[int | None, Query(ge=2000, le=2200)] = None,
    format: Format = "json",
    language: Language | None = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> YearlyReport | Response:
    """The centre's year (this one, unless another is named): each figure with what it rests on, and how its plans went.

    A figure that nobody has counted has no value, and says how to get it. `format` other than `json` is a document, in
    Danish unless asked for English.
    """
    report = await usecases.yearly_report(session, tenant, year or today().year)
    if format == "json":
        return report
    written = document(report, language or language_of(accept_language))
    # Writing a document keeps a processor busy, and others are being answered meanwhile.
    response = await anyio.to_thread.run_sync(_written, written, format)
    response.headers["Content-Language"] = written.language
    response.headers["Vary"] = "Accept-Language"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if format != "html":
        response.headers["Content-Disposition"] = f'attachment; filename="{tenant}-{report.year}.{format}"'
    return response


def _written(report: Document, format: Format) -> Response:
    match format:
        case "xlsx":
            return Response(spreadsheet.to_xlsx(report), media_type=MEDIA_TYPE)
        case "csv":
            return Response(spreadsheet.to_csv(report), media_type="text/csv; charset=utf-8")
        case "pdf":
            return Response(pdf.write(report), media_type="application/pdf")
        case _:
            headers = {"Content-Security-Policy": policy()}
            return Response(html.write(report, TO_SAVE), media_type="text/html; charset=utf-8", headers=headers)
