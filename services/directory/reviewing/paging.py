"""Pages of what waits: a page ends at the moment at which a change was sent in, and at its id."""

from typing import Annotated, ClassVar

from fastapi import Depends, Query

from services.directory.activities.paging import Place, RankedPageRequest


class Since(Place):
    """Its rank is a moment in microseconds, as PostgreSQL keeps it."""

    WRITTEN: ClassVar[str] = ">q"


async def _asked(
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> RankedPageRequest:
    return RankedPageRequest(limit, Since.at(cursor) if cursor else None)


WaitingPaging = Annotated[RankedPageRequest, Depends(_asked)]
