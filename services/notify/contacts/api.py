"""The contacts' door: staff note by what somebody who asks them would rather be told."""

from uuid import UUID

from services.notify.contacts import repository
from services.notify.contacts.schemas import Preferences, PreferencesAnswer
from shared.auth import Staff
from shared.door import Session, router
from shared.tenancy import TenantPath

routes = router("notify")
PATH = "/contacts/{contact_id}/preferences"


@routes.get(PATH)
async def get_preferences(contact_id: UUID, tenant: TenantPath, session: Session, caller: Staff) -> PreferencesAnswer:
    return PreferencesAnswer(channel=(await repository.get(session, tenant, contact_id)).prefers)


@routes.put(PATH)
async def put_preferences(
    contact_id: UUID, tenant: TenantPath, session: Session, caller: Staff, body: Preferences
) -> PreferencesAnswer:
    """Of one contact id: what was asked for in one request."""
    contact = await repository.get(session, tenant, contact_id, lock=True)
    contact.prefers, contact.phone = body.channel, body.phone
    return PreferencesAnswer(channel=contact.prefers)
