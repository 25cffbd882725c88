"""Counting into a real PostgreSQL: exactly once, whatever arrives and however often the process dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from aiokafka import TopicPartition
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.fact import Fact
from services.kpi.counting.reading import read
from services.kpi.counting.registry import Registry
from services.kpi.goals.models import Evidence
from services.kpi.goals.repository import tallies
from services.kpi.ingest import usecases
from services.kpi.ingest.consumers import topics
from services.kpi.ingest.usecases import Ingest, fold
from shared.database import Database
from shared.events.bookings import BookingCancelled, BookingConfirmed
from shared.events.matching import EngagementHeld
from shared.events.web import PageViewed
from shared.messaging.batches import Fenced
from shared.metrics import Metrics
from shared.tenancy import EVERY_TENANT
from tests.service.kpi.centre import Centre, Log
from tests.support.people import fresh_tenant
from tests.unit.kpi.cast import Memory, odense, registry
from tests.unit.kpi.test_any_order import tellings


def booking(event: type[Any], **data: Any) -> Any:
    told = {
        "resource_id": str(uuid4()),
        "resource_kind": "conversation",
        "purpose": "seeking_community",
        "channel": "self",
        "starts_at": "2023-05-02T09:00:00Z",
        "ends_at": "2023-05-02T09:30:00Z",
    }
    return event(**told | ({"cancelled_by": "citizen"} if event is BookingCancelled else {}) | data)


def viewed(visitor: int, page: str = "/") -> PageViewed:
    return PageViewed(site="socialkompas", page=page, visitor=f"{visitor:032x}")


async def away(*_: Any) -> None:
    raise ConnectionError("the database is gone")


async def value(centre: Centre, goal: str = "A.1") -> float | None:
    found: float | None = (await centre.goal(goal))["value"]
    return found


async def test_a_confirmed_conversation_counts_until_it_is_cancelled(centre: Centre) -> None:
    log, ingest, subject = centre.log(), centre.ingest(), uuid4()

    await ingest.take([log.put(centre.told(booking(BookingConfirmed), subject=subject, sequence=2))])
    before = await value(centre)
    await ingest.take([log.put(centre.told(booking(BookingCancelled), subject=subject, sequence=3, on="2026-01-05"))])

    assert (before, await value(centre)) == (1, 0)


async def test_a_batch_that_comes_again_changes_nothing(centre: Centre) -> None:
    log, ingest = centre.log(), centre.ingest()
    for _ in range(3):
        log.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))

    await ingest.take(log.records)
    await ingest.take(log.records)
    await centre.ingest().take(log.records)

    assert await value(centre) == 3


async def test_a_fact_that_the_relay_published_twice_counts_once(centre: Centre) -> None:
    log, told = centre.log(), centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2)

    await centre.ingest().take([log.put(told), log.put(told)])
    await centre.ingest().take([log.put(told)])

    goal = await centre.goal("A.1")
    assert (goal["value"], goal["events"]) == (1, 1)


async def test_the_log_read_again_from_its_beginning_changes_nothing(centre: Centre) -> None:
    log, subject = centre.log(), uuid4()
    log.put(centre.told(booking(BookingConfirmed), subject=subject, sequence=2))
    log.put(centre.told(booking(BookingCancelled), subject=subject, sequence=3))
    log.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))
    await centre.ingest().take(log.records)
    once = await centre.goal("A.1")

    await centre.rows(f"update offsets set next = 0 where topic = '{log.topic}' returning topic")
    again = centre.ingest()
    await again.start_offsets({TopicPartition(log.topic, 0)})
    await again.take(log.records)

    assert await centre.goal("A.1") == once


async def test_a_worker_that_dies_before_its_commit_has_done_nothing(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = centre.log()
    log.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))

    with monkeypatch.context() as patched:
        patched.setattr(usecases, "announce", away)
        with pytest.raises(ConnectionError):
            await centre.ingest().take(log.records)
    undone = await value(centre)
    await centre.ingest().take(log.records)

    assert (undone, await value(centre)) == (0, 1)


async def test_a_worker_cannot_skip_what_it_was_given_and_could_not_store(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = centre.log()
    for _ in range(4):
        log.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))
    zombie = centre.ingest()
    await zombie.start_offsets({TopicPartition(log.topic, 0)})
    with monkeypatch.context() as patched:
        patched.setattr(usecases, "announce", away)
        with pytest.raises(ConnectionError):
            await zombie.take(log.records[:2])

    with pytest.raises(Fenced):
        await zombie.take(log.records[2:])

    await centre.ingest().take(log.records)
    await zombie.take(log.records[1:3])
    assert await value(centre) == 4


class Forgetful:
    """A database that crashes after its commit and before its disk: what it said was committed has never been."""

    def __init__(self, database: Database) -> None:
        self._database, self.forgets = database, False

    @asynccontextmanager
    async def transaction(self, tenant: str) -> AsyncIterator[AsyncSession]:
        async with self._database.transaction(tenant) as session:
            yield session
            if self.forgets:
                await session.rollback()


async def test_a_batch_that_a_crash_of_postgresql_took_back_is_read_again_and_counts(centre: Centre) -> None:
    """Of page views, because the worker remembers whom it has committed."""
    database, place = Forgetful(centre.database), TopicPartition(PageViewed.TOPIC, uuid4().int % 2**31)
    log, ingest = Log(place.topic), Ingest(cast(Database, database), Metrics("kpi"))
    for visitor in [*range(40), *range(20)]:
        told = centre.told(viewed(visitor), subject=f"{visitor:032x}", id=UUID(int=visitor))
        log.put(told, partition=place.partition)
    await ingest.start_offsets({place})
    await ingest.take(log.records[:10])
    database.forgets = True
    await ingest.take(log.records[10:40])
    database.forgets = False

    with pytest.raises(Fenced):
        await ingest.take(log.records[40:])
    stands = await ingest.start_offsets({place})
    await ingest.take(log.records[stands[place] :])

    goal = await centre.goal("2.1")
    assert (goal["value"], goal["events"]) == (40, 40)


async def test_what_kafka_has_let_go_of_is_no_hole(centre: Centre) -> None:
    log, ingest = centre.log("web.events"), centre.ingest()
    for visitor in range(5):
        log.put(centre.told(viewed(visitor), subject=f"{visitor:032x}"))

    await ingest.start_offsets({TopicPartition(log.topic, 0)})
    await ingest.take(log.records[3:])

    assert await value(centre, "2.1") == 2


async def test_a_log_that_begins_anew_is_read_from_its_new_beginning(centre: Centre) -> None:
    old, ingest = centre.log(), centre.ingest()
    for _ in range(3):
        old.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))
    await ingest.take(old.records)

    rebuilt = centre.log()
    rebuilt.put(old.records[0].value)
    rebuilt.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))
    restarted = centre.ingest()
    await restarted.start_offsets({TopicPartition(old.topic, 0)})
    await restarted.take(rebuilt.records)

    assert await value(centre) == 4


POISON = [
    (b"not json", "undecodable"),
    (b"\xff\xfe", "undecodable"),
    (b"[1, 2]", "undecodable"),
    (None, "undecodable"),
    (b'{"type": "kompas.booking.booking.confirmed.v1"}', "invalid"),
]


@pytest.mark.parametrize(("payload", "kind"), POISON, ids=["no json", "no utf-8", "a list", "nothing", "half"])
async def test_garbage_is_buried_with_its_reason_and_what_surrounds_it_counts(
    centre: Centre, payload: bytes | None, kind: str
) -> None:
    log = centre.log()
    log.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))
    log.put(payload, b"key")
    log.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))

    await centre.ingest().take(log.records)

    [stone] = await centre.rows(f"select class, reason, \"offset\" from dead_letters where topic = '{log.topic}'")
    assert (stone[0], stone[2]) == (kind, 1)
    assert stone[1]
    assert await value(centre) == 2


async def test_data_that_its_type_does_not_allow_is_buried_without_its_values(centre: Centre) -> None:
    log, told = centre.log(), centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2)

    await centre.ingest().take([log.put(told.replace(b'"2023-05-02T09:00:00Z"', b'"Amina at nine"'))])

    [stone] = await centre.rows(f"select class, reason, type from dead_letters where topic = '{log.topic}'")
    assert (stone[0], stone[2]) == ("invalid", BookingConfirmed.TYPE)
    assert "starts_at" in stone[1]
    assert "Amina" not in stone[1]


@pytest.mark.parametrize("year", ["0001", "9999"])
async def test_a_time_outside_every_calendar_is_buried(centre: Centre, year: str) -> None:
    log, told = centre.log(), centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2)

    await centre.ingest().take([log.put(told.replace(b"2023-05-01T11", f"{year}-05-01T11".encode()))])

    [stone] = await centre.rows(f"select class, reason from dead_letters where topic = '{log.topic}'")
    assert stone == ("invalid", "time: out of range")


async def test_an_unknown_type_is_ignored_whatever_it_looks_like(centre: Centre) -> None:
    log, told = centre.log(), centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2)
    log.put(told.replace(b"booking.confirmed.v1", b"booking.confirmed.v9"))
    log.put(b'{"type": "dk.odense.sag.oprettet", "subject": 5}')

    await centre.ingest().take(log.records)

    assert await centre.rows(f"select class from dead_letters where topic = '{log.topic}'") == []
    assert await value(centre) == 0


async def test_a_centre_without_a_plan_is_read_and_passed_over(centre: Centre, database: Database) -> None:
    stranger = Centre(centre.client, database, fresh_tenant())
    log = centre.log()
    log.put(stranger.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))
    log.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2))

    await centre.ingest().take(log.records)

    assert await value(centre) == 1


async def test_a_record_that_brings_counting_down_is_found_and_buried_alone(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, fatal = centre.log(), uuid4()
    for subject in (uuid4(), uuid4(), fatal, uuid4(), uuid4()):
        log.put(centre.told(booking(BookingConfirmed), subject=subject, sequence=2))
    look = Registry.look

    def breaks(self: Any, fact: Fact, into: Any) -> None:
        if fact.subject == str(fatal):
            raise ZeroDivisionError
        look(self, fact, into)

    monkeypatch.setattr(Registry, "look", breaks)
    await centre.ingest().take(log.records)

    [stone] = await centre.rows(f"select class, reason, \"offset\" from dead_letters where topic = '{log.topic}'")
    assert (stone[0], stone[2]) == ("bug", 2)
    assert stone[1].startswith("ZeroDivisionError")
    assert await value(centre) == 4


async def test_two_workers_that_meet_in_one_company_count_it_once(centre: Centre) -> None:
    """Engagements are their own keys, so one company's may lie in two partitions, read by two processes."""
    log, company = centre.log("matching.events"), uuid4()
    for partition in range(8):
        for _ in range(10):
            event = EngagementHeld(company_id=company, kind="corporate_volunteering", held_on="2023-05-01")
            log.put(centre.told(event, subject=uuid4()), partition=partition)

    by_partition = [[each for each in log.records if each.partition == partition] for partition in range(8)]
    await asyncio.gather(*(centre.ingest().take(records) for records in by_partition))

    goal = await centre.goal("3.2")
    assert (goal["value"], goal["events"]) == (1, 80)
    evidence = (await centre.get("plans/odense-2023/goals/3.2/evidence", limit=200))["items"]
    assert sum(row["amount"] for row in evidence) == 1


