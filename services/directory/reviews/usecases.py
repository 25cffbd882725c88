"""The review step: whether the centre wants it, and whom it stops."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.reviews import repository
from services.directory.reviews.rules import ReviewWanted
from shared.auth import Principal
from shared.errors import Text


async def shown_at_once(session: AsyncSession, tenant: str, caller: Principal) -> None:
    """Refuse an association that would change what everybody sees, where the centre wants to see it first."""
    if not caller.is_staff and await repository.wanted(session, tenant):
        raise ReviewWanted(Text("Indsend det som en ændring: …/changes", "Send it in as a change: …/changes"))
