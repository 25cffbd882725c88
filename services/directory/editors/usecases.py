"""Links by which an association's editors edit: mailed, opened, revoked, forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.contacts import repository as contacts
from services.directory.contacts.models import ContactRole, Role
from services.directory.editors import repository
from services.directory.editors.models import EditorLink
from services.directory.editors.rules import ASK_AGAIN_AFTER, LINKS_LAST, NoEditor, holds, parts_of
from services.directory.rules import not_ended
from shared.aggregate import record
from shared.auth import Principal
from shared.auth import Role as Caller
from shared.clock import now
from shared.errors import Forbidden
from shared.events.registers import EditorInvited
from shared.ids import uuid7
from shared.links import hashed, new_token, opens
from shared.messaging.outbox import erase_contact, share_contact


@dataclass(frozen=True)
class Editor(Principal):
    """Whoever holds a link: their organisation's association, and of it this one person."""

    contact_role_id: UUID | None = None


def editor_of(caller: Principal) -> UUID | None:
    """The contact role of whoever came by a link; a token names no one whom we could write to."""
    return caller.contact_role_id if isinstance(caller, Editor) else None


async def opened(session: AsyncSession, tenant: str, written: str) -> Principal | None:
    """Whoever holds the link acts for its organisation, and for no other; None where it opens nothing (any more)."""
    parts = parts_of(written)
    if parts is None:
        return None
    link = await repository.find(session, tenant, parts[0])
    if link is None or not opens(parts[1], link.token_hash) or not holds(link.expires_at, link.revoked_at, now()):
        return None
    return Editor(tenant, Caller.ASSOCIATION, f"link:{link.id}", link.organisation_id, link.contact_role_id)


async def mail(
    session: AsyncSession, tenant: str, organisation_id: UUID, role_id: UUID, caller: Principal, public_url: str
) -> EditorLink:
    """Mail an editor a link of their own."""
    if not caller.may_act_for(organisation_id):
        raise Forbidden
    contact = await contacts.get(session, tenant, organisation_id, role_id, lock=True)
    not_ended(contact.ended_on)
    if contact.role is not Role.EDITOR:
        raise NoEditor
    return await _mail(session, contact, public_url)


async def mail_to(session: AsyncSession, tenant: str, email: str, public_url: str) -> None:
    """Mail whoever edits under this address a link for each organisation. Whoever asks learns nothing from it."""
    for contact in await repository.editors_at(session, tenant, email, now() - ASK_AGAIN_AFTER):
        await _mail(session, contact, public_url)


async def those_of(
    session: AsyncSession, tenant: str, organisation_id: UUID, caller: Principal
) -> Sequence[EditorLink]:
    if not caller.may_act_for(organisation_id):
        raise Forbidden
    return await repository.open_of(session, tenant, organisation_id, now())


async def revoke(session: AsyncSession, tenant: str, organisation_id: UUID, id: UUID, caller: Principal) -> EditorLink:
    """It opens nothing from now on. To revoke twice changes nothing."""
    if not caller.may_act_for(organisation_id):
        raise Forbidden
    link = await repository.get(session, tenant, organisation_id, id)
    await _revoke(session, link)
    return link


async def revoke_all(session: AsyncSession, contact: ContactRole) -> None:
    """An editor who is no longer one, or has another address, holds no link."""
    for link in await repository.open_of(session, contact.tenant, contact.organisation_id, now(), contact.id):
        await _revoke(session, link)


async def forget(session: AsyncSession, tenant: str, organisation_id: UUID, id: UUID) -> None:
    """Once it has expired, or its mail was sent long ago or shall not be, nobody needs to know where that went to."""
    await _forget(session, await repository.get(session, tenant, organisation_id, id))


async def issue(
    session: AsyncSession, contact: ContactRole, contact_id: UUID, public_url: str
) -> tuple[EditorLink, str]:
    """A new link and its address. Nothing is kept of it that an earlier mail could be repeated from."""
    token, at = new_token(), now()
    link = EditorLink(
        tenant=contact.tenant,
        organisation_id=contact.organisation_id,
        contact_role_id=contact.id,
        contact_id=contact_id,
        token_hash=hashed(token),
        made_at=at,
        expires_at=at + LINKS_LAST,
    )
    session.add(link)
    await store(session)
    # Behind the #, so that the token reaches no server's log.
    return link, f"{public_url.rstrip('/')}/directory/{contact.tenant}/edit#{link.id}.{token}"


async def _mail(session: AsyncSession, contact: ContactRole, public_url: str) -> EditorLink:
    contact_id = uuid7()
    link, url = await issue(session, contact, contact_id, public_url)
    await share_contact(
        session,
        tenant=contact.tenant,
        contact_id=contact_id,
        name=contact.name,
        email=contact.email,
        language=contact.language,
        manage_url=url,
    )
    issued = EditorInvited(organisation_id=link.organisation_id, contact_id=contact_id, expires_at=link.expires_at)
    await record(session, link, issued)
    return link


async def _revoke(session: AsyncSession, link: EditorLink) -> None:
    if link.revoked_at is None:
        link.revoked_at = now()
        link.version += 1
        await _forget(session, link)


async def _forget(session: AsyncSession, link: EditorLink) -> None:
    if link.contact_id is not None:
        await erase_contact(session, tenant=link.tenant, contact_id=link.contact_id)
        link.contact_id = None
    await store(session)
