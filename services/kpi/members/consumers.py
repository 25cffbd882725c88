"""What KPI hears one by one: who has become a member of the centre, and who is one no longer."""

from faststream.kafka import KafkaBroker
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.members import repository
from services.kpi.members.models import Membership
from shared.database import Database
from shared.events.directory import MembershipEnded, MembershipKind, MembershipStarted
from shared.events.kinds import OrganisationKind
from shared.messaging.consume import Received, id_of, listen
from shared.metrics import Metrics

CONSUMER = "kpi-members"


def subscribe(broker: KafkaBroker, database: Database, metrics: Metrics) -> None:
    """A name of its own: the counting (`ingest/`) reads the same topic, in batches, and buries under `kpi`."""
    listen(
        broker,
        database,
        metrics,
        consumer=CONSUMER,
        topic=MembershipStarted.TOPIC,
        handlers={MembershipStarted: membership_started, MembershipEnded: membership_ended},
    )


async def membership_started(session: AsyncSession, received: Received) -> None:
    await _note(session, received, stands=True)


async def membership_ended(session: AsyncSession, received: Received) -> None:
    await _note(session, received, stands=False)


async def _note(session: AsyncSession, received: Received, *, stands: bool) -> None:
    event: MembershipStarted | MembershipEnded = received.event
    if event.kind is not MembershipKind.MEMBER or event.organisation_kind is not OrganisationKind.ASSOCIATION:
        return
    membership = Membership(
        tenant=received.tenant,
        id=id_of(received.subject),
        sequence=received.sequence,
        organisation_id=event.organisation_id,
        stands=stands,
    )
    await repository.put(session, membership)
