"""The one event with a person in it: where to reach somebody, on the restricted, compacted topic `contacts`."""

from typing import Annotated

from pydantic import Field

from shared.events.envelope import Event
from shared.events.notify import MessageChannel
from shared.events.words import Language


class ContactShared(Event):
    """Somebody has asked for something and said where an answer reaches them.

    True from the moment they said so; a later event with the same subject replaces it, and a tombstone (a record with
    this key and no value) erases it: whoever reads this topic must then forget it within a day.
    Do not conclude that the address works, that it belongs to whoever gave it, or that anything else may be sent to it
    than the answer that was asked for. Only the service that sends messages may read this topic.
    """

    TYPE = "kompas.contacts.contact.shared.v1"
    TOPIC = "contacts"
    SUBJECT = "id of the contact"

    name: str = Field(min_length=1, max_length=200, description="As given.", examples=["Åse Sørensen"])
    email: Annotated[
        str,
        Field(
            pattern=r"^[^@\s]+@[^@\s]+$", max_length=254, description="An e-mail address.", examples=["aase@example.dk"]
        ),
    ]
    phone: str | None = Field(
        None, pattern=r"^\+[1-9][0-9]{3,14}$", description="E.164, with country code.", examples=["+4520123456"]
    )
    language: Language
    manage_url: str | None = Field(
        None,
        max_length=2000,
        description="Where the person can see, change or cancel what they asked for. Whoever holds it may do so.",
        examples=["https://kompas.example/booking/odense/bookings/01870a3c-5d00-7b52-8e77-6f9d1c2b3a40#token"],
    )
    about: str | None = Field(
        None,
        min_length=1,
        max_length=20_000,
        description="What they asked for, or are told of, in public words that a mail may say, perhaps in several "
        "lines; left out where it is private.",
        examples=["Kursus i ledelse af frivillige"],
    )
    prefers: MessageChannel | None = Field(
        None, description="By what they would rather be told what cannot wait; by mail, where it is not said."
    )
