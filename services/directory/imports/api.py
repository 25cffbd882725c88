"""The imports' door, for staff: a file comes in as it is, and nothing happens before somebody has seen what would."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from services.directory.imports import report, repository, usecases
from services.directory.imports.rules import MAX_BYTES, Outcome
from services.directory.imports.schemas import (
    Adoption,
    ImportAnswer,
    ImportChange,
    ImportSummary,
    LineAnswer,
    LineDecision,
    LinesAnswer,
)
from services.directory.tables import CSV, XLSX, csv_file, xlsx_file
from shared.answers import IfMatch
from shared.auth import Public, Staff
from shared.door import Session, router, tag
from shared.errors import Language, language_of
from shared.events.words import Key
from shared.pages import page_file
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

routes = router("directory")
PAGE = Path(__file__).resolve().parent / "page"

_FILES: dict[str, Any] = {"text/csv": {}, XLSX: {}, "application/json": {}}
_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": _FILES}}
FILES: dict[str, Any] = {"response_class": Response, "responses": {200: {"content": {"text/csv": {}, XLSX: {}}}}}


@routes.get("/import", include_in_schema=False)
async def page(tenant: TenantPath, caller: Public) -> Response:
    """The page for staff. It knows nothing: the browser asks with the token that is given to it."""
    return page_file(PAGE / "import.html")


@routes.get("/import.{kind}", include_in_schema=False)
async def page_part(tenant: TenantPath, caller: Public, kind: Literal["js", "css"]) -> Response:
    return page_file(PAGE / f"import.{kind}")


# The file is a little smaller than the body may be, so that a file that is too large is told so in words.
@routes.post("/imports", status_code=201, openapi_extra=_BODY, max_body_size=MAX_BYTES + 1024)
async def receive(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    request: Request,
    response: Response,
    source: Annotated[
        Key, Query(description="What the file is from; a line is known again within its source.")
    ] = "file",
) -> ImportAnswer:
    """A CSV file, an XLSX workbook or HSDS JSON, as it is; at most 10 MiB and 10,000 lines. Answers the preview.

    Staff see per line what will be added, changed, stays as it is, may be somebody who is here, or is wrong and why.
    """
    made = await usecases.receive(session, tenant, source, await request.body())
    response.headers["Location"] = f"/directory/{tenant}/imports/{made.id}"
    tag(response, made.version)
    return await usecases.shown(session, made, _language(request))


@routes.get("/imports")
async def list_imports(tenant: TenantPath, session: Session, caller: Staff, paging: Paging) -> Page[ImportSummary]:
    found, following = await repository.page(session, tenant, paging)
    return Page(items=[ImportSummary.model_validate(each) for each in found], next_cursor=following)


@routes.get("/imports/{import_id}")
async def get_import(
    tenant: TenantPath, session: Session, caller: Staff, import_id: UUID, request: Request, response: Response
) -> ImportAnswer:
    """How far it is: `done` of `lines`, and what becomes of them."""
    made = await repository.get(session, tenant, import_id)
    tag(response, made.version)
    return await usecases.shown(session, made, _language(request))


@routes.patch("/imports/{import_id}")
async def change_import(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    import_id: UUID,
    body: ImportChange,
    expected: IfMatch,
    request: Request,
    response: Response,
) -> ImportAnswer:
    """Say what the columns mean, and whether what is new is published at once. The preview is made anew."""
    made = await usecases.change(session, tenant, import_id, body, expected)
    tag(response, made.version)
    return await usecases.shown(session, made, _language(request))


@routes.delete("/imports/{import_id}", status_code=204)
async def forget(tenant: TenantPath, session: Session, caller: Staff, import_id: UUID) -> None:
    """Forget a file that is not to be adopted; otherwise it is forgotten after 30 days."""
    await usecases.forget(session, tenant, import_id)


@routes.get("/imports/{import_id}/lines")
async def list_lines(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    import_id: UUID,
    request: Request,
    outcome: Outcome | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,9}$")] = None,
) -> LinesAnswer:
    made = await repository.get(session, tenant, import_id)
    found = await repository.lines(session, tenant, import_id, after=int(cursor or 0), limit=limit + 1, outcome=outcome)
    language = _language(request)
    return LinesAnswer(
        items=[usecases.shown_line(made, each, language) for each in found[:limit]],
        next_cursor=str(found[limit - 1].number) if len(found) > limit else None,
    )


@routes.patch("/imports/{import_id}/lines/{number}")
async def decide(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    import_id: UUID,
    number: int,
    body: LineDecision,
    request: Request,
) -> LineAnswer:
    """About one line: it is somebody new, it is somebody who is here, or it is left out."""
    line = await usecases.decide(session, tenant, import_id, number, body)
    return usecases.shown_line(await repository.get(session, tenant, import_id), line, _language(request))


@routes.post("/imports/{import_id}/adopt", status_code=202)
async def adopt(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    import_id: UUID,
    expected: IfMatch,
    request: Request,
    response: Response,
    body: Adoption | None = None,
) -> ImportAnswer:
    """The worker adopts it from now on, line by line; ask for the import to see how far it is."""
    made = await usecases.adopt(session, tenant, import_id, body or Adoption(), expected)
    tag(response, made.version)
    return await usecases.shown(session, made, _language(request))


@routes.get("/imports/{import_id}/report.{format}", **FILES)
async def get_report(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    import_id: UUID,
    format: Literal["csv", "xlsx"],
    request: Request,
) -> Response:
    """What became of each line, or would become of it, to keep."""
    made = await repository.get(session, tenant, import_id)
    language = _language(request)
    told = list(report.rows(made, await repository.lines(session, tenant, import_id), language))

    async def parts() -> AsyncIterator[list[list[str]]]:
        yield told

    write, media_type = (csv_file, CSV) if format == "csv" else (xlsx_file, XLSX)
    headers = {"Content-Disposition": f'attachment; filename="import.{format}"'}
    return StreamingResponse(write(report.headings(language), parts()), media_type=media_type, headers=headers)


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))
