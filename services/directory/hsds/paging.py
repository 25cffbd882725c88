"""HSDS's pages: numbered, with the count of all, so a reader can jump; or everything, one document a line."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Any

import pydantic_core
from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

MOST = 500
NDJSON = "application/x-ndjson"
# How a list is described that can be had in both forms.
LISTED: dict[int | str, dict[str, Any]] = {200: {"content": {NDJSON: {}}}}


class Format(StrEnum):
    JSON = "json"
    NDJSON = "ndjson"


class PageRequest:
    def __init__(self, page: int, per_page: int) -> None:
        self.page, self.per_page = page, per_page

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page

    def envelope(self, contents: list[dict[str, Any]], total: int) -> dict[str, Any]:
        """A page beyond the last one is empty and no mistake: somebody may have withdrawn what was on it."""
        pages = max(1, -(-total // self.per_page))
        return {
            "total_items": total,
            "total_pages": pages,
            "page_number": self.page,
            "size": len(contents),
            "first_page": self.page == 1,
            "last_page": self.page >= pages,
            "empty": not contents,
            "contents": contents,
        }


async def _asked(
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1, per_page: Annotated[int, Query(ge=1, le=MOST)] = 50
) -> PageRequest:
    return PageRequest(page, per_page)


Paging = Annotated[PageRequest, Depends(_asked)]


def lines(documents: AsyncIterator[dict[str, Any]]) -> StreamingResponse:
    async def written() -> AsyncIterator[bytes]:
        async for document in documents:
            yield pydantic_core.to_json(document) + b"\n"

    return StreamingResponse(written(), media_type=NDJSON)
