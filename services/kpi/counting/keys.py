"""The names of what is counted: a goal, the parts and dimensions of its number, what it counts and its receipts."""

from typing import NamedTuple
from uuid import UUID


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


class EntryKey(NamedTuple):
    """One thing that a goal counts: a booking, a company, an association's answer."""

    tenant: str
    plan: str
    goal: str
    part: str
    dimension: str
    key: str

    @property
    def tally(self) -> TallyKey:
        return TallyKey(self.tenant, self.plan, self.goal, self.part, self.dimension)


class MarkKey(NamedTuple):
    """One member of a set of which only the size is wanted, known by a hash (`Unique`)."""

    tenant: str
    plan: str
    goal: str
    part: str
    dimension: str
    hash: int

    @property
    def tally(self) -> TallyKey:
        return TallyKey(self.tenant, self.plan, self.goal, self.part, self.dimension)


class ReceiptKey(NamedTuple):
    tenant: str
    plan: str
    goal: str
    part: str
    dimension: str
    event_id: UUID

    @property
    def tally(self) -> TallyKey:
        return TallyKey(self.tenant, self.plan, self.goal, self.part, self.dimension)
