"""What staff do with gatherings: set a date, tell that it was held and how many came, call it off."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.gatherings import rules
from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import GatheringState
from services.booking.gatherings.schemas import NewGathering
from shared.clock import now
from shared.events.booking import GatheringCancelled, GatheringHeld, GatheringScheduled, Organiser
from shared.events.envelope import Event
from shared.messaging.outbox import emit


async def schedule(session: AsyncSession, tenant: str, new: NewGathering) -> Gathering:
    """A past date is allowed: staff record what took place before anybody wrote it down."""
    rules.check_times(new.starts_at, new.ends_at, now())
    gathering = Gathering(
        tenant=tenant,
        state=GatheringState.SCHEDULED,
        organisers=[organiser.model_dump(mode="json") for organiser in new.organisers],
        **new.model_dump(exclude={"organisers"}),
    )
    session.add(gathering)
    await session.flush()
    await _state(session, gathering, GatheringScheduled(**_facts(gathering)), gathering.starts_at)
    return gathering


async def hold(session: AsyncSession, gathering: Gathering, participants: int) -> None:
    """`gathering` is locked. Counted once: a second count would be a second fact."""
    rules.check_open(gathering.state)
    rules.check_begun(gathering.starts_at, now())
    gathering.state = GatheringState.HELD
    gathering.participants = participants
    gathering.version += 1
    await _state(session, gathering, GatheringHeld(**_facts(gathering), participants=participants), gathering.ends_at)


async def cancel(session: AsyncSession, gathering: Gathering, reason: str | None) -> None:
    """`gathering` is locked."""
    rules.check_open(gathering.state)
    gathering.state = GatheringState.CANCELLED
    gathering.cancel_reason = reason
    gathering.version += 1
    await _state(session, gathering, GatheringCancelled(**_facts(gathering)), gathering.starts_at)


async def _state(session: AsyncSession, gathering: Gathering, event: Event, latest: datetime) -> None:
    """The fact became true now, or at `latest` if it is told afterwards."""
    await emit(
        session,
        event,
        tenant=gathering.tenant,
        subject=gathering.id,
        sequence=gathering.version,
        time=min(now(), latest),
    )


def _facts(gathering: Gathering) -> dict[str, Any]:
    """What the gathering's events say of it: never its title, never an organiser's name."""
    return {
        "kind": gathering.kind,
        "topic": gathering.topic,
        "organisers": [
            Organiser(organisation_id=each["organisation_id"], sector=each["sector"]) for each in gathering.organisers
        ],
        "audience_unit": gathering.audience_unit,
        "locality": gathering.locality,
        "form": gathering.form,
        "starts_at": gathering.starts_at,
        "ends_at": gathering.ends_at,
    }
