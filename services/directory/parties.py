"""Organisations that do something together, as they are named in a body and told of in an event."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.organisations.rules import designation
from shared.errors import FieldError, Invalid, Text
from shared.events.directory import Partner


async def known(session: AsyncSession, tenant: str, field: str, ids: Sequence[UUID]) -> list[Organisation]:
    """Those named, each once. A closed one is accepted: it may have taken part when it was still open."""
    found = await organisations.those_of(session, tenant, ids)
    unknown = [
        FieldError(f"{field}[{position}]", Text("findes ikke", "does not exist"))
        for position, id in enumerate(ids)
        if id not in found
    ]
    if unknown:
        raise Invalid(errors=unknown)
    return list({found[id].id: found[id] for id in ids}.values())


def said(partners: Sequence[Organisation]) -> list[Partner]:
    return [
        Partner(organisation_id=each.id, kind=each.kind, sector=each.sector, unit=designation(each.name, each.kind))
        for each in partners
    ]
