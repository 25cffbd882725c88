"""What KPI hears one by one: which organisations are one, and which are one no longer."""

from faststream.kafka import KafkaBroker
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.merged import usecases
from services.kpi.merged.models import MergedOrganisation
from shared.clock import now
from shared.database import Database
from shared.events.merging import OrganisationMerged, OrganisationUnmerged
from shared.messaging.consume import Received, id_of, listen
from shared.metrics import Metrics

CONSUMER = "kpi-merged"


def subscribe(broker: KafkaBroker, database: Database, metrics: Metrics) -> None:
    """A name of its own: the counting (`ingest/`) reads the same topic, in batches, and buries under `kpi`."""
    listen(
        broker,
        database,
        metrics,
        consumer=CONSUMER,
        topic=OrganisationMerged.TOPIC,
        handlers={OrganisationMerged: organisation_merged, OrganisationUnmerged: organisation_unmerged},
    )


async def organisation_merged(session: AsyncSession, received: Received) -> None:
    await _note(session, received, stands=True)


async def organisation_unmerged(session: AsyncSession, received: Received) -> None:
    await _note(session, received, stands=False)


async def _note(session: AsyncSession, received: Received, *, stands: bool) -> None:
    event: OrganisationMerged | OrganisationUnmerged = received.event
    row = MergedOrganisation(
        tenant=received.tenant,
        id=id_of(received.subject),
        sequence=received.sequence,
        merged_into=event.merged_into,
        stands=stands,
        changed_at=now(),
    )
    await usecases.note(session, row)
