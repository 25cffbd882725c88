"""The tables of what associations are told of funders' deadlines: when a centre wants it, and each letter."""

from datetime import date
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.directory.models import Table, Thing
from shared.clock import today


class FundingPolicy(Table, table=True):
    """How many days before a deadline; None: not at all."""

    __tablename__ = "funding_policies"

    tenant: str = Field(primary_key=True)
    first: int | None
    last: int | None


class FundingLetter(Thing, table=True):
    """One letter to one person, who speaks for one association or several."""

    __tablename__ = "funding_letters"

    contact_role_id: UUID
    # How notify knows whom the letter is for; none once it was sent, or will not be.
    contact_id: UUID | None = None
    # What it names. Whatever is moved or removed while the letter may still wait goes out of it.
    deadline_ids: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    # A letter that is written anew has a new link; the one that may be on its way opens the same.
    token_hashes: list[bytes] = Field(sa_column=Column(ARRAY(LargeBinary), nullable=False))
    written_on: date = Field(default_factory=today)
