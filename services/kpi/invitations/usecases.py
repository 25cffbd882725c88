"""What happens to invitations: associations are asked, reminded and forgotten, and answer by their link."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.invitations import repository, rules
from services.kpi.invitations.models import Invitation
from services.kpi.invitations.rules import Asking, PassedOver
from services.kpi.invitations.schemas import (
    AskedAssociation,
    GivenAnswers,
    InvitationsMade,
    Invited,
    NewInvitation,
    NotReminded,
    Reminded,
)
from services.kpi.members import repository as members
from services.kpi.surveys import repository as surveys
from services.kpi.surveys import usecases as asking
from services.kpi.surveys.models import Survey, SurveyState
from services.kpi.surveys.schemas import NewResponse, QuestionAnswer
from shared.aggregate import record
from shared.auth import Principal, Role
from shared.clock import DANISH, now
from shared.errors import Invalid, NotFound
from shared.events.kpi import SurveyInvited, SurveyReminded
from shared.ids import uuid7
from shared.links import hashed, new_token, opens
from shared.messaging.outbox import erase_contact, share_contact


async def invite(session: AsyncSession, survey: Survey, wanted: Invited, public_url: str) -> InvitationsMade:
    """Ask associations to answer; who is listed is mailed a link of its own. `survey` is locked.

    An association that was invited before and is listed again gets a new link, and the one it had works no longer.
    """
    if not asking.takes_answers(survey):
        raise asking.NotOpen
    listed = {each.organisation_id: each for each in wanted.invitations}
    everybody = dict.fromkeys([*listed, *(await _members(session, survey) if wanted.members else ())])
    known = {each.organisation_id: each for each in await repository.of_survey(session, survey, everybody)}
    for organisation_id in everybody:
        invitation = known.get(organisation_id)
        if invitation is None:
            invitation = Invitation(tenant=survey.tenant, survey_id=survey.id, organisation_id=organisation_id)
            session.add(invitation)
        elif organisation_id in listed:
            invitation.version += 1
        if organisation_id in listed:
            await _write_to(session, survey, invitation, listed[organisation_id], public_url)
    await _count(session, survey)
    return InvitationsMade(
        invited=survey.invited or 0,
        mailed=len(listed),
        without_address=await repository.without_address(session, survey),
    )


async def _members(session: AsyncSession, survey: Survey) -> Sequence[UUID]:
    found = await members.associations(session, survey.tenant)
    if not found:
        raise Invalid.field("members", "registret har ingen medlemsforeninger", "the register has no associations")
    return found


async def _write_to(
    session: AsyncSession, survey: Survey, invitation: Invitation, new: NewInvitation, public_url: str
) -> None:
    if invitation.email != new.email:  # Nobody at this address was reminded of anything.
        invitation.reminders, invitation.reminded_at = 0, None
    token = new_token()
    invitation.token_hash = hashed(token)
    invitation.name, invitation.email, invitation.language = new.name, new.email, new.language
    invitation.contact_id = invitation.contact_id or uuid7()
    invitation.invited_at = now()
    await share_contact(
        session,
        tenant=survey.tenant,
        contact_id=invitation.contact_id,
        name=new.name,
        email=new.email,
        language=new.language,
        manage_url=f"{public_url.rstrip('/')}/kpi/{survey.tenant}/answer#{invitation.id}.{token}",
    )
    await record(session, invitation, SurveyInvited(**_told(survey, invitation)))


async def remind(session: AsyncSession, survey: Survey, organisations: Sequence[UUID] | None) -> Reminded:
    """By hand: these associations, or all who have not answered. `survey` is locked, so nobody answers meanwhile."""
    if not asking.takes_answers(survey):
        raise asking.NotOpen
    found = {each.organisation_id: each for each in await repository.of_survey(session, survey, organisations)}
    answered = await repository.answered_by(session, survey)
    reminded, passed_over = [], []
    for organisation_id in found if organisations is None else dict.fromkeys(organisations):
        invitation = found.get(organisation_id)
        why = rules.why_not(_asking(invitation, answered), _day(now())) if invitation else PassedOver.NOT_INVITED
        if invitation and why is None:
            await _remind(session, survey, invitation)
            reminded.append(organisation_id)
        elif why:
            passed_over.append(NotReminded(organisation_id=organisation_id, why=why))
    await session.flush()
    return Reminded(reminded=reminded, passed_over=passed_over)


async def tend(session: AsyncSession, survey: Survey) -> None:
    """What time asks for: close after the last day, remind before it, forget long after. `survey` is locked."""
    at = now()
    if survey.state is SurveyState.CLOSED:
        if survey.closed_at and survey.closed_at < at - rules.KEEP_ADDRESSES_FOR:
            await _forget(session, survey)
    elif survey.state is SurveyState.OPEN and not asking.takes_answers(survey):
        await asking.close(session, survey)
    elif survey.state is SurveyState.OPEN:
        answered = await repository.answered_by(session, survey)
        for each in await repository.of_survey(session, survey):
            asked, local = _asking(each, answered), at.astimezone(DANISH)
            if rules.reminder_is_due(asked, survey.closes_on, survey.remind_days_before, local):
                await _remind(session, survey, each)
    await session.flush()


async def withdraw(session: AsyncSession, survey: Survey, invitation_id: UUID) -> None:
    """Its link works no longer and its address is forgotten everywhere; an answer that was given stays."""
    invitation = await repository.get(session, survey.tenant, invitation_id)
    if invitation.survey_id != survey.id:
        raise NotFound
    if invitation.contact_id:
        await erase_contact(session, tenant=survey.tenant, contact_id=invitation.contact_id)
    await repository.remove(session, invitation)
    await _count(session, survey)


async def held_by(session: AsyncSession, tenant: str, invitation_id: UUID, token: str) -> Invitation:
    """The invitation that this link is of. A wrong link learns as little as one that never was."""
    invitation = await repository.get(session, tenant, invitation_id)
    if not opens(token, invitation.token_hash):
        raise NotFound
    return invitation


async def show(session: AsyncSession, invitation: Invitation) -> AskedAssociation:
    survey = await surveys.get(session, invitation.tenant, invitation.survey_id)
    given = await surveys.answer_given(session, survey, invitation.organisation_id)
    return AskedAssociation(
        title=survey.title,
        name=invitation.name,
        language=invitation.language,
        open=asking.takes_answers(survey),
        closes_on=survey.closes_on,
        questions=[
            QuestionAnswer.model_validate(each) for each in await surveys.questions(session, survey.tenant, survey.id)
        ],
        answers=given and given.answers,
        answered_on=given and given.answered_on,
    )


async def answer(session: AsyncSession, invitation: Invitation, given: GivenAnswers) -> None:
    """As the association itself does it with a token; the newest answer counts until the survey closes."""
    who = Principal(invitation.tenant, Role.ASSOCIATION, f"invitation/{invitation.id}", invitation.organisation_id)
    response = NewResponse(organisation_id=invitation.organisation_id, answers=given.answers)
    await asking.answer(session, invitation.tenant, invitation.survey_id, response, who)


async def _remind(session: AsyncSession, survey: Survey, invitation: Invitation) -> None:
    invitation.reminders += 1
    invitation.reminded_at = now()
    invitation.version += 1
    await record(session, invitation, SurveyReminded(**_told(survey, invitation)))


async def _forget(session: AsyncSession, survey: Survey) -> None:
    """The link goes on showing the association what it answered."""
    for each in await repository.of_survey(session, survey):
        if each.contact_id:
            await erase_contact(session, tenant=survey.tenant, contact_id=each.contact_id)
            each.email = each.contact_id = None
            each.version += 1


async def _count(session: AsyncSession, survey: Survey) -> None:
    """As many are invited as there are invitations."""
    await session.flush()
    survey.invited = await repository.count(session, survey) or None
    survey.version += 1
    session.add(survey)
    await session.flush()


def _told(survey: Survey, invitation: Invitation) -> dict[str, object]:
    return {
        "survey_id": survey.id,
        "survey": survey.slug,
        "organisation_id": invitation.organisation_id,
        "contact_id": invitation.contact_id,
        "closes_on": survey.closes_on,
    }


def _asking(invitation: Invitation, answered: set[UUID]) -> Asking:
    return Asking(
        has_address=invitation.contact_id is not None,
        answered=invitation.organisation_id in answered,
        invited_on=_day(invitation.invited_at),
        reminded_on=_day(invitation.reminded_at) if invitation.reminded_at else None,
        reminders=invitation.reminders,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(DANISH).date()
