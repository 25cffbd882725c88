"""Every question about who keeps times."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

# What was booked or let go counts for the hour, but not among those that are kept now.
SHARE = text("""
    select count(*), count(b.id) from holders h
    left join bookings b on b.id = h.hold_id and b.state = 'held' and b.held_until > :now
    where h.tenant = :tenant and h.holder = :holder and h.held_at > :since
""")


class Share(NamedTuple):
    at_once: int
    within_the_hour: int


async def lock_and_count(session: AsyncSession, tenant: str, holder: bytes, since: datetime, now: datetime) -> Share:
    """Of two who ask at once in the same name, one waits: a count is no constraint."""
    connection = await session.connection()
    await connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": f"{tenant}/{holder.hex()}"}
    )
    asked = {"tenant": tenant, "holder": holder, "since": since, "now": now}
    within_the_hour, at_once = (await connection.execute(SHARE, asked)).one()
    return Share(at_once, within_the_hour)


async def forget(session: AsyncSession, before: datetime) -> None:
    await (await session.connection()).execute(text("delete from holders where held_at < :before"), {"before": before})