async def test_one_company_in_two_spellings_is_one_company(centre: Centre) -> None:
    log, company = centre.log("matching.events"), uuid4()
    event = EngagementHeld(company_id=company, kind="corporate_volunteering", held_on="2023-05-01")
    log.put(centre.told(event, subject=uuid4()))
    log.put(centre.told(event, subject=uuid4()).replace(str(company).encode(), str(company).upper().encode()))

    await centre.ingest().take(log.records)

    assert await value(centre, "3.2") == 1


async def test_page_views_are_a_set_also_across_workers(centre: Centre) -> None:
    log = centre.log("web.events")
    for visitor in [*range(40), *range(20)]:
        log.put(centre.told(viewed(visitor), subject=f"{visitor:032x}", id=UUID(int=visitor)))
    worker = centre.ingest()

    await worker.take(log.records[:50])
    await worker.take(log.records[50:])

    goal = await centre.goal("2.1")
    assert (goal["value"], goal["events"]) == (40, 40)
    assert await centre.rows("select 1 from evidence where tenant = :tenant and subject is not null") == []


async def test_coverage_says_how_far_back_the_facts_of_a_kind_reach(centre: Centre) -> None:
    log, ingest = centre.log(), centre.ingest()
    for on in ("2023-05-01", "2022-02-01", "2023-07-01"):
        log.put(centre.told(booking(BookingConfirmed), subject=uuid4(), sequence=2, on=on))
    for record in log.records:
        await ingest.take([record])

    found = await centre.rows(f"select since from coverage where tenant = :tenant and topic = '{log.topic}'")

    assert str(found[0][0]).startswith("2022-02-01")


