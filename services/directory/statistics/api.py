"""The door of page statistics."""

from typing import Annotated, Any, Literal

from fastapi import Header, Query, Response
from pydantic import BeforeValidator

from services.directory.statistics import export, usecases
from services.directory.statistics.schemas import StatisticsAnswer
from shared.auth import Staff
from shared.door import Session, router
from shared.errors import language_of
from shared.events.words import Site
from shared.inputs import Day, composed
from shared.tenancy import TenantPath

routes = router("directory")
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
Named = Annotated[str | None, BeforeValidator(composed), Query(max_length=200)]


@routes.get("/pagestatistics", responses=_CSV, response_model=StatisticsAnswer)
async def get_statistics(
    tenant: TenantPath,
    session: Session,
    caller: Staff,
    site: Annotated[Site, Query()],
    page: Named = None,
    unit: Named = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
    format: Annotated[Literal["json", "csv"], Query()] = "json",
    accept_language: Annotated[str | None, Header()] = None,
) -> StatisticsAnswer | Response:
    """Unikke sidevisninger and unikke besøgende of a site, in all and by day, page and department.

    Counted without cookies and without a row of any visitor; `docs/page-statistics.md` says how, and what the words
    mean. Days are Danish. Without `from` and `to`: the last thirty days.
    """
    found = await usecases.look(session, tenant, site, page, unit, first, last)
    return export.to_csv(found, language_of(accept_language)) if format == "csv" else found
