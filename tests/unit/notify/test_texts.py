"""Text messages: what they say, what they never say, and how long they may be."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.notify.contacts.models import Contact
from services.notify.deliveries.models import Delivery
from services.notify.deliveries.rules import CANNOT_WAIT, State, channel_for, gives_up_text
from services.notify.deliveries.texts import TextMessage, TooLong, measured, write
from shared.events.notify import MessageChannel, MessagePurpose

LINK = "https://kompas.example/booking/odense/manage#waiting.01870a3c-5d00-7b52-8e77-6f9d1c2b3a40." + "t" * 43
DAY = datetime(2126, 11, 24, 9, tzinfo=UTC)
SMS, EMAIL = MessageChannel.SMS, MessageChannel.EMAIL


def text(
    purpose: MessagePurpose = MessagePurpose.TIME_OFFER,
    *,
    language: str = "da",
    room: bool = True,
    about: str | None = None,
    locality: str = "Åløkke",
    link: str = LINK,
) -> TextMessage:
    delivery = Delivery(
        tenant="odense", event_id=UUID(int=1), contact_id=UUID(int=2), channel=SMS, purpose=purpose,
        subject_id=UUID(int=3), sequence=2, says_when=room, starts_at=DAY, ends_at=DAY + timedelta(hours=1),
        locality=locality, answer_by=DAY - timedelta(hours=20), state=State.PENDING, reason=None, created_at=DAY,
        due_at=DAY,
    )  # fmt: skip
    contact = Contact(
        tenant="odense", id=UUID(int=2), email="amina@example.com", language=language, manage_url=link, about=about,
        phone="+4520123456", prefers=SMS,
    )  # fmt: skip
    return write(delivery, contact, "FC Odense")


def test_an_offer_of_a_room_says_when_where_and_until_when_in_letters_of_the_short_alphabet() -> None:
    assert text().words == (
        f"En tid, du venter på, er blevet ledig: søn. 24. nov. kl. 10.00-11.00, Åløkke. "
        f"Tag den senest lør. 23. nov. kl. 14.00: {LINK}"
    )
    assert text(language="en").words.startswith("A time that you wait for is free: Sun 24 Nov 10:00-11:00, Åløkke. ")
    assert (text().encoding, measured(text().words)) == ("GSM-7", ("GSM-7", 2))


@pytest.mark.parametrize("purpose", sorted(CANNOT_WAIT))
@pytest.mark.parametrize("language", ["da", "en"])
def test_of_a_conversation_it_says_neither_when_nor_where(purpose: MessagePurpose, language: str) -> None:
    words = text(purpose, language=language, room=False, about="Ensomhed").words

    assert LINK in words
    assert not any(word in words for word in ("10.00", "10:00", "24", "Åløkke", "Ensomhed"))


def test_a_foreign_or_long_title_is_left_out_before_the_message_is() -> None:
    short = text(MessagePurpose.SIGNUP_OFFER, about="Kursus i ledelse")
    foreign = text(MessagePurpose.SIGNUP_OFFER, about="Warsztaty w języku polskim")
    far = text(MessagePurpose.SIGNUP_OFFER, about="x" * 200, locality="Łódź")

    assert "Kursus i ledelse" in short.words
    assert ("polskim" in foreign.words, "Åløkke" in foreign.words, foreign.encoding) == (False, True, "GSM-7")
    assert ("Łódź" in far.words, far.encoding, "Der er en plads til dig" in far.words) == (False, "GSM-7", True)


def test_what_does_not_fit_at_all_is_a_mail() -> None:
    with pytest.raises(TooLong):
        text(link="https://kompas.example/" + "x" * 600)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("æøåÆØÅéüñ@" * 16, ("GSM-7", 1)),
        ("a" * 161, ("GSM-7", 2)),
        ("a" * 306, ("GSM-7", 2)),
        ("a" * 307, ("GSM-7", 3)),
        ("€" * 80, ("GSM-7", 1)),
        ("€" * 81, ("GSM-7", 2)),
        ("a" * 152 + "€" + "a" * 152, ("GSM-7", 3)),
        ("ł" * 70, ("UCS-2", 1)),
        ("ł" * 71, ("UCS-2", 2)),
        ("🌻" * 35, ("UCS-2", 1)),
        ("🌻" * 36, ("UCS-2", 2)),
    ],
)
def test_how_many_parts_it_takes(words: str, expected: tuple[str, int]) -> None:
    assert measured(words) == expected


@pytest.mark.parametrize(
    ("purpose", "wanted", "before", "state", "attempts", "expected"),
    [
        (MessagePurpose.TIME_OFFER, True, EMAIL, State.PENDING, 0, SMS),
        (MessagePurpose.TIME_OFFER, False, EMAIL, State.PENDING, 0, EMAIL),
        (MessagePurpose.BOOKING_CONFIRMATION, True, EMAIL, State.PENDING, 0, EMAIL),
        (MessagePurpose.TIME_OFFER, True, SMS, State.PENDING, 1, SMS),
        (MessagePurpose.TIME_OFFER, True, SMS, State.SENDING, 1, EMAIL),
        (MessagePurpose.TIME_OFFER, True, EMAIL, State.PENDING, 1, EMAIL),
        (MessagePurpose.TIME_OFFER, False, SMS, State.PENDING, 1, EMAIL),
    ],
    ids=[
        "an offer",
        "nobody wants it",
        "what can wait",
        "put off",
        "fate unknown",
        "left for the mail",
        "switched off",
    ],
)
def test_by_which_way(
    purpose: MessagePurpose, wanted: bool, before: MessageChannel, state: State, attempts: int, expected: MessageChannel
) -> None:
    assert channel_for(purpose, wanted=wanted, before=before, state=state, attempts=attempts) is expected


def test_a_gateway_that_is_away_is_left_for_the_mail_after_ten_minutes() -> None:
    assert not gives_up_text(created_at=DAY, now=DAY + timedelta(minutes=9))
    assert gives_up_text(created_at=DAY, now=DAY + timedelta(minutes=10))
