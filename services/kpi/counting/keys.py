"""The names of what is counted: a goal, the parts and dimensions of its number, what it counts and its receipts."""

from functools import lru_cache
from hashlib import md5
from typing import NamedTuple
from uuid import UUID

SEPARATOR = "\x1f"


class GoalKey(NamedTuple):
    tenant: str
    plan: str
    goal: str


class TallyKey(NamedTuple):
    """One number of a goal. Most goals have one; `each_of` has one for each part and member."""

    tenant: str
    plan: str
    goal: str
    part: str
    dimension: str

    @property
    def owner(self) -> GoalKey:
        return GoalKey(self.tenant, self.plan, self.goal)

    def in_part(self, part: str) -> "TallyKey":
        """The number of the same dimension in another part of its goal."""
        return self._replace(part=part)

    @property
    def number(self) -> int:
        """Its name in eight bytes, as PostgreSQL reckons it too (migration 0009): what is counted is kept under it."""
        return _number(self)


@lru_cache(maxsize=100_000)
def _number(tally: TallyKey) -> int:
    digest = md5(SEPARATOR.join(tally).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], signed=True)


Tallies = tuple[TallyKey, ...]
"""Numbers to which a fact does the same."""


class ReceiptKey(NamedTuple):
    tally: TallyKey
    event_id: UUID
