"""What views claim of their visitors, settled when they are written: of which department, or staff's own.

In the request no database is asked, so that thousands a second get through; whoever writes has one at hand.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.organisations import repository as organisations
from services.directory.pageviews import rules
from services.directory.statistics.models import Seen
from services.directory.visitlinks import repository as links
from shared.events.web import PageViewed
from shared.messaging.outbox import Row, row


class Claim(NamedTuple):
    """`link` is the hash of what staff gave out; what was viewed stands here again, to be told with its department."""

    unit: str | None
    link: bytes | None
    event: PageViewed
    time: datetime


class Held(NamedTuple):
    """A view between its request and the outbox."""

    row: Row
    seen: Seen
    claim: Claim | None = None


@dataclass
class Settled:
    counted: list[Held] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)


async def settle(session: AsyncSession, views: Sequence[Held]) -> Settled:
    settled = Settled()
    claims = [view.claim for view in views if view.claim]
    tenants = {view.row.tenant for view in views if view.claim}
    held = await links.held(session, {claim.link for claim in claims if claim.link}) if claims else {}
    listed = await organisations.public_bodies(session, tenants) if claims else {}
    for view in views:
        if view.claim is None:
            settled.counted.append(view)
            continue
        link = held.get((view.row.tenant, view.claim.link)) if view.claim.link else None
        if link and link.unit is None:
            settled.outcomes["staff"] += 1
            continue
        settled.outcomes["counted"] += 1
        unit = rules.unit_of(view.claim.unit, link.unit if link else None, listed.get(view.row.tenant, ()))
        if unit is None:
            settled.outcomes["unit_not_listed"] += view.claim.unit is not None
            settled.counted.append(view)
        else:
            settled.counted.append(_of(view, view.claim, unit))
    return settled


def _of(view: Held, claim: Claim, unit: str) -> Held:
    event = claim.event.model_copy(update={"unit": unit})
    stated = row(event, tenant=view.row.tenant, subject=view.row.key, time=claim.time, id=view.row.event_id)
    return Held(stated, view.seen._replace(unit=unit))
