"""The contacts' table: no more of a person than a mail needs. Names and telephone numbers are not kept."""

from uuid import UUID

from sqlmodel import Field

from services.notify.models import Table


class Contact(Table, table=True):
    __tablename__ = "contacts"

    tenant: str
    id: UUID = Field(primary_key=True)
    email: str
    language: str
    manage_url: str | None = None
    # What they asked for, where a mail may say it.
    about: str | None = None
