"""What a volunteer does: say yes once, see what was said, take it back."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.matching.volunteers import repository
from services.matching.volunteers.models import Contact, Volunteer
from services.matching.volunteers.rules import VolunteerState, may_manage
from services.matching.volunteers.schemas import NewVolunteer
from services.matching.volunteers.vocabulary import publishable_interests, publishable_place
from shared import clock
from shared.aggregate import record
from shared.auth import Principal, Role
from shared.events.matching import VolunteerRegistered
from shared.links import hashed, new_token
from shared.messaging.outbox import erase_contact, share_contact


async def register(session: AsyncSession, tenant: str, new: NewVolunteer, public_url: str) -> tuple[Volunteer, str]:
    """The volunteer, and the token by which they can take it back."""
    token = new_token()
    contact = Contact(tenant=tenant, **new.contact.model_dump())
    session.add(contact)
    await session.flush()
    volunteer = Volunteer(
        tenant=tenant,
        state=VolunteerState.REGISTERED,
        interests=new.interests,
        locality=new.locality,
        languages=new.languages,
        contact_id=contact.id,
        token_digest=hashed(token),
        registered_at=clock.now(),
        withdrawn_at=None,
    )
    session.add(volunteer)
    await session.flush()
    await share_contact(
        session,
        tenant=tenant,
        contact_id=contact.id,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
        # Behind the #, so that the token reaches no server's log.
        manage_url=f"{public_url.rstrip('/')}/matching/{tenant}/volunteers/{volunteer.id}#{token}",
    )
    event = VolunteerRegistered(
        interests=publishable_interests(volunteer.interests),
        locality=publishable_place(volunteer.locality),
        languages=volunteer.languages,
        contact_id=contact.id,
    )
    await record(session, volunteer, event)
    return volunteer, token


async def managed(
    session: AsyncSession, tenant: str, id: UUID, caller: Principal, token: str | None, *, lock: bool = False
) -> Volunteer:
    """The volunteer, for staff and for whoever holds the token."""
    volunteer = await repository.get(session, tenant, id, lock=lock)
    signed_in = caller.role is not Role.CITIZEN
    may_manage(is_staff=caller.is_staff, signed_in=signed_in, token=token, token_digest=volunteer.token_digest)
    return volunteer


async def withdraw(session: AsyncSession, tenant: str, id: UUID, caller: Principal, token: str | None) -> Volunteer:
    """Forget the person, here and in `notify`. What remains says that somebody once said yes, and when.

    To say it twice changes nothing: taking a yes back is no conflict.
    """
    volunteer = await managed(session, tenant, id, caller, token, lock=True)
    if volunteer.contact_id is None:
        return volunteer
    contact = await session.get_one(Contact, volunteer.contact_id)
    volunteer.state = VolunteerState.WITHDRAWN
    volunteer.withdrawn_at = clock.now()
    volunteer.contact_id = None
    volunteer.interests, volunteer.locality, volunteer.languages = [], None, []
    volunteer.version += 1
    await session.flush()
    await session.delete(contact)
    await erase_contact(session, tenant=tenant, contact_id=contact.id)
    return volunteer
