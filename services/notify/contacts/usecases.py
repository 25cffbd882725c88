"""What notify does with a contact: keep it while it is shared, forget it when it is erased."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.contacts import repository
from services.notify.contacts.models import Contact
from services.notify.deliveries import usecases as deliveries
from shared.events.contacts import ContactShared
from shared.events.notify import MessageChannel


async def keep(session: AsyncSession, tenant: str, id: UUID, shared: ContactShared) -> None:
    by_text = shared.prefers is MessageChannel.SMS and shared.phone is not None
    contact = Contact(
        tenant=tenant,
        id=id,
        email=shared.email,
        phone=shared.phone if by_text else None,
        prefers=MessageChannel.SMS if by_text else MessageChannel.EMAIL,
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
