"""What associations, owners and editors are asked and told: surveys, whether their entries still hold, deadlines of
funders, what was decided about their changes."""

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.deliveries import usecases as deliveries
from services.notify.deliveries.rules import Reason, last_day
from shared.events.decisions import Decision, DecisionAnnounced
from shared.events.envelope import Event
from shared.events.freshness import AssuranceLapsed, AssuranceReminded, AssuranceRequested
from shared.events.funding import FundingAnnounced
from shared.events.kpi import SurveyInvited, SurveyReminded, SurveyResponseSubmitted
from shared.events.notify import MessagePurpose
from shared.messaging.consume import Received, id_of

ASSURANCES: dict[type[Event], MessagePurpose] = {
    AssuranceRequested: MessagePurpose.ASSURANCE_REQUEST,
    AssuranceReminded: MessagePurpose.ASSURANCE_REMINDER,
    AssuranceLapsed: MessagePurpose.ASSURANCE_LAPSE,
}
DECISIONS = {
    Decision.APPROVED: MessagePurpose.CHANGE_APPROVAL,
    Decision.RETURNED: MessagePurpose.CHANGE_RETURN,
}


async def survey_invited(session: AsyncSession, received: Received) -> None:
    await deliveries.plan_survey(session, _asked(received), MessagePurpose.SURVEY_INVITATION)


async def survey_reminded(session: AsyncSession, received: Received) -> None:
    await deliveries.plan_survey(session, _asked(received), MessagePurpose.SURVEY_REMINDER)


async def survey_answered(session: AsyncSession, received: Received) -> None:
    """By when it was recorded: the day of an answer may lie before the invitation."""
    event: SurveyResponseSubmitted = received.event
    await deliveries.nothing_left_to_ask(
        session, received.tenant, event.survey_id, event.organisation_id, received.recorded, Reason.ANSWERED
    )


async def survey_closed(session: AsyncSession, received: Received) -> None:
    """What is planned later belongs to the survey as it was opened again: between two subjects there is no order."""
    await deliveries.nothing_left_to_ask(
        session, received.tenant, received.event.survey_id, None, received.recorded, Reason.SURVEY_CLOSED
    )


def _asked(received: Received) -> deliveries.AskedAssociation:
    event: SurveyInvited | SurveyReminded = received.event
    return deliveries.AskedAssociation(
        tenant=received.tenant,
        event_id=received.id,
        invitation_id=id_of(received.subject),
        sequence=received.sequence,
        contact_id=event.contact_id,
        survey_id=event.survey_id,
        organisation_id=event.organisation_id,
        closes_on=event.closes_on,
    )


async def assurance_asked(session: AsyncSession, received: Received) -> None:
    event: AssuranceRequested | AssuranceReminded | AssuranceLapsed = received.event
    await deliveries.plan_letter(session, _letter(received, event.entries), ASSURANCES[type(event)])


async def funding_announced(session: AsyncSession, received: Received) -> None:
    event: FundingAnnounced = received.event
    told = _letter(received, event.deadlines, event.last_day)
    await deliveries.plan_letter(session, told, MessagePurpose.FUNDING_DEADLINES)


async def decision_announced(session: AsyncSession, received: Received) -> None:
    """Once its link opens nothing any more, it is not sent."""
    event: DecisionAnnounced = received.event
    purpose = DECISIONS.get(event.decision)
    if purpose is None:
        return  # A decision that only a newer publisher knows: we have no words for it.
    told = _letter(received, event.changes, last_day(event.expires_at))
    await deliveries.plan_letter(session, told, purpose)


def _letter(received: Received, entries: int, last_day: date | None = None) -> deliveries.DirectoryLetter:
    """`entries`: of how many things it tells."""
    return deliveries.DirectoryLetter(
        tenant=received.tenant,
        event_id=received.id,
        letter_id=id_of(received.subject),
        sequence=received.sequence,
        contact_id=received.event.contact_id,
        entries=entries,
        last_day=last_day,
    )
