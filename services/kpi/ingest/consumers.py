"""The Kafka door: every topic but the one with people on it, read in raw batches."""

from typing import Any

from faststream.kafka import KafkaBroker

from services.kpi.ingest.usecases import CONSUMER, Ingest
from shared.events import CATALOGUE
from shared.events.contacts import ContactShared
from shared.messaging.batches import listen_batches

PARTNERS = "partner.events"


def topics() -> list[str]:
    return sorted({event.TOPIC for event in CATALOGUE.values()} - {ContactShared.TOPIC} | {PARTNERS})


def listen(broker: KafkaBroker, ingest: Ingest, batch_records: int) -> Any:
    return listen_batches(
        broker,
        *topics(),
        group=CONSUMER,
        on_batch=ingest.take,
        start_offsets=ingest.start_offsets,
        max_records=batch_records,
    )
