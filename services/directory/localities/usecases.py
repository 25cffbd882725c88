"""What staff do with localities: begin with those of their municipality, add, correct, remove."""

from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.conflicts import store
from services.directory.localities import repository
from services.directory.localities.models import Locality
from services.directory.localities.rules import LocalityKnown
from services.directory.localities.schemas import Begun, LocalityChange, NewLocality
from shared.answers import Expected
from shared.errors import Invalid


async def add(session: AsyncSession, tenant: str, new: NewLocality) -> Locality:
    await _within(session, tenant, new.part_of)
    locality = Locality(tenant=tenant, **new.model_dump())
    if not await repository.add(session, locality):
        raise LocalityKnown
    return locality


async def change(session: AsyncSession, tenant: str, id: UUID, wanted: LocalityChange, expected: Expected) -> Locality:
    locality = await repository.get(session, tenant, id, lock=True)
    expected(locality.version)
    before = locality.model_dump()
    after = before | wanted.model_dump(exclude_unset=True)
    if after == before:
        return locality
    if after["part_of"] == id:
        raise Invalid.field("part_of", "kan ikke være stedet selv", "cannot be the place itself")
    await _within(session, tenant, after["part_of"])
    locality.sqlmodel_update(after)
    locality.version += 1
    await store(session, localities_name=LocalityKnown)
    return locality


async def remove(session: AsyncSession, tenant: str, id: UUID, expected: Expected) -> None:
    """Entries name their locality in words, so what says it still says it."""
    locality = await repository.get(session, tenant, id, lock=True)
    expected(locality.version)
    await session.delete(locality)


async def begin(session: AsyncSession, tenant: str, municipality: str) -> Begun:
    """The towns and districts of a municipality, to begin with; what the centre knows already stays as it is."""
    added, places = 0, _starting()[municipality]
    whole: UUID | None = None
    for place in places:
        locality = Locality(tenant=tenant, part_of=whole, **NewLocality.model_validate(place).model_dump(
            exclude={"part_of"}
        ))  # fmt: skip
        added += await repository.add(session, locality)
        if whole is None and (known := await repository.named(session, tenant, locality.name)):
            whole = known.id
    return Begun(added=added, known=len(places) - added)


async def _within(session: AsyncSession, tenant: str, part_of: UUID | None) -> None:
    if part_of is not None and await repository.find(session, tenant, part_of) is None:
        raise Invalid.field("part_of", "findes ikke", "does not exist")


@cache
def _starting() -> dict[str, list[dict[str, Any]]]:
    """Each municipality's places, the municipality itself first."""
    read: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "starting.yaml").read_text())
    return read
