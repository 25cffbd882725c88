"""Which places lie in a postcode, or so many metres from the middle of it."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.hsds.repository import AT_PREMISES
from services.directory.localities.models import Locality
from services.directory.premises.models import Premises

EARTH_METRES = 6_371_000
Point = tuple[float, float]


async def middle_of(session: AsyncSession, tenant: str, postcode: str) -> Point | None:
    """As the centre drew its localities; else amid the premises that have the postcode."""
    for query in (
        select(func.avg(Locality.latitude), func.avg(Locality.longitude)).where(
            Locality.tenant == tenant, col(Locality.postcodes).contains([postcode])
        ),
        select(func.avg(Premises.latitude), func.avg(Premises.longitude)).where(
            Premises.tenant == tenant, Premises.postcode == postcode
        ),
    ):
        latitude, longitude = (await session.exec(query)).one()
        if latitude is not None and longitude is not None:
            return float(latitude), float(longitude)
    return None


def in_postcode(postcode: str) -> ColumnElement[bool]:
    return _of_place(Premises.postcode, Activity.postcode) == postcode


def within(metres: float, middle: Point | None) -> ColumnElement[bool]:
    """The haversine formula; who has said no point is nowhere near."""
    if middle is None:
        return literal_column("false")
    latitude = func.radians(_of_place(Premises.latitude, Activity.latitude))
    longitude = func.radians(_of_place(Premises.longitude, Activity.longitude))
    here_latitude, here_longitude = func.radians(middle[0]), func.radians(middle[1])
    half = func.power(func.sin((latitude - here_latitude) / 2), 2) + func.cos(latitude) * func.cos(
        here_latitude
    ) * func.power(func.sin((longitude - here_longitude) / 2), 2)
    return 2 * EARTH_METRES * func.asin(func.sqrt(func.least(1.0, half))) <= metres


def _of_place(at_premises: Any, of_its_own: Any) -> ColumnElement[Any]:
    return case((AT_PREMISES, at_premises), else_=of_its_own)
