"""Mails as people read them: which words, in which language, and what they never say."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_time
from icalendar.enums import STATUS
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notify.contacts.models import Contact
from services.notify.deliveries.models import Delivery
from services.notify.deliveries.rules import language_of, last_day
from services.notify.deliveries.seasons import Season
from shared.clock import DANISH, now
from shared.events.notify import MessageChannel, MessagePurpose
from shared.icalendars import Entry, invitation, uid_of

# What an entry is called where nothing more may be said of it: a meeting; a room.
SUMMARIES = {False: {"da": "Møde", "en": "Meeting"}, True: {"da": "Lokale", "en": "Room"}}
OF_A_ROOM = frozenset(purpose for purpose in MessagePurpose if purpose.startswith("booking_"))
LOCALES = {"da": "da_DK", "en": "en_GB"}


class AddressInvalid(Exception):
    """No mail can be written to what was given as an address."""


def write(delivery: Delivery, contact: Contact, sender: Address) -> EmailMessage:
    """The mail. Who writes it again after a crash writes the same Message-ID, by which mail systems know it.

    Mail is read over shoulders, so it says that there is an appointment or a survey, and never with whom or about
    what: that is behind the link.
    """
    language = language_of(contact.language)
    text = (
        templates()
        .get_template(f"{delivery.purpose}.{language}.txt")
        .render(
            when=_when(delivery, LOCALES[language]) if delivery.says_when else None,
            season=Season.read(delivery.season).lines(LOCALES[language]) if delivery.season else None,
            where=delivery.locality if delivery.says_when else None,
            until=format_date(last_day(delivery.ends_at), "full", LOCALES[language]) if delivery.ends_at else None,
            about=contact.about if delivery.says_when or delivery.entries else None,
            entries=delivery.entries,
            answer_by=(until := told_until(delivery)) and _moment(until, LOCALES[language]),
            manage_url=contact.manage_url,
            sender=sender.display_name,
        )
    )
    subject, _, body = text.partition("\n")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _recipient(contact.email)
    message["Subject"] = subject
    message["Date"] = now().astimezone(DANISH)
    message["Message-ID"] = f"<{name_of(delivery)}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note comes back for it.
    message["Content-Language"] = language
    message.set_content(body.strip() + "\n", cte="8bit")
    if written := _invitation(delivery, contact, sender, language):
        # Beside the text, not attached to it: mail programs then offer to put it into the calendar (RFC 6047).
        message.add_alternative(written, subtype="calendar", params={"method": delivery.calendar_method}, cte="8bit")
    return message


def _invitation(delivery: Delivery, contact: Contact, sender: Address, language: str) -> str | None:
    """Under the UID that the public calendar has for it, so that nobody has it twice."""
    if delivery.calendar_method is None or delivery.entry_id is None or delivery.revision is None:
        return None
    starts_at, ends_at = time_of(delivery)
    cancelled = delivery.calendar_method == "CANCEL"
    entry = Entry(
        uid=uid_of(delivery.tenant, delivery.entry_id),
        sequence=delivery.revision,
        starts_at=starts_at,
        ends_at=ends_at,
        summary=contact.about or SUMMARIES[delivery.purpose in OF_A_ROOM][language],
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
        location=delivery.locality,
    )
    return invitation(entry, "CANCEL" if cancelled else "REQUEST", sender, contact.email)


def name_of(delivery: Delivery, channel: MessageChannel | None = None) -> str:
    """The message's name everywhere outside: made of what it is about, not of when we came to send it."""
    return f"{delivery.event_id}.{channel or delivery.channel}"


def _recipient(email: str) -> Address:
    try:
        local, _, domain = email.rpartition("@")
        return Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except Exception:  # The standard library raises many things here, and all of them quote the address.
        raise AddressInvalid from None


def _when(delivery: Delivery, locale: str) -> str:
    start, end = (at.astimezone(DANISH) for at in time_of(delivery))
    clock = " kl. " if locale == "da_DK" else ", "
    written = format_date(start, "full", locale) + clock + format_time(start, "short", locale=locale) + "–"
    if start.date() != end.date():
        written += format_date(end, "full", locale) + clock
    return written + format_time(end, "short", locale=locale)


def told_until(delivery: Delivery) -> datetime | None:
    """By when to answer; not where that would tell when a conversation begins."""
    until, begins = delivery.answer_by, delivery.starts_at
    return None if until and begins and until >= begins and not delivery.says_when else until


def time_of(delivery: Delivery) -> tuple[datetime, datetime]:
    if delivery.starts_at is None or delivery.ends_at is None:
        raise ValueError("only what has a time can say when")
    return delivery.starts_at, delivery.ends_at


def _moment(at: datetime, locale: str) -> str:
    danish = at.astimezone(DANISH)
    clock = " kl. " if locale == "da_DK" else ", "
    return format_date(danish, "full", locale) + clock + format_time(danish, "short", locale=locale)


@cache
def templates() -> Environment:
    # Plain text: there is nothing to escape, and a placeholder without a value is a mistake.
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
