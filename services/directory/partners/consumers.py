"""The partners' Kafka door: what each may tell is taken in, everything else is refused with its reason."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial

from faststream.kafka import KafkaBroker
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.partners import repository, usecases
from services.directory.partners.models import Partner
from services.directory.partners.rules import contradiction
from shared.clock import DANISH
from shared.database import Database
from shared.events.envelope import Event
from shared.events.partner import (
    TOPIC,
    PartnerActivityPublished,
    PartnerActivityWithdrawn,
    PartnerOrganisationClosed,
    PartnerOrganisationPublished,
)
from shared.messaging.consume import Handler, Received, Rejected, listen
from shared.metrics import Metrics

CONSUMER = "directory"
Deed = Callable[[AsyncSession, Partner, Received], Awaitable[None]]


def subscribe(broker: KafkaBroker, database: Database, metrics: Metrics) -> None:
    listen(broker, database, metrics, consumer=CONSUMER, topic=TOPIC, handlers=HANDLERS)


async def organisation_published(session: AsyncSession, partner: Partner, received: Received) -> None:
    event: PartnerOrganisationPublished = received.event
    _sound(event)
    await usecases.show_organisation(session, partner, received.subject, received.sequence, event, _day(received))


async def organisation_closed(session: AsyncSession, partner: Partner, received: Received) -> None:
    event: PartnerOrganisationClosed = received.event
    await usecases.close_organisation(session, partner, received.subject, received.sequence, event.closed_on)


async def activity_published(session: AsyncSession, partner: Partner, received: Received) -> None:
    event: PartnerActivityPublished = received.event
    _sound(event)
    await usecases.show_activity(session, partner, received.subject, received.sequence, event, _day(received))


async def activity_withdrawn(session: AsyncSession, partner: Partner, received: Received) -> None:
    event: PartnerActivityWithdrawn = received.event
    await usecases.withdraw_activity(session, partner, received.subject, received.sequence, event.withdrawn_on)


async def from_partner(deed: Deed, session: AsyncSession, received: Received) -> None:
    """Only from a partner of that centre, and only what the two have agreed on.

    A tenant that does not live here has no partners, so its events end here, too.
    """
    partner = await repository.by_source(session, received.tenant, received.source)
    if partner is None:
        raise Rejected("the source is no partner of this centre")
    if partner.ended_on is not None:
        raise Rejected("the partnership has ended")
    if received.type not in partner.accepts:
        raise Rejected("this type is not accepted from this partner")
    await deed(session, partner, received)


def _sound(event: PartnerOrganisationPublished | PartnerActivityPublished) -> None:
    if problem := contradiction(event):
        raise Rejected(problem)


def _day(received: Received) -> date:
    return received.time.astimezone(DANISH).date()


DEEDS: dict[type[Event], Deed] = {
    PartnerOrganisationPublished: organisation_published,
    PartnerOrganisationClosed: organisation_closed,
    PartnerActivityPublished: activity_published,
    PartnerActivityWithdrawn: activity_withdrawn,
}
HANDLERS: dict[type[Event], Handler] = {event: partial(from_partner, deed) for event, deed in DEEDS.items()}
