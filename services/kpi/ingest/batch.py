"""What a batch of records turned out to hold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiokafka import ConsumerRecord, TopicPartition

from services.kpi.counting.fact import Fact
from services.kpi.counting.lanes import Arrival, Lanes
from services.kpi.ingest.decode import Dead, NotOurs, decode
from shared.events.web import PageViewed

Since = dict[tuple[str, str], datetime]
"""By tenant and topic, the earliest fact."""


@dataclass(slots=True)
class Batch:
    lanes: Lanes
    news: list[Fact | Arrival] = field(default_factory=list)
    """What may change a number, in the order in which it was told."""
    dead: list[Dead] = field(default_factory=list)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    next: dict[TopicPartition, int] = field(default_factory=dict)
    first: Since = field(default_factory=dict)
    records: int = 0

    def __post_init__(self) -> None:
        self.lanes.drop()

    def read(self, records: Sequence[ConsumerRecord]) -> None:
        """Records of one topic, in order."""
        self.records += len(records)
        if records and records[0].topic == PageViewed.TOPIC:
            for record in self.lanes.sift(records, self.news):
                self._sort(record)
        else:
            for record in records:
                self._sort(record)

    def _sort(self, record: ConsumerRecord) -> None:
        match decode(record):
            case Fact() as fact:
                is_view = fact.type == PageViewed.TYPE
                if not (is_view and self.lanes.open(fact) and self.lanes.take(record, self.news)):
                    self._add(record.topic, fact)
            case NotOurs():
                self.outcomes["unknown", "ignored"] += 1
            case Dead() as dead:
                self.dead.append(dead)
                self.outcomes[dead.about.type or "unknown", "dead"] += 1

    def _add(self, topic: str, fact: Fact) -> None:
        heard = self.lanes.registry.hears(fact.type, fact.tenant)
        self.outcomes[fact.type, "handled" if heard else "ignored"] += 1
        self._date(fact.tenant, topic, fact.time)
        if heard:
            self.news.append(fact)

    def _date(self, tenant: str, topic: str, time: datetime) -> None:
        before = self.first.get((tenant, topic))
        if before is None or time < before:
            self.first[tenant, topic] = time

    def close(self, known: Mapping[tuple[str, str], datetime]) -> Since:
        """No more records. Answers where, at centres that have a plan, facts are earlier than all that is known."""
        for lane in self.lanes.busy:
            self.outcomes[PageViewed.TYPE, "handled" if lane.heard else "ignored"] += lane.times
            self._date(lane.tenant, PageViewed.TOPIC, lane.first)
        return {
            key: time
            for key, time in self.first.items()
            if key[0] in self.lanes.registry.tenants and (key not in known or time < known[key])
        }
