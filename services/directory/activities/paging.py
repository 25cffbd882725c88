"""Pages of ranked results: a page ends at a rank and an id, because ids alone do not follow the ranks."""

import base64
import binascii
import struct
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self
from uuid import UUID

from fastapi import Depends, Query

from shared.errors import Invalid


@dataclass(frozen=True)
class Place:
    """Where a page ended."""

    WRITTEN: ClassVar[str] = ">i"

    rank: int
    id: UUID

    def cursor(self) -> str:
        return base64.urlsafe_b64encode(struct.pack(self.WRITTEN, self.rank) + self.id.bytes).decode().rstrip("=")

    @classmethod
    def at(cls, cursor: str) -> Self:
        try:
            written = base64.urlsafe_b64decode(cursor + "==")
            length = struct.calcsize(cls.WRITTEN)
            (rank,) = struct.unpack(cls.WRITTEN, written[:length])
            return cls(rank, UUID(bytes=written[length:]))
        except (ValueError, binascii.Error, struct.error):
            raise Invalid.field("cursor", "er ikke fra en tidligere side", "is not from an earlier page") from None


@dataclass(frozen=True)
class RankedPageRequest:
    limit: int
    after: Place | None


async def _asked(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> RankedPageRequest:
    return RankedPageRequest(limit, Place.at(cursor) if cursor else None)


RankedPaging = Annotated[RankedPageRequest, Depends(_asked)]
