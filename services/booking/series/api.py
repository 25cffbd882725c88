"""The HTTP door of recurring requests."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from services.booking.bookings.models import Booking
from services.booking.bookings.schemas import ResourceShown
from services.booking.doors import ManageToken, check_holder, check_token
from services.booking.offers import repository as offers
from services.booking.offers.models import Offer
from services.booking.resources import repository as resources
from services.booking.resources.schemas import PeriodAnswer
from services.booking.schemas import Cancellation
from services.booking.series import repository, usecases
from services.booking.series.models import Occurrence, Series
from services.booking.series.schemas import NewSeries, OccurrenceAnswer, SeriesListed, SeriesMade, SeriesShown
from services.booking.waiting.schemas import offer_of
from shared.answers import IfMatch
from shared.auth import Public, Staff
from shared.door import Session, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("booking")


@api.post("/series", status_code=201)
async def ask(
    body: NewSeries, tenant: TenantPath, session: Session, caller: Public, request: Request, response: Response
) -> SeriesMade:
    """Ask for a time again and again. What is free is booked; the rest says why not and what is free instead."""
    series, token = await usecases.ask(session, tenant, body, caller, request.app.state.settings.public_url)
    tag(response, series.version)
    return SeriesMade(**(await _shown(session, series)).model_dump(), manage_token=token)


@api.get("/series")
async def list_series(tenant: TenantPath, session: Session, caller: Staff, paging: Paging) -> Page[SeriesListed]:
    found, following = await repository.page(session, tenant, paging)
    return Page(items=[SeriesListed.model_validate(each) for each in found], next_cursor=following)


async def _managed(
    series_id: UUID, tenant: TenantPath, session: Session, caller: Public, request: Request, token: ManageToken = None
) -> Series:
    """A wrong token learns as little as one for a series that never was."""
    check_holder(caller, request, token)
    series = await repository.get(session, tenant, series_id, lock=request.method != "GET")
    check_token(caller, request, token, series.token_hash)
    return series


Managed = Annotated[Series, Depends(_managed)]


@api.get("/series/{series_id}")
async def get_series(series: Managed, session: Session, caller: Public, response: Response) -> SeriesShown:
    tag(response, series.version)
    return await _shown(session, series)


@api.post("/series/{series_id}/cancel")
async def cancel(
    series: Managed,
    session: Session,
    caller: Public,
    expected: IfMatch,
    response: Response,
    body: Cancellation | None = None,
) -> SeriesShown:
    """Give back all that can still be given back."""
    expected(series.version)
    await usecases.cancel(session, series, caller, body.reason if body else None)
    tag(response, series.version)
    return await _shown(session, series)


@api.post("/series/{series_id}/confirm")
async def confirm(
    series_id: UUID, tenant: TenantPath, session: Session, caller: Staff, expected: IfMatch, response: Response
) -> SeriesShown:
    """Confirm every occurrence that was requested."""
    series = await repository.get(session, tenant, series_id, lock=True)
    expected(series.version)
    await usecases.confirm(session, series)
    tag(response, series.version)
    return await _shown(session, series)


async def _shown(session: Session, series: Series) -> SeriesShown:
    await session.flush()
    resource = await resources.get(session, series.tenant, series.resource_id)
    known = await repository.occurrences(session, series)
    standing = await offers.standing(session, series.tenant, [each.waiting_id for each, _ in known])
    found = [
        _occurrence(each, booking, standing.get(each.waiting_id) if each.waiting_id else None)
        for each, booking in known
    ]
    booked = sum(each.booking_id is not None for each in found)
    return SeriesShown(
        **SeriesListed.model_validate(series).model_dump(),
        resource=ResourceShown.model_validate(resource),
        booked=booked,
        refused=len(found) - booked,
        occurrences=found,
    )


def _occurrence(occurrence: Occurrence, booking: Booking | None, offer: Offer | None) -> OccurrenceAnswer:
    return OccurrenceAnswer(
        starts_at=booking.starts_at if booking else occurrence.starts_at,
        ends_at=booking.ends_at if booking else occurrence.ends_at,
        state=booking.state.value if booking else "refused",
        booking_id=occurrence.booking_id,
        reason=occurrence.reason,
        alternatives=[PeriodAnswer.model_validate(each) for each in occurrence.alternatives],
        waiting_id=occurrence.waiting_id,
        offer=offer_of(offer),
    )
