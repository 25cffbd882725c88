"""The channels' door: staff choose whether their centre sends text messages."""

from services.notify.channels import repository
from services.notify.channels.models import TextMessages
from services.notify.channels.schemas import TextMessagesAnswer, TextMessagesChosen
from shared.auth import Staff
from shared.door import Session, router
from shared.tenancy import TenantPath

routes = router("notify")
PATH = "/channels/sms"


@routes.get(PATH)
async def get_text_messages(tenant: TenantPath, session: Session, caller: Staff) -> TextMessagesAnswer:
    chosen = await repository.of(session, tenant)
    return TextMessagesAnswer.model_validate(chosen or {"enabled": False, "sender": None})


@routes.put(PATH)
async def put_text_messages(
    tenant: TenantPath, session: Session, caller: Staff, body: TextMessagesChosen
) -> TextMessagesAnswer:
    """Switch them on or off. What waits to be sent when they are switched off goes by mail."""
    chosen = TextMessages(tenant=tenant, **body.model_dump())
    await repository.put(session, chosen)
    return TextMessagesAnswer.model_validate(chosen)
