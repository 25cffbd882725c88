"""Text messages as people read them: short enough for a telephone, and as silent as a mail about what is private."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from babel.dates import format_date, format_time

from services.notify.contacts.models import Contact
from services.notify.deliveries.letters import LOCALES, templates, time_of, told_until
from services.notify.deliveries.models import Delivery
from services.notify.deliveries.rules import language_of
from shared.clock import DANISH, now

# 3GPP TS 23.038: the letters that take one place of a message in its own alphabet, and those that take two.
ONE_PLACE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_PLACES = frozenset("^{}\\[~]|€\f")
# What typography prefers, and what that alphabet has instead.
PLAIN = str.maketrans({"–": "-", "—": "-", "\xa0": " ", "\u202f": " ", "’": "'", "“": '"', "”": '"', "…": "..."})
# A link alone takes one. More than this is a mail.
MOST_PARTS = 3

Encoding = Literal["GSM-7", "UCS-2"]


class TooLong(Exception):
    """It cannot be said in so few parts."""


@dataclass(frozen=True)
class TextMessage:
    sender: str
    number: str
    words: str
    encoding: Encoding
    # So long it is worth delivering.
    good_for: timedelta


def write(delivery: Delivery, contact: Contact, sender: str) -> TextMessage:
    """As much as fits: first without the title, then without the place, because either may be long or foreign."""
    language = language_of(contact.language)
    locale = LOCALES[language]
    said = {
        "when": _when(delivery, locale) if delivery.says_when else None,
        "answer_by": (until := told_until(delivery)) and _moment(until, locale),
        "manage_url": contact.manage_url,
    }
    where = delivery.locality if delivery.says_when else None
    about = contact.about if delivery.says_when else None
    template = templates().get_template(f"sms/{delivery.purpose}.{language}.txt")
    for title, place in ((about, where), (None, where), (None, None)):
        words = " ".join(template.render(about=title, where=place, **said).translate(PLAIN).split())
        encoding, parts = measured(words)
        if parts <= MOST_PARTS:
            until = delivery.answer_by or delivery.ends_at or now() + timedelta(days=1)
            return TextMessage(sender, contact.phone or "", words, encoding, max(timedelta(minutes=1), until - now()))
    raise TooLong


def measured(words: str) -> tuple[Encoding, int]:
    """In which alphabet it travels, and in how many parts: of 160 places or, where there are several, of 153; of 70 and
    67 where a letter is not in the short one."""
    if all(letter in ONE_PLACE or letter in TWO_PLACES for letter in words):
        return "GSM-7", _parts([2 if letter in TWO_PLACES else 1 for letter in words], 160, 153)
    return "UCS-2", _parts([len(letter.encode("utf-16-be")) // 2 for letter in words], 70, 67)


def _parts(places: list[int], alone: int, together: int) -> int:
    """What takes two places is never torn apart."""
    if sum(places) <= alone:
        return 1
    parts, used = 1, 0
    for each in places:
        if used + each > together:
            parts, used = parts + 1, 0
        used += each
    return parts


def _when(delivery: Delivery, locale: str) -> str:
    start, end = time_of(delivery)
    return f"{_moment(start, locale)}-{format_time(end.astimezone(DANISH), 'short', locale=locale)}"


def _moment(at: datetime, locale: str) -> str:
    danish = at.astimezone(DANISH)
    day = format_date(danish, "EEE d. MMM" if locale == "da_DK" else "EEE d MMM", locale)
    return f"{day} {'kl. ' if locale == 'da_DK' else ''}{format_time(danish, 'short', locale=locale)}"
