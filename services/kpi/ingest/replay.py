"""Reading the whole log once more, when Kafka was lost and its log was rebuilt from the outboxes."""

from services.kpi.ingest import offsets
from shared.database import Database
from shared.tenancy import EVERY_TENANT


async def read_log_again(database: Database) -> None:
    """Also a worker that runs begins anew: it finds that the database no longer stands where it reads.

    A rebuilt log may be shorter or longer than the lost one, so the old offsets mean nothing in it. What was counted
    from the old log is recognised by its events, and nothing counts twice.
    """
    async with database.transaction(EVERY_TENANT) as session:
        await offsets.rewind(session)
