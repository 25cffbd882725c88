"""The Kafka door: every topic but the one with people on it, read in raw batches."""

from collections.abc import Callable

from faststream.kafka import KafkaBroker

from services.kpi.ingest.usecases import CONSUMER, Ingest
from services.kpi.settings import KpiSettings
from shared.events import CATALOGUE
from shared.events.contacts import ContactShared
from shared.events.web import PageViewed
from shared.messaging.batches import listen_batches

PARTNERS = "partner.events"


def topics() -> list[str]:
    return sorted({event.TOPIC for event in CATALOGUE.values()} - {ContactShared.TOPIC} | {PARTNERS})


def listen(broker: KafkaBroker, ingest: Callable[[], Ingest], settings: KpiSettings) -> None:
    """Page views beside everything else: while the database stores the ones, the others are read."""
    views = [PageViewed.TOPIC]
    facts = [each for each in topics() if each not in views]
    for group, read, at_once in (
        (CONSUMER, facts, settings.batch_records),
        (f"{CONSUMER}.views", views, settings.batch_views),
    ):
        counting = ingest()
        listen_batches(
            broker,
            *read,
            group=group,
            on_batch=counting.take,
            start_offsets=counting.start_offsets,
            max_records=at_once,
        )
