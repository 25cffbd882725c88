"""Exactly once in effect: the handler's transaction begins by noting the event's id, and ends there if it is known."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.messaging.tables import inbox


async def first_time(session: AsyncSession, consumer: str, event_id: UUID) -> bool:
    """Note the event; whether it is new to this consumer.

    Must be the first statement of the transaction: a concurrent delivery of the same event then waits here for the
    first one to commit or to roll back, instead of working beside it.
    """
    note = insert(inbox).values(consumer=consumer, event_id=event_id).on_conflict_do_nothing()
    result = await (await session.connection()).execute(note.returning(inbox.c.event_id))
    return result.first() is not None
