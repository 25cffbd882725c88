"""Lists by cursor: the same page stays the same page while others add rows."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from shared.errors import Invalid

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]
    next_cursor: str | None


class PageRequest:
    """`?limit=1…200&cursor=…`; the cursor is what the page before gave as `next_cursor`; it has no meaning."""

    def __init__(self, limit: int, cursor: str | None) -> None:
        self.limit = limit
        self.after: UUID | None = None
        if cursor:
            try:
                self.after = UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
            except (ValueError, binascii.Error):
                raise Invalid.field("cursor", "er ikke fra en tidligere side", "is not from an earlier page") from None


async def _asked(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> PageRequest:
    """A coroutine, because FastAPI sends each request through a thread pool for a class or a plain function."""
    return PageRequest(limit, cursor)


Paging = Annotated[PageRequest, Depends(_asked)]


async def paginate(
    session: AsyncSession, query: SelectOfScalar[T], key: Any, paging: PageRequest, *, newest_first: bool = False
) -> tuple[Sequence[T], str | None]:
    """One page of `query` in order of `key`, a column of version 7 UUIDs, and the next page's cursor if there is one.

    The rows must have the attribute that `key` names.
    """
    if paging.after is not None:
        query = query.where(key < paging.after if newest_first else key > paging.after)
    query = query.order_by(key.desc() if newest_first else key).limit(paging.limit + 1)
    rows = (await session.exec(query)).all()
    page = rows[: paging.limit]
    if len(rows) <= paging.limit:
        return page, None
    last: UUID = getattr(page[-1], key.key)
    return page, base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")
