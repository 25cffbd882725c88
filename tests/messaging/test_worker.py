"""A worker starts without its servers, keeps its parts running, notices a consumer that sleeps, and stops in order."""

import asyncio
from contextlib import suppress
from typing import Any

import httpx2
import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from deploy.local.ports import free_ports
from shared.messaging import worker as worker_module
from shared.messaging.consume import Received
from shared.messaging.health import serve_health
from shared.messaging.patience import Hopeless
from shared.messaging.watchdog import Watchdog
from shared.messaging.worker import Worker
from tests.messaging.proxy import Proxy
from tests.messaging.stage import CONSUMER, Stage, only_subscriber, running
from tests.support.waiting import PATIENCE, eventually


@pytest.fixture
def impatient_watchdog(monkeypatch: pytest.MonkeyPatch) -> None:
    def watchdog(broker: Any, metrics: Any) -> Watchdog:
        return Watchdog(broker, metrics, look_every=0.2, stuck_after=2)

    monkeypatch.setattr(worker_module, "Watchdog", watchdog)


def put_to_sleep(subscriber: Any) -> None:
    """Its loop ends without a word; the assignment, the heartbeats and the connection live on."""
    for task in subscriber.tasks:
        task.cancel()


async def test_a_job_that_ends_or_fails_is_run_again(stage: Stage) -> None:
    runs = 0

    async def job() -> None:
        nonlocal runs
        runs += 1
        if runs % 2:
            raise LookupError

    async with running(Worker("test", database=stage.database, metrics=stage.metrics, jobs=[job]).run):
        await eventually(lambda: runs > 3)


async def test_a_worker_that_stops_lets_the_handler_at_work_finish(stage: Stage) -> None:
    started = asyncio.Event()

    async def slow(session: AsyncSession, received: Received) -> None:
        started.set()
        await asyncio.sleep(0.5)
        await stage.note(session, received)

    async with running(stage.worker(slow).run):
        at = await stage.put(stage.event(1))
        await asyncio.wait_for(started.wait(), PATIENCE)

    await stage.has_effects(1)
    assert await stage.committed() == at + 1


async def test_a_part_that_does_not_listen_is_told_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asyncio.Event()

    async def deaf() -> None:
        with suppress(asyncio.CancelledError):
            asked.set()
            await asyncio.sleep(3600)
        await asyncio.sleep(3600)

    monkeypatch.setattr(worker_module, "END_TIMEOUT", 0.1)
    async with asyncio.timeout(PATIENCE):
        async with running(Worker("test", database=stage.database, metrics=stage.metrics, jobs=[deaf]).run):
            await asked.wait()


async def test_a_worker_stops_while_its_servers_are_away(stage: Stage, kafka_network: Proxy) -> None:
    await kafka_network.down()
    async with asyncio.timeout(PATIENCE), running(stage.worker(relay=True).run):
        await asyncio.sleep(0.5)


@pytest.mark.usefixtures("impatient_watchdog")
async def test_a_consumer_that_has_work_and_does_nothing_is_restarted(stage: Stage) -> None:
    worker = stage.worker()
    subscriber = only_subscriber(worker.broker)
    async with running(worker.run):
        await stage.put(stage.event(1))
        await eventually(lambda: stage.has_effects(1))

        put_to_sleep(subscriber)
        await stage.put(stage.event(2))
        await eventually(lambda: stage.has_effects(1, 2))

    labels = {"service": "test", "consumer": f"{CONSUMER}.{stage.topic}"}
    assert stage.metrics.registry.get_sample_value("kompas_consumer_restarts_total", labels)


@pytest.mark.usefixtures("impatient_watchdog")
async def test_a_consumer_that_fell_out_of_its_group_without_a_word_is_restarted(stage: Stage) -> None:
    worker = stage.worker()
    subscriber = only_subscriber(worker.broker)
    async with running(worker.run):
        await stage.put(stage.event(1))
        await eventually(lambda: stage.has_effects(1))

        consumer = subscriber.consumer
        consumer._coordinator._coordination_task.cancel()
        await eventually(lambda: subscriber.consumer not in (None, consumer))
        await stage.put(stage.event(2))
        await eventually(lambda: stage.has_effects(1, 2))


@pytest.mark.usefixtures("impatient_watchdog")
async def test_a_consumer_that_no_restart_wakes_ends_the_worker(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = stage.worker()
    subscriber = only_subscriber(worker.broker)
    start = type(subscriber).start

    async def start_and_sleep(self: Any) -> None:
        await start(self)
        put_to_sleep(self)

    monkeypatch.setattr(type(subscriber), "start", start_and_sleep)
    await stage.put(stage.event(1))

    with pytest.raises(Hopeless):
        await asyncio.wait_for(worker.run(), PATIENCE)


@pytest.mark.usefixtures("impatient_watchdog")
async def test_a_handler_that_takes_its_time_is_not_stuck(stage: Stage) -> None:
    async def slow(session: AsyncSession, received: Received) -> None:
        await asyncio.sleep(4)
        await stage.note(session, received)

    async with running(stage.worker(slow).run):
        for n in (1, 2):
            await stage.put(stage.event(n))
        await eventually(lambda: stage.has_effects(1, 2))

    assert "kompas_consumer_restarts_total{" not in stage.metrics.render().decode()


@pytest.mark.usefixtures("impatient_watchdog")
async def test_the_lag_is_shown_and_vanishes_with_the_partition(stage: Stage) -> None:
    go_on = asyncio.Event()

    async def wait(session: AsyncSession, received: Received) -> None:
        await go_on.wait()

    worker = stage.worker(wait)
    subscriber = only_subscriber(worker.broker)
    for n in range(3):
        await stage.put(stage.event(n))
    labels = {"service": "test", "consumer": CONSUMER, "topic": stage.topic, "partition": "0"}

    def shows(lag: float | None) -> Any:
        return lambda: stage.metrics.registry.get_sample_value("kompas_consumer_lag", labels) == lag

    async with running(worker.run):
        await eventually(shows(2))  # One is at work.
        go_on.set()
        await eventually(shows(0))
        await subscriber.stop()
        await eventually(shows(None))


async def test_a_worker_alone_tells_whether_it_lives_and_is_ready_and_shows_its_metrics(
    stage: Stage, kafka_network: Proxy
) -> None:
    await kafka_network.down()
    worker, port = stage.worker(relay=True), free_ports(1)[0]

    async with (
        running(worker.run),
        running(lambda: serve_health(worker, stage.metrics, port)),
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as client,
    ):

        async def answers(path: str, status: int) -> bool:
            with suppress(httpx2.HTTPError):
                return (await client.get(path)).status_code == status
            return False

        await eventually(lambda: answers("/health/live", 200))
        await eventually(lambda: answers("/health/ready", 503))
        await eventually(lambda: answers("/nowhere", 404))
        await kafka_network.up()
        await eventually(lambda: answers("/health/ready", 200))
        assert "kompas_outbox_pending" in (await client.get("/metrics")).text