async def count(database: Database, tenant: str, batches: Sequence[Sequence[Fact]]) -> None:
    for batch in batches:
        facts = [replace(each, tenant=tenant) for each in batch]
        async with database.transaction(EVERY_TENANT) as session:
            await fold(session, registry(tenant=tenant), facts)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tellings())
async def test_postgresql_keeps_what_a_plain_fold_of_the_distinct_facts_gives(
    database: Database, telling: tuple[list[Fact], list[list[Fact]]]
) -> None:
    plain, batches = telling
    tenant = fresh_tenant()
    wanted = Memory(registry(tenant=tenant))
    for each in plain:
        wanted.hear([replace(each, tenant=tenant)])

    await count(database, tenant, batches)

    async with database.transaction(tenant) as session:
        found = (await tallies(session, tenant)).items()
        receipts = (await session.exec(select(Evidence))).all()
    numbers = {key.goal: some for key, some in found}
    assert {goal.id: read(goal, numbers.get(goal.id, ())) for goal in odense().goals} == {
        goal.id: wanted.read(goal.id) for goal in odense().goals
    }
    assert {(row.goal, row.part, row.dimension, row.event_id): row.amount for row in receipts} == {
        (key.tally.goal, key.tally.part, key.tally.dimension, key.event_id): receipt.amount
        for key, receipt in wanted.receipts.items()
    }


def test_the_worker_reads_every_topic_but_the_one_with_people_on_it() -> None:
    assert topics() == sorted(
        f"{name}.events" for name in ("booking", "directory", "kpi", "matching", "notify", "partner", "web")
    )
