"""The list of those who signed up, called when they have come."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.gatherings.models import Gathering
from services.booking.signups import repository
from services.booking.signups.rules import SignupState
from shared.errors import Invalid


async def call(session: AsyncSession, gathering: Gathering, present: Sequence[UUID]) -> int:
    """Note who of those with a seat was there; returns how many. A later call replaces an earlier one."""
    seated = {signup.id for signup in await repository.of(session, gathering, SignupState.CONFIRMED)}
    for number, id in enumerate(present):
        if id not in seated:
            raise Invalid.field(f"present[{number}]", "har ingen plads her", "has no seat here")
    await repository.mark_present(session, gathering, present)
    return len(set(present))
