"""The contacts' table: no more of a person than a message needs. Names are not kept, a telephone number only of whoever
prefers text messages."""

from uuid import UUID

from sqlmodel import Field

from services.notify.models import Table
from shared.aggregate import listed
from shared.events.notify import MessageChannel


class Contact(Table, table=True):
    __tablename__ = "contacts"

    tenant: str
    id: UUID = Field(primary_key=True)
    email: str
    phone: str | None = None
    prefers: MessageChannel = Field(MessageChannel.EMAIL, sa_column=listed(MessageChannel))
    language: str
    manage_url: str | None = None
    # What they asked for, where a mail may say it.
    about: str | None = None
