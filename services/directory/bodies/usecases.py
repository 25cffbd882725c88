"""What staff do with bodies: establish and dissolve them."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.appointments import usecases as appointments
from services.directory.bodies import repository
from services.directory.bodies.models import Body
from services.directory.bodies.rules import BodyDissolved, BodyKnown
from services.directory.bodies.schemas import NewBody
from services.directory.conflicts import store
from services.directory.organisations import repository as organisations
from services.directory.rules import day_of_fact
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.errors import Invalid
from shared.events.registers import BodyDissolved as Dissolved
from shared.events.registers import BodyEstablished


async def establish(session: AsyncSession, tenant: str, new: NewBody) -> Body:
    if new.organisation_id and await organisations.find(session, tenant, new.organisation_id) is None:
        raise Invalid.field("organisation_id", "findes ikke", "does not exist")
    day = day_of_fact("established_on", new.established_on, today=clock.today(), may_backdate=True)
    owner = await organisations.current(session, tenant, new.organisation_id)
    given = new.model_dump(exclude={"established_on", "organisation_id"})
    body = Body(tenant=tenant, established_on=day, organisation_id=owner, **given)
    session.add(body)
    await store(session, bodies_slug=BodyKnown)
    await record(session, body, BodyEstablished(kind=body.kind, slug=body.slug, established_on=day), on=day)
    return body


async def dissolve(session: AsyncSession, tenant: str, id: UUID, dissolved_on: date | None, expected: Expected) -> Body:
    """Who was appointed to it is so no longer."""
    body = await repository.get(session, tenant, id, lock=True)
    expected(body.version)
    if body.dissolved_on is not None:
        raise BodyDissolved
    day = day_of_fact(
        "dissolved_on", dissolved_on, today=clock.today(), may_backdate=True, not_before=body.established_on
    )
    await appointments.end_all(session, body, day)
    body.dissolved_on = day
    body.version += 1
    await record(session, body, Dissolved(kind=body.kind, slug=body.slug, dissolved_on=day), on=day)
    return body
