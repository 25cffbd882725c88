"""What people read, and what they never do."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest

from services.notify.contacts.models import Contact
from services.notify.deliveries.letters import AddressInvalid, write
from services.notify.deliveries.models import Delivery
from services.notify.deliveries.rules import State
from services.notify.deliveries.seasons import Season
from services.notify.settings import NotifySettings
from shared.events.notify import MessageChannel, MessagePurpose

SENDER = Address("Frivilligcenter Ærø", addr_spec="kompas@example.dk")
LINK = "https://kompas.example/booking/odense/manage#01870a3c-5d00-7b52-8e77-6f9d1c2b3a40.t0ken"
CONFIRMATION, CANCELLATION = MessagePurpose.BOOKING_CONFIRMATION, MessagePurpose.BOOKING_CANCELLATION
INVITATION, REMINDER = MessagePurpose.SURVEY_INVITATION, MessagePurpose.SURVEY_REMINDER


def reached(email: str, language: str, manage_url: str | None) -> Contact:
    return Contact(
        tenant="odense", id=UUID(int=1), email=email, prefers=MessageChannel.EMAIL, language=language,
        manage_url=manage_url,
    )  # fmt: skip


def letter(
    purpose: MessagePurpose = CONFIRMATION,
    *,
    language: str = "da",
    email: str = "amina@example.com",
    room: bool = False,
    manage_url: str | None = LINK,
    day: datetime = datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    season: Season | None = None,
) -> EmailMessage:
    delivery = Delivery(
        tenant="odense",
        event_id=UUID("01870a3c-5d10-7c3e-9b1f-0a4c5e8d2f11"),
        contact_id=UUID(int=1),
        channel=MessageChannel.EMAIL,
        purpose=purpose,
        subject_id=UUID(int=2),
        sequence=2,
        says_when=room,
        starts_at=day,
        ends_at=day.replace(hour=day.hour + 1),
        locality="Vollsmose",
        season=season.model_dump(mode="json") if season else None,
        state=State.PENDING,
        reason=None,
        created_at=day,
        due_at=day,
        finished_at=None,
    )
    return write(delivery, reached(email, language, manage_url), SENDER)


@pytest.mark.parametrize(
    ("purpose", "language", "subject"),
    [
        (CONFIRMATION, "da", "Din aftale er bekræftet"),
        (CANCELLATION, "da", "Din aftale er aflyst"),
        (CONFIRMATION, "en", "Your appointment is confirmed"),
        (CANCELLATION, "ar", "Your appointment is cancelled"),
        (MessagePurpose.BOOKING_RESCHEDULE, "da", "Din aftale er flyttet"),
        (MessagePurpose.BOOKING_RESCHEDULE, "en", "Your appointment has moved"),
    ],
)
def test_the_subject_says_no_more_than_what_happened(purpose: MessagePurpose, language: str, subject: str) -> None:
    mail = letter(purpose, language=language)

    assert mail["Subject"] == subject
    assert subject + "." in mail.get_content()


@pytest.mark.parametrize("purpose", [CONFIRMATION, CANCELLATION])
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_conversation_s_mail_holds_a_link_and_neither_time_nor_place(purpose: MessagePurpose, language: str) -> None:
    text = letter(purpose, language=language).get_content()

    assert LINK in text
    assert not any(word in text for word in ("Vollsmose", "oktober", "October", "2026", "kl.", "Sted", "Place"))
    assert text.startswith(("Hej\n\n", "Hello\n\n"))
    assert "\n\n\n" not in text


def test_a_room_s_mail_says_when_and_where_on_a_danish_clock_also_in_the_night_that_has_an_hour_twice() -> None:
    text = letter(room=True).get_content()

    assert "Tid: søndag den 25. oktober 2026 kl. 02.30–02.30\n" in text
    assert "Sted: Vollsmose\n" in text


def test_a_room_s_mail_in_english_has_an_english_date() -> None:
    text = letter(room=True, language="en", day=datetime(2026, 3, 2, 9, tzinfo=UTC)).get_content()

    assert "Time: Monday" in text
    assert "2 March 2026, 10:00–11:00\n" in text


@pytest.mark.parametrize(
    ("purpose", "language", "subject", "until"),
    [
        (INVITATION, "da", "Spørgsmål til jeres forening", "I kan svare til og med søndag den 25. oktober 2026.\n"),
        (REMINDER, "da", "Påmindelse: spørgsmål til jeres forening", "til og med søndag den 25. oktober 2026.\n"),
        (INVITATION, "en", "Questions for your association", "up to and including Sunday"),
        (REMINDER, "uk", "Reminder: questions for your association", "up to and including Sunday"),
    ],
)
def test_a_survey_s_mail_says_by_when_and_has_the_link(
    purpose: MessagePurpose, language: str, subject: str, until: str
) -> None:
    # The last day is over when the clock, which was put back in the night before, strikes midnight.
    mail = survey_letter(purpose, language, datetime(2026, 10, 25, 23, tzinfo=UTC))

    assert mail["Subject"] == subject
    assert until in mail.get_content()
    assert LINK in mail.get_content()
    assert "\n\n\n" not in mail.get_content()


def test_a_survey_without_a_last_day_names_none() -> None:
    assert "til og med" not in survey_letter(INVITATION, "da", None).get_content()


def survey_letter(purpose: MessagePurpose, language: str, ends_at: datetime | None) -> EmailMessage:
    delivery = Delivery(
        tenant="odense",
        event_id=UUID("01870a3c-5d10-7c3e-9b1f-0a4c5e8d2f11"),
        contact_id=UUID(int=1),
        channel=MessageChannel.EMAIL,
        purpose=purpose,
        subject_id=UUID(int=2),
        sequence=1,
        survey_id=UUID(int=3),
        organisation_id=UUID(int=4),
        says_when=False,
        ends_at=ends_at,
        state=State.PENDING,
        reason=None,
        created_at=datetime(2026, 10, 1, tzinfo=UTC),
        due_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    return write(delivery, reached("b@example.com", language, LINK), SENDER)


def test_a_mail_without_a_link_is_whole() -> None:
    text = letter(manage_url=None).get_content()

    assert "http" not in text
    assert (
        text == "Hej\n\nDin aftale er bekræftet.\n\nVenlig hilsen\nFrivilligcenter Ærø\n\nMailen er sendt automatisk.\n"
    )


def test_the_headers_are_those_of_an_automatic_mail_that_can_be_told_apart_from_no_copy_of_it() -> None:
    first, again = letter(), letter()

    assert first["Message-ID"] == again["Message-ID"] == "<01870a3c-5d10-7c3e-9b1f-0a4c5e8d2f11.email@example.dk>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["From"] == "Frivilligcenter Ærø <kompas@example.dk>"
    assert first["To"] == "amina@example.com"


def test_an_address_in_a_danish_domain_is_written_as_the_net_knows_it() -> None:
    assert letter(email="aase@ø.dk")["To"] == "aase@xn--pda.dk"


@pytest.mark.parametrize(
    "email", ["a b@example.com", "a@b@example.com", "a,b@example.com", "<a>@example.com", "a@", "a"]
)
def test_what_is_no_address_is_refused_without_repeating_it(email: str) -> None:
    with pytest.raises(AddressInvalid) as refusal:
        letter(email=email)

    assert str(refusal.value) == ""


@pytest.mark.parametrize("mail_from", ["", "Frivilligcentret", "kompas@", "a@b, c@d"])
def test_a_sender_that_is_no_address_does_not_start(mail_from: str) -> None:
    with pytest.raises(ValueError, match="mail_from"):
        NotifySettings(database_url="", mail_from=mail_from)


def weekly(**fields: Any) -> Season:
    """Mondays at ten in Denmark, from winter through summer into winter; Easter Monday and a day that was taken not."""
    decided: dict[str, Any] = {
        "starts_at": "2027-02-01T09:00:00Z",
        "first_ends_at": "2027-02-01T11:00:00Z",
        "ends_at": "2027-11-29T11:00:00Z",
        "weekdays": [1],
        "booked": 42,
        "confirmed": 42,
        "refusals": [
            {"starts_at": "2027-03-29T08:00:00Z", "cause": "not_open"},
            {"starts_at": "2027-10-25T08:00:00Z", "cause": "taken"},
        ],
    }
    return Season.read(decided | fields)


def test_a_season_s_mail_says_on_which_days_at_which_danish_clock_and_why_not_some_of_them() -> None:
    text = letter(MessagePurpose.SERIES_DECISION, room=True, season=weekly()).get_content()

    assert (
        "Ugedag: mandag\nTid: kl. 10.00–12.00\nFra: mandag den 1. februar 2027\nTil: mandag den 29. november 2027\n"
        "Sted: Vollsmose\nBekræftet: 42 af 44\n\nDem kunne du ikke få:\n"
        "- mandag den 29. marts 2027: ikke åbent for booking\n- mandag den 25. oktober 2027: optaget\n\nSe, hvilke"
    ) in text
    assert "\n\n\n" not in text


def test_a_season_s_mail_in_english_names_its_weekdays_and_what_still_waits() -> None:
    season = weekly(weekdays=[1, 4, 7], confirmed=0, refusals=[])

    text = letter(MessagePurpose.SERIES_DECISION, language="en", room=True, season=season).get_content()

    assert "Weekday: Monday, Thursday and Sunday\nTime: 10:00–12:00\nFrom: Monday, 1 February 2027\n" in text
    assert "Confirmed: 0 of 42\nWaiting for an answer: 42\n\nSee which" in text


def test_a_season_that_begins_in_summer_ends_at_the_same_clock_in_winter() -> None:
    season = weekly(
        starts_at="2027-06-07T20:30:00Z", first_ends_at="2027-06-07T23:00:00Z", ends_at="2027-11-30T00:00:00Z"
    )

    text = letter(MessagePurpose.SERIES_DECISION, room=True, season=season).get_content()

    assert "Tid: kl. 22.30–01.00\nFra: mandag den 7. juni 2027\nTil: mandag den 29. november 2027\n" in text


@pytest.mark.parametrize("cause", ["no_such_time", "quota_used", "not_open_to_you", "other", "of_tomorrow"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_cause_has_words(cause: str, language: str) -> None:
    season = weekly(refusals=[{"starts_at": "2027-03-29T08:00:00Z", "cause": cause}])

    text = letter(MessagePurpose.SERIES_DECISION, language=language, room=True, season=season).get_content()

    assert cause not in text.replace("other", "")
    assert "2027: " in text


def test_a_conversation_s_season_is_answered_without_a_time() -> None:
    text = letter(MessagePurpose.SERIES_DECISION).get_content()

    assert not any(word in text for word in ("Ugedag", "Tid:", "Sted", "2026", "Bekræftet"))
