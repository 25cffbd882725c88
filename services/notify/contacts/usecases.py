"""What notify does with a contact: keep it while it is shared, forget it when it is erased."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.contacts import repository
from services.notify.contacts.models import Contact
from services.notify.deliveries import usecases as deliveries
from shared.events.contacts import ContactShared


async def keep(session: AsyncSession, tenant: str, id: UUID, shared: ContactShared) -> None:
    contact = Contact(
        tenant=tenant,
        id=id,
        email=shared.email,
        language=shared.language,
        manage_url=shared.manage_url,
        about=shared.about,
    )
    await repository.put(session, contact)
    await deliveries.contact_known(session, id)


async def erase(session: AsyncSession, id: UUID) -> None:
    """The address is gone with the commit, and what was still to be sent to it will not be."""
    await repository.remove(session, id)
    await deliveries.contact_erased(session, id)
