"""The partners' tables: whose entries are shown here, and how far each partner has told of each of them."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Table, Thing, words
from services.directory.partners.rules import Noun
from shared.aggregate import listed


class Partner(Thing, table=True):
    __tablename__ = "partners"

    # What its events call themselves, such as /faxe/directory.
    source: str
    name: str
    accepts: list[str] = Field(sa_column=words())
    ended_on: date | None = None


class PartnerEntry(Table, table=True):
    __tablename__ = "partner_entries"

    tenant: str = Field(primary_key=True)
    partner_id: UUID = Field(primary_key=True)
    kind: Noun = Field(sa_type=listed(Noun).type, primary_key=True)
    source_id: str = Field(primary_key=True)
    entry_id: UUID
    # The greatest one heard; what comes with a smaller one came late.
    sequence: int
