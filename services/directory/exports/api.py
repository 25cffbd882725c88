"""The door of exports: the whole directory as files, what is new, when it takes place, a list to embed, a booklet."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.directory.exports import columns, feeds, pages, repository
from services.directory.exports.columns import Format, Noun
from services.directory.exports.repository import Chosen
from services.directory.organisations import repository as organisations
from services.directory.tables import CSV, XLSX, csv_file, xlsx_file
from shared.auth import Public
from shared.clock import today
from shared.database import Database
from shared.door import Session, router
from shared.errors import Language, language_of
from shared.events.words import written_as_slug
from shared.inputs import composed
from shared.tenancy import TenantPath

routes = router("directory")

NDJSON = "application/x-ndjson"
NEWEST, IN_A_LIST, IN_A_BOOKLET, IN_A_CALENDAR = 50, 200, 5_000, 5_000
Word = Annotated[str | None, Query(max_length=60)]
Colour = Annotated[str, Query(pattern=pages.COLOUR)]


async def _chosen(
    tenant: TenantPath,
    session: Session,
    theme: Word = None,
    locality: Word = None,
    target_group: Word = None,
    organisation_id: UUID | None = None,
) -> Chosen:
    return Chosen(
        theme=written_as_slug(composed(theme)),
        locality=composed(locality),
        target_group=written_as_slug(composed(target_group)),
        organisation_id=await organisations.current(session, tenant, organisation_id),
    )


Wanted = Annotated[Chosen, Depends(_chosen)]


def _answers(*types: str) -> dict[str, Any]:
    return {"response_class": Response, "responses": {200: {"content": {each: {} for each in types}}}}


@routes.get("/exports/new.atom", **_answers("application/atom+xml"))
async def new(tenant: TenantPath, session: Session, caller: Public, chosen: Wanted, request: Request) -> Response:
    """The activities that were published last."""
    shown = await repository.activities(session, tenant, chosen, NEWEST, newest_first=True)
    public_url = request.app.state.settings.public_url.rstrip("/")
    address = f"{public_url}/directory/{tenant}/exports/new.atom"
    body = feeds.atom(tenant, f"Nye aktiviteter · {tenant}", address, public_url, shown)
    return Response(body, media_type="application/atom+xml")


@routes.get("/exports/activities.ics", **_answers("text/calendar"))
async def calendar(tenant: TenantPath, session: Session, caller: Public, chosen: Wanted) -> Response:
    """When activities take place, for a calendar program: all, or those of a theme, a place, an organisation."""
    shown = await repository.activities(session, tenant, chosen, IN_A_CALENDAR)
    name = " · ".join(filter(None, ("Aktiviteter", tenant, chosen.theme, chosen.locality)))
    # Beside the other requests, as all that takes seconds where there are thousands.
    body = await asyncio.to_thread(feeds.calendar, tenant, name, shown, today())
    return Response(body, media_type="text/calendar")


@routes.get("/exports/list", **_answers("text/html"))
async def embedded(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    chosen: Wanted,
    request: Request,
    limit: Annotated[int, Query(ge=1, le=IN_A_LIST)] = 50,
    accent: Colour = "005b4f",
    text: Colour = "1a1a1a",
    background: Colour = "ffffff",
    font: Literal["sans", "serif"] = "sans",
    language: Language | None = None,
) -> Response:
    """A list for a frame on any other site (`<iframe src=…>`), in its colours; without a script, and asking nobody."""
    shown = await repository.activities(session, tenant, chosen, limit)
    theme = pages.themed(accent, text, background, font)
    return _page(*pages.frame(shown, theme, language or _language(request)))


@routes.get("/exports/print", **_answers("text/html"))
async def booklet(
    tenant: TenantPath,
    session: Session,
    caller: Public,
    chosen: Wanted,
    request: Request,
    language: Language | None = None,
) -> Response:
    """For those who are not online: in large type, by theme and place, to be printed or read aloud."""
    shown = await repository.activities(session, tenant, chosen, IN_A_BOOKLET)
    return _page(*await asyncio.to_thread(pages.booklet, shown, language or _language(request)))


@routes.get("/exports/{noun}.{format}", **_answers("text/csv", XLSX, NDJSON))
async def export(
    tenant: TenantPath, session: Session, caller: Public, noun: Noun, format: Format, request: Request
) -> Response:
    """Everything that is public; for staff also drafts and what is closed. An import reads it back."""
    names = columns.columns(noun, staff=caller.is_staff)
    language = _language(request)
    parts = _parts(request.app.state.database, tenant, noun, names, staff=caller.is_staff)
    headings = [columns.heading(noun, name, language) for name in names]
    match format:
        case Format.CSV:
            body, media_type = csv_file(headings, _cells(parts, names, language)), CSV
        case Format.XLSX:
            body, media_type = xlsx_file(headings, _cells(parts, names, language)), XLSX
        case Format.NDJSON:
            body, media_type = _documents(parts), NDJSON
    headers = {"Content-Disposition": f'attachment; filename="{noun}.{format}"'}
    return StreamingResponse(body, media_type=media_type, headers=headers)


async def _parts(
    database: Database, tenant: str, noun: Noun, names: Sequence[str], *, staff: bool
) -> AsyncIterator[Sequence[repository.Values]]:
    # The request's own transaction ends before an answer begins; one that is streamed has its own.
    async with database.transaction(tenant) as session:
        async for rows in repository.parts(session, tenant, noun, names, staff=staff):
            yield rows


async def _cells(
    parts: AsyncIterator[Sequence[repository.Values]], names: Sequence[str], language: Language
) -> AsyncIterator[list[list[Any]]]:
    async for rows in parts:
        yield await asyncio.to_thread(_written, rows, names, language)


def _written(rows: Sequence[repository.Values], names: Sequence[str], language: Language) -> list[list[Any]]:
    return [[columns.cell(row, name, language) for name in names] for row in rows]


async def _documents(parts: AsyncIterator[Sequence[repository.Values]]) -> AsyncIterator[bytes]:
    async for rows in parts:
        lines = (json.dumps({k: columns.plainly(v) for k, v in row.items()}, ensure_ascii=False) for row in rows)
        yield "".join(f"{line}\n" for line in lines).encode()


def _page(html: str, policy: str) -> Response:
    # Where both are sent, browsers go by the policy's frame-ancestors and not by X-Frame-Options (CSP level 2).
    return Response(html, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy})


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))
