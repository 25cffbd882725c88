"""A small cast of facts, and a store in memory: the same fold as in production, without PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from services.kpi.counting.compile import compile_goal
from services.kpi.counting.fact import Fact
from services.kpi.counting.keys import ReceiptKey, TallyKey
from services.kpi.counting.lanes import Arrival
from services.kpi.counting.ledger import Ledger, Receipt, States
from services.kpi.counting.reading import Reading, Tally, read
from services.kpi.counting.registry import Looked, Registry
from services.kpi.counting.settle import settle
from services.kpi.definition.parse import parse_plan
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken

PLAN_FILE = Path("services/kpi/plans/odense-2023.yaml")
KLIMA, SUNDHED = "Klima- og Miljøforvaltningen", "Sundhedsforvaltningen"
NAMES = UUID("0b8a7f2e-6f6d-4f6e-9f57-0d6f3f1c2a11")


def named(name: object) -> UUID:
    """The same id for the same name, so that a failing example reads like a story."""
    return uuid5(NAMES, str(name))


@cache
def odense(year: int = 2023) -> Plan:
    return parse_plan(PLAN_FILE.read_text(encoding="utf-8"), spoken(), name=PLAN_FILE.name).for_year(year)


@cache
def registry(year: int = 2023, *goals: str, tenant: str = "odense") -> Registry:
    plan = odense(year)
    chosen = [goal for goal in plan.goals if not goals or goal.id in goals]
    return Registry(1, [found for goal in chosen for found in compile_goal(tenant, plan, goal, spoken())])


def fact(
    short: str, subject: str, on: str, *, sequence: int = 1, again: str = "", recorded: str = "", **data: Any
) -> Fact:
    """`on` is a Danish day (noon) or a moment in UTC. Facts with the same words are the same fact, told twice."""
    time = datetime.fromisoformat(on if "T" in on else f"{on}T11:00:00").replace(tzinfo=UTC)
    told = datetime.fromisoformat(recorded).replace(tzinfo=UTC) if recorded else time
    told += timedelta(seconds=sequence)
    return Fact(
        id=named((short, subject, on, sequence, again, sorted(data.items(), key=str))),
        type=spoken()[short].wire,
        tenant="odense",
        subject=str(named(subject)),
        time=time,
        data=data,
        recordedtime=told,
        sequence=sequence,
    )


class Memory:
    """What PostgreSQL keeps, in dictionaries."""

    def __init__(self, goals: Registry) -> None:
        self.registry = goals
        self.entries: dict[str, States] = {}
        self.marks: set[tuple[TallyKey, int]] = set()
        self.receipts: dict[ReceiptKey, Receipt] = {}
        self.tallies: dict[TallyKey, Tally] = {}

    def hear(self, facts: Iterable[Fact | Arrival]) -> None:
        looked = Looked()
        for each in facts:
            if isinstance(each, Arrival):
                each.look(looked)
            else:
                self.registry.look(each, looked)
        ledger = settle(looked, self._known(looked))
        for tally, members in looked.marks.items():
            keys = {(tally, member): first for member, first in members.items()}
            if new := [first for key, first in keys.items() if key not in self.marks]:
                ledger.joined(tally, new)
            self.marks |= keys.keys()
        self._store(ledger)

    def _known(self, looked: Looked) -> dict[str, States]:
        """What was asked for, and no more."""
        asked = {(tally, key) for tallies, keys in looked.things().items() for tally in tallies for key in keys}
        series, found = looked.series(), dict[str, States]()
        for key, states in self.entries.items():
            for tally, entry in states.items():
                if (tally, key) in asked or tally in series:
                    found.setdefault(key, {})[tally] = entry
        return found

    def _store(self, ledger: Ledger) -> None:
        for thing, states in ledger.entries.items():
            self.entries.setdefault(thing, {}).update(states)
        new = {key: receipt for key, receipt in ledger.receipts.items() if key not in self.receipts}
        for (tallies, wire), filed in ledger.filed.items():
            for tally, each in product(tallies, filed):
                key = ReceiptKey(tally, each.fact.id)
                assert key not in self.receipts, "what is filed is filed once"
                assert key not in new, "what is filed is filed once"
                new[key] = Receipt(wire, each.subject, each.fact.time, each.amount, each.fact.recorded)
        self.receipts |= new
        for key, amount in ledger.reweighed.items():
            self.receipts[key] = self.receipts[key]._replace(amount=amount)
        for tally, delta in ledger.deltas.items():
            old = self.tallies.get(tally) or Tally(tally.part, tally.dimension, Decimal(0), None, 0)
            moments = [moment for moment in (old.as_of, delta.as_of) if moment]
            as_of = delta.as_of if delta.exactly else max(moments, default=None)
            events = old.events + sum(1 for key in new if key.tally == tally)
            self.tallies[tally] = Tally(tally.part, tally.dimension, old.value + delta.value, as_of, events)

    def read(self, goal_id: str, year: int = 2023) -> Reading:
        goal = next(goal for goal in odense(year).goals if goal.id == goal_id)
        return read(goal, [tally for key, tally in self.tallies.items() if key.goal == goal_id])

    def sum_of_receipts(self, goal_id: str) -> Decimal:
        return sum((receipt.amount for key, receipt in self.receipts.items() if key.tally.goal == goal_id), Decimal(0))


def counted(goal_id: str, facts: Sequence[Fact], year: int = 2023) -> Memory:
    """The goal after the facts, told one at a time."""
    memory = Memory(registry(year, goal_id))
    for each in facts:
        memory.hear([each])
    return memory
