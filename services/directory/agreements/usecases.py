"""What staff do with agreements: conclude and end them; a term that is over ends them, too."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory import parties
from services.directory.agreements import repository
from services.directory.agreements.models import Agreement, AgreementParty
from services.directory.agreements.schemas import NewAgreement
from services.directory.conflicts import store
from services.directory.rules import day_of_fact, not_ended
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.errors import Invalid
from shared.events.registers import AgreementConcluded, AgreementEnded


async def conclude(session: AsyncSession, tenant: str, new: NewAgreement) -> Agreement:
    """One whose term is over already is entered, too: on the same day it ends by itself."""
    found = await parties.known(session, tenant, "party_ids", new.party_ids)
    day = day_of_fact("concluded_on", new.concluded_on, today=clock.today(), may_backdate=True)
    if new.runs_until is not None and new.runs_until <= day:
        raise Invalid.field("runs_until", f"skal ligge efter {day}", f"must lie after {day}")
    said = new.model_dump(exclude={"party_ids", "concluded_on"})
    agreement = Agreement(tenant=tenant, concluded_on=day, **said)
    agreement.parties = [
        AgreementParty(tenant=tenant, agreement_id=agreement.id, organisation_id=each.id) for each in found
    ]
    session.add(agreement)
    await store(session)
    event = AgreementConcluded(
        kind=agreement.kind,
        locality=agreement.locality,
        area=agreement.area,
        partners=parties.said(found),
        concluded_on=day,
    )
    await record(session, agreement, event, on=day)
    return agreement


async def end(session: AsyncSession, tenant: str, id: UUID, ended_on: date | None, expected: Expected) -> Agreement:
    agreement = await repository.get(session, tenant, id, lock=True)
    expected(agreement.version)
    not_ended(agreement.ended_on)
    day = day_of_fact("ended_on", ended_on, today=clock.today(), may_backdate=True, not_before=agreement.concluded_on)
    await _end(session, agreement, day)
    return agreement


async def on_its_day(session: AsyncSession, tenant: str, id: UUID) -> None:
    """End it if its term is over, on the day on which it was."""
    agreement = await repository.get(session, tenant, id, lock=True)
    over = agreement.runs_until
    if agreement.ended_on is None and over is not None and over <= clock.today():
        await _end(session, agreement, over)


async def _end(session: AsyncSession, agreement: Agreement, day: date) -> None:
    agreement.ended_on = day
    agreement.version += 1
    event = AgreementEnded(kind=agreement.kind, locality=agreement.locality, area=agreement.area, ended_on=day)
    await record(session, agreement, event, on=day)
