"""The HTTP door of the follow-up table: one table in the form in which somebody wants to have it."""

from typing import Annotated, Literal

import anyio.to_thread
from fastapi import Header, Response

from services.kpi.followup import html, pdf, spreadsheet, usecases
from services.kpi.followup.rules import Followup
from shared.auth import Public
from shared.door import Session, router
from shared.errors import Language, language_of
from shared.tenancy import TenantPath

api = router("kpi")
Format = Literal["html", "xlsx", "csv", "pdf"]
TO_SAVE: tuple[Format, ...] = ("xlsx", "csv", "pdf")
# What one of the forms is sent as.
WRITTEN = ("text/html", spreadsheet.MEDIA_TYPE, "text/csv", "application/pdf")


@api.get("/plans/{plan}/report", response_class=Response, responses={200: {"content": {key: {} for key in WRITTEN}}})
async def get_report(
    plan: str,
    tenant: TenantPath,
    session: Session,
    caller: Public,
    format: Format = "html",
    language: Language | None = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> Response:
    """The plan's follow-up table as Slagelse's model has it, in Danish unless asked for English.

    By theme: goal, target, value, result, time and why; then how many goals of each code, the uncoded ones too.
    """
    wanted = language or language_of(accept_language)
    found = await usecases.followup(session, tenant, plan, wanted, exact=caller.is_staff)
    # Writing a document keeps a processor busy, and others are being answered meanwhile.
    response = await anyio.to_thread.run_sync(_written, found, format)
    response.headers["Content-Language"] = found.language
    response.headers["Vary"] = "Accept-Language"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if format != "html":
        response.headers["Content-Disposition"] = f'attachment; filename="{plan}.{format}"'
    return response


def _written(found: Followup, format: Format) -> Response:
    match format:
        case "xlsx":
            return Response(spreadsheet.to_xlsx(found), media_type=spreadsheet.MEDIA_TYPE)
        case "csv":
            return Response(spreadsheet.to_csv(found), media_type="text/csv; charset=utf-8")
        case "pdf":
            return Response(pdf.write(found), media_type="application/pdf")
        case "html":
            headers = {"Content-Security-Policy": html.policy()}
            return Response(html.write(found, TO_SAVE), media_type="text/html; charset=utf-8", headers=headers)
