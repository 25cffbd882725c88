"""Who speaks for an organisation: named by staff and by the organisation itself, corrected, and forgotten."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.contacts import repository
from services.directory.contacts.models import ContactRole
from services.directory.contacts.rules import MOST_CONTACTS, TooManyContacts
from services.directory.contacts.schemas import ContactChange, NewContact
from services.directory.editors import usecases as editors
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.rules import OrganisationClosed, not_ended
from shared import clock
from shared.answers import Expected
from shared.auth import Principal
from shared.errors import Forbidden
from shared.messaging.outbox import erase_contact, share_contact


async def those_of(
    session: AsyncSession, tenant: str, organisation_id: UUID, caller: Principal
) -> Sequence[ContactRole]:
    _own(caller, organisation_id)
    organisation = await organisations.get(session, tenant, organisation_id)
    return await repository.those_of(session, tenant, organisation.id)


async def name(
    session: AsyncSession, tenant: str, organisation_id: UUID, new: NewContact, caller: Principal
) -> ContactRole:
    """One more who speaks for it. The same person in two roles is named twice: each is taken back by itself."""
    _own(caller, organisation_id)
    organisation = await organisations.get(session, tenant, organisation_id, lock=True)
    if organisation.closed_on is not None:
        raise OrganisationClosed
    if len(await repository.those_of(session, tenant, organisation.id)) >= MOST_CONTACTS:
        raise TooManyContacts
    contact = ContactRole(tenant=tenant, organisation_id=organisation.id, **new.model_dump())
    session.add(contact)
    await store(session)
    await _share(session, contact)
    return contact


async def change(
    session: AsyncSession,
    tenant: str,
    organisation_id: UUID,
    id: UUID,
    wanted: ContactChange,
    caller: Principal,
    expected: Expected,
) -> ContactRole:
    contact = await _held(session, tenant, organisation_id, id, caller, expected)
    before = contact.model_dump()
    after = before | wanted.model_dump(exclude_unset=True)
    if after == before:
        return contact
    contact.sqlmodel_update(after)
    contact.version += 1
    await store(session)
    await repository.forget_answers(session, tenant, before["email"])
    if (before["email"], before["role"]) != (contact.email, contact.role):
        await editors.revoke_all(session, contact)
    await _share(session, contact)
    return contact


async def end(
    session: AsyncSession, tenant: str, organisation_id: UUID, id: UUID, caller: Principal, expected: Expected
) -> ContactRole:
    """The person is forgotten, here and in `notify`; what remains says that there was somebody, until when."""
    contact = await _held(session, tenant, organisation_id, id, caller, expected)
    await _forget(session, contact)
    return contact


async def end_all(session: AsyncSession, organisation: Organisation) -> None:
    """Forget everybody who spoke for an organisation that closes."""
    for contact in await repository.those_of(session, organisation.tenant, organisation.id):
        await _forget(session, contact)


def _own(caller: Principal, organisation_id: UUID) -> None:
    if not caller.may_act_for(organisation_id):
        raise Forbidden


async def _held(
    session: AsyncSession, tenant: str, organisation_id: UUID, id: UUID, caller: Principal, expected: Expected
) -> ContactRole:
    _own(caller, organisation_id)
    contact = await repository.get(session, tenant, organisation_id, id, lock=True)
    expected(contact.version)
    not_ended(contact.ended_on)
    return contact


async def _share(session: AsyncSession, contact: ContactRole) -> None:
    await share_contact(
        session,
        tenant=contact.tenant,
        contact_id=contact.contact_id,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
    )


async def _forget(session: AsyncSession, contact: ContactRole) -> None:
    await repository.forget_answers(session, contact.tenant, contact.email)
    await erase_contact(session, tenant=contact.tenant, contact_id=contact.contact_id)
    await editors.revoke_all(session, contact)
    contact.name = contact.email = ""
    contact.phone = None
    contact.ended_on = clock.today()
    contact.version += 1
    await store(session)
