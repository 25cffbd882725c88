"""What staff do with gatherings: set a date, change it, tell that it was held and how many came, call it off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.gatherings import rules
from services.booking.gatherings.models import Gathering
from services.booking.gatherings.rules import GatheringState
from services.booking.gatherings.schemas import Attendance, GatheringChange, NewGathering
from services.booking.signups import roll, seating
from shared.clock import now
from shared.events.envelope import Event
from shared.events.gatherings import GatheringCancelled, GatheringHeld, GatheringScheduled, GatheringUpdated, Organiser
from shared.events.signups import AttendanceRecorded, CountedBy
from shared.messaging.outbox import emit


async def schedule(session: AsyncSession, tenant: str, new: NewGathering) -> Gathering:
    """A past date is allowed: staff record what took place before anybody wrote it down."""
    gathering = Gathering(tenant=tenant, state=GatheringState.SCHEDULED, **_stored(new.model_dump()))
    _check(gathering)
    session.add(gathering)
    await session.flush()
    await _state(session, gathering, GatheringScheduled(**_facts(gathering)), gathering.starts_at)
    return gathering


async def change(session: AsyncSession, gathering: Gathering, changes: GatheringChange) -> None:
    """`gathering` is locked. Whoever has signed up keeps their seat and is told if it was moved."""
    rules.check_open(gathering.state)
    wanted = _stored(changes.model_dump(exclude_unset=True))
    changed = {field: value for field, value in wanted.items() if getattr(gathering, field) != value}
    if not changed:
        return
    before = _facts(gathering)
    for field, value in changed.items():
        setattr(gathering, field, value)
    _check(gathering)
    gathering.version += 1
    gathering.changed_at = now()
    # The number of seats and who sits where change together, or not at all.
    if reseated := changed.keys() & set(rules.SEATING):
        await seating.seat_anew(session, gathering)
    await session.flush()
    if (facts := _facts(gathering)) != before:
        await _state(session, gathering, GatheringUpdated(**facts), gathering.starts_at)
    if changed.keys() & set(rules.WHEN_AND_WHERE):
        await seating.tell_moved(session, gathering)
    if reseated:
        await seating.settle(session, gathering)


async def record_attendance(session: AsyncSession, gathering: Gathering, told: Attendance) -> None:
    """`gathering` is locked. Until it is told as held the last record is the right one."""
    if gathering.state is GatheringState.CANCELLED:
        raise rules.AlreadyCancelled
    rules.check_begun(gathering.starts_at, now())
    if told.present is None:
        came, counted_by = told.participants or 0, CountedBy.COUNT
    else:
        came = await roll.call(session, gathering, told.present) + told.others
        counted_by = CountedBy.LIST
    rules.how_many_came(came, gathering.participants)
    gathering.attended, gathering.counted_by = came, counted_by
    gathering.version += 1
    facts = {key: value for key, value in _facts(gathering).items() if key in AttendanceRecorded.model_fields}
    event = AttendanceRecorded(**facts, counted_by=counted_by, participants=came)
    await _state(session, gathering, event, gathering.ends_at)


async def hold(session: AsyncSession, gathering: Gathering, participants: int | None) -> None:
    """`gathering` is locked. Counted once: a second count would be a second fact."""
    rules.check_open(gathering.state)
    rules.check_begun(gathering.starts_at, now())
    came = rules.how_many_came(participants, gathering.attended)
    gathering.state = GatheringState.HELD
    gathering.participants = came
    gathering.version += 1
    await _state(session, gathering, GatheringHeld(**_facts(gathering), participants=came), gathering.ends_at)


async def cancel(session: AsyncSession, gathering: Gathering, reason: str | None) -> None:
    """`gathering` is locked. Everybody who has signed up, or waits, is told."""
    rules.check_open(gathering.state)
    gathering.state = GatheringState.CANCELLED
    gathering.cancel_reason = reason
    gathering.version += 1
    gathering.changed_at = now()
    await _state(session, gathering, GatheringCancelled(**_facts(gathering)), gathering.starts_at)
    await seating.send_everybody_home(session, gathering)


def _stored(fields: dict[str, Any]) -> dict[str, Any]:
    """As the columns hold it: moments and ids within lists are written out."""
    if "organisers" in fields:
        fields["organisers"] = [
            {**each, "organisation_id": each["organisation_id"] and str(each["organisation_id"])}
            for each in fields["organisers"]
        ]
    if "stops" in fields:
        fields["stops"] = [{**each, "at": each["at"].isoformat()} for each in fields["stops"]]
    return fields


def _check(gathering: Gathering) -> None:
    rules.check_times(gathering.starts_at, gathering.ends_at, now())
    rules.check_stops(_moments(gathering.stops), gathering.starts_at, gathering.ends_at)
    rules.check_criteria(rules.criteria_of(gathering.criteria), gathering.capacity)


def _moments(stops: Sequence[dict[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(each["at"]) for each in stops]


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
