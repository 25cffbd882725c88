"""Mails about surveys: an association is asked and reminded, and not once there is nothing left to ask."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine

from shared.clock import now, today
from shared.events.contacts import ContactShared
from shared.events.envelope import Event
from shared.events.kpi import SurveyClosed, SurveyInvited, SurveyReminded, SurveyResponseSubmitted
from shared.ids import uuid7
from tests.service.notify.centre import Centre
from tests.service.notify.office import MailServer, Office

SLUG = "tal-fra-din-forening-2026"
INVITED, REMINDED = "Spørgsmål til jeres forening", "Påmindelse: spørgsmål til jeres forening"
LINK = "https://kompas.example/kpi/odense/answer#1.t0ken"
CHESS = ContactShared(name="Bolbro Skakklub", email="skak@example.dk", language="da", manage_url=LINK)


class Asked:
    """An association's invitation to a survey, as events tell of it."""

    def __init__(self, survey: UUID | None = None, closes_on: date | None = None) -> None:
        self.survey, self.organisation, self.contact, self.id = survey or uuid7(), uuid7(), uuid7(), uuid7()
        self.closes_on = closes_on

    def told(self, kind: type[Event] = SurveyInvited) -> Event:
        return kind.model_validate(
            {
                "survey_id": self.survey,
                "survey": SLUG,
                "organisation_id": self.organisation,
                "contact_id": self.contact,
                "closes_on": self.closes_on,
            }
        )

    def answered(self) -> Event:
        return SurveyResponseSubmitted(
            survey_id=self.survey,
            survey=SLUG,
            organisation_id=self.organisation,
            answers={"new_volunteers": 4},
            answered_on=today(),
        )

    def closed(self) -> Event:
        return SurveyClosed(survey_id=self.survey, survey=SLUG)


async def test_an_invitation_and_a_reminder_are_sent_in_order_with_the_link_of_the_association(office: Office) -> None:
    asked = Asked(closes_on=today())
    await office.hears(asked.told(SurveyReminded), asked.id, sequence=2)
    again = uuid7()
    for _ in range(2):
        await office.hears(asked.told(SurveyReminded), asked.id, sequence=3, id=again)
    await office.hears(CHESS, asked.contact)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == [REMINDED, REMINDED]
    for mail in server.mails:
        assert mail["To"] == CHESS.email
        assert LINK in mail.get_content()
        assert "Bolbro" not in mail.as_string() + mail.get_content()
    sent = {"channel": "email", "purpose": "survey_reminder"}
    assert await office.facts() == [("message.sent", sent), ("message.sent", sent)]


async def test_an_invitation_that_is_heard_after_its_reminder_is_not_sent_after_it(office: Office) -> None:
    asked = Asked()
    await office.hears(CHESS, asked.contact)
    await office.hears(asked.told(SurveyReminded), asked.id, sequence=2)
    await office.hears(asked.told(), asked.id, sequence=1)

    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == [REMINDED]
    assert await office.states() == [("sent", None), ("suppressed", "overtaken")]


async def test_what_waits_is_dropped_when_the_association_has_answered_and_nobody_else_s_is(office: Office) -> None:
    first = Asked()
    second = Asked(first.survey)
    for asked in (first, second):
        await office.hears(asked.told(SurveyReminded), asked.id)
    await office.hears(first.answered(), uuid7(), said_at=now())

    for asked in (first, second):
        await office.hears(CHESS, asked.contact)
    async with MailServer().running() as server:
        await office.sends(server.smtp())

    assert server.subjects() == [REMINDED]
    assert await office.states() == [("suppressed", "answered"), ("sent", None)]


async def test_a_closed_survey_asks_nobody_and_one_that_was_opened_again_does(office: Office) -> None:
    before = Asked()
    await office.hears(before.told(), before.id)
    closed_at = now()
    after = Asked(before.survey)
    await office.hears(after.told(), after.id)
    await office.hears(before.closed(), before.survey, said_at=closed_at)

    assert await office.states() == [("suppressed", "survey_closed"), ("pending", None)]


async def test_after_the_last_day_nothing_is_sent(office: Office) -> None:
    asked = Asked(closes_on=today())
    await office.hears(asked.told(), asked.id)
    await office.hears(CHESS, asked.contact)

    async with MailServer().running() as server:
        with time_machine.travel(now() + timedelta(days=1)):
            await office.sends(server.smtp())

    assert server.mails == []
    assert await office.states() == [("suppressed", "too_late")]


@pytest.mark.parametrize("asks", ["survey_id", "booking_id"])
async def test_staff_find_a_survey_s_mails_by_the_survey(office: Office, centre: Centre, asks: str) -> None:
    asked = Asked()
    await office.hears(asked.told(), asked.id)

    about = {"survey_id": asked.survey, "booking_id": asked.id}[asks]
    found = (await centre.get("deliveries", centre.staff, **{asks: about})).json()["items"]

    assert [(each["booking_id"], each["organisation_id"], each["purpose"]) for each in found] == (
        [(None, str(asked.organisation), "survey_invitation")] if asks == "survey_id" else []
    )
