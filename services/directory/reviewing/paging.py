"""Pages in order of a moment: a page ends at it, and at an id."""

from typing import Annotated, Any, ClassVar

from fastapi import Depends, Query
from sqlalchemy import BigInteger, ColumnElement, cast, func

from services.directory.activities.paging import Place, RankedPageRequest


class Since(Place):
    """Its rank is a moment in microseconds, as PostgreSQL keeps it."""

    WRITTEN: ClassVar[str] = ">q"


def microseconds(moment: Any) -> ColumnElement[int]:
    """To PostgreSQL's own precision, so that a page ends exactly where the next one begins."""
    return cast(func.extract("epoch", moment) * 1_000_000, BigInteger)


async def _asked(
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> RankedPageRequest:
    return RankedPageRequest(limit, Since.at(cursor) if cursor else None)


PagingByMoment = Annotated[RankedPageRequest, Depends(_asked)]
