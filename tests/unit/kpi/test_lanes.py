"""The quick way of page views and the exact one: whatever is on the topic, the same numbers, receipts and verdicts."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kpi.counting import lanes
from services.kpi.counting.compile import compile_goal
from services.kpi.counting.fact import Fact, View
from services.kpi.counting.lanes import Lanes
from services.kpi.counting.registry import Registry
from services.kpi.definition.vocabulary import spoken
from services.kpi.ingest.batch import Batch
from services.kpi.ingest.decode import Dead, NotOurs, decode
from shared.events.envelope import wrap
from shared.events.web import PageViewed
from shared.messaging.dead_letters import Class
from tests.unit.kpi.cast import SUNDHED, Memory, odense, registry

Json = dict[str, Any]
VISITORS = ["0" * 32, "f" * 64, "1" * 32]
ODD_VISITORS = ["F" * 32, "0" * 31, "0" * 32 + "\n", "æ" * 32, "", 7, None]
EDGES = [
    *("2022-12-31T22:59:59Z", "2022-12-31T23:00:00Z", "2023-05-01T10:00:00+02:00", "2023-12-31T23:00:00Z"),
    *("2023-05-01T10:00:00", "1899-12-31T23:59:59Z", "1900-06-01T00:00:00Z", "2200-06-01T00:00:00Z", "9999-01-01Z"),
]


def view(number: int, **data: Any) -> Json:
    visitor = data.setdefault("visitor", VISITORS[0])
    told = wrap(
        PageViewed(site="socialkompas", page="/", visitor=VISITORS[0]),
        tenant="odense",
        subject=VISITORS[0],
        sequence=1,
        time=datetime(2023, 5, 1, 10, tzinfo=UTC),
        id=UUID(int=(0xABC << 64) + number),
    )
    found: Json = json.loads(told.to_bytes())
    found["data"] |= data
    return found | {"subject": visitor}


def records(events: Sequence[Json | bytes]) -> list[ConsumerRecord]:
    values = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in events]
    return [
        ConsumerRecord(PageViewed.TOPIC, 0, offset, 0, 0, b"", value, None, 0, 0, ())
        for offset, value in enumerate(values)
    ]


Verdicts = list[tuple[int, Class, str]]


def exactly(told: Sequence[ConsumerRecord], goals: Registry) -> tuple[Memory, Verdicts, Counter[tuple[str, str]]]:
    memory, verdicts, outcomes = Memory(goals), [], Counter[tuple[str, str]]()
    for record in told:
        match decode(record):
            case Fact() as fact:
                memory.hear([fact])
                outcomes[fact.type, "handled" if goals.hears(fact.type, fact.tenant) else "ignored"] += 1
            case NotOurs():
                outcomes["unknown", "ignored"] += 1
            case Dead() as dead:
                verdicts.append((record.offset, dead.kind, dead.reason))
                outcomes[dead.about.type or "unknown", "dead"] += 1
    return memory, verdicts, outcomes


def quickly(
    told: Sequence[ConsumerRecord], goals: Registry, cuts: int
) -> tuple[Memory, Verdicts, Counter[tuple[str, str]]]:
    memory, verdicts, outcomes = Memory(goals), [], Counter[tuple[str, str]]()
    quick = Lanes(goals)
    for start in range(0, len(told), cuts):
        for lost in (True, False):
            # Each batch is lost once, before it is committed.
            batch = Batch(quick)
            batch.read(told[start : start + cuts])
            batch.close({})
            if not lost:
                memory.hear(batch.news)
                verdicts += [(dead.record.offset, dead.kind, dead.reason) for dead in batch.dead]
                outcomes += batch.outcomes
                quick.keep()
    return memory, verdicts, outcomes


def agree(told: Sequence[ConsumerRecord], goals: Registry, cuts: int) -> None:
    wanted, found = exactly(told, goals), quickly(told, goals, cuts)
    assert found[1:] == wanted[1:]
    assert (found[0].marks, found[0].tallies, found[0].receipts) == (
        wanted[0].marks,
        wanted[0].tallies,
        wanted[0].receipts,
    )


@st.composite
def odd_views(draw: st.DrawFn) -> list[Json | bytes]:
    events: list[Json | bytes] = []
    for number in range(draw(st.integers(1, 12))):
        event = view(
            number,
            site=draw(st.sampled_from(["socialkompas", "frivilligcenter"])),
            page=draw(st.sampled_from(["/", "/tema/ledelse", "/inspirationspakken", "/a@b"])),
            visitor=draw(st.sampled_from(VISITORS * 4 + ODD_VISITORS)),
            unit=draw(st.sampled_from([None, SUNDHED, "?"])),
        )
        odd: dict[str, list[Any]] = {
            "time": EDGES,
            "recordedtime": [*EDGES, None],
            "tenant": ["slagelse", "Æ", None],
            "subject": ["somebody"],
            "id": ["no id", str(event["id"]).upper()],
            "sequence": [0, 2**31, 2.0, "1"],
            "type": ["kompas.web.page.viewed.v2", "kompas.web.search.performed.v1"],
        }
        for name, values in odd.items():
            if draw(st.integers(0, 9)) == 0:
                event[name] = draw(st.sampled_from(values))
        if draw(st.integers(0, 19)) == 0:
            event.pop(draw(st.sampled_from(sorted(event))))
        events.append(draw(st.sampled_from([event] * 9 + [json.dumps(event).encode()[:-1]])))
    return events


@settings(deadline=None, max_examples=300)
@given(odd_views(), st.integers(1, 12))
def test_the_quick_way_and_the_exact_one_agree_on_whatever_is_there(events: list[Json | bytes], cuts: int) -> None:
    agree(records(events), registry(), cuts)


def test_an_ordinary_view_goes_the_quick_way() -> None:
    batch = Batch(Lanes(registry()))
    batch.read(records([view(1), view(2), view(3, visitor=VISITORS[1])]))

    assert [type(each).__name__ for each in batch.news] == ["Arrival", "Arrival"]
    assert batch.lanes.busy[0].times == 3


def test_a_set_that_asks_for_the_visitor_makes_no_lane() -> None:
    goal = next(each for each in odense().goals if each.id == "2.1")
    where = goal.measure.model_copy(update={"where": {"visitor": VISITORS[0]}})
    asking = goal.model_copy(update={"measure": where})
    goals = Registry(1, compile_goal("odense", odense(), asking, spoken()))

    told = records([view(1), view(2, visitor=VISITORS[1]), view(3)])

    assert Lanes(goals).open(_fact(told[0])) is False
    agree(told, goals, 2)
    assert sum(tally.value for tally in quickly(told, goals, 1)[0].tallies.values()) == 1


def _fact(record: ConsumerRecord) -> Fact:
    fact = decode(record)
    assert isinstance(fact, Fact)
    return fact


def test_who_was_forgotten_is_asked_for_again_and_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "REMEMBERED", 1)
    told = records([view(number, visitor=VISITORS[number % 2]) for number in range(8)])

    agree(told, registry(), 2)


def test_the_quick_way_reads_the_type_that_is_published() -> None:
    assert get_args(get_type_hints(View)["type"]) == (PageViewed.TYPE,)
