"""The agreements' tables: who has agreed with the centre on what, where and for how long."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, Relationship

from services.directory.models import Table, Thing
from shared.aggregate import listed
from shared.events.registers import AgreementKind


class AgreementParty(Table, table=True):
    __tablename__ = "agreement_parties"

    tenant: str
    agreement_id: UUID = Field(primary_key=True, foreign_key="agreements.id")
    organisation_id: UUID = Field(primary_key=True)


class Agreement(Thing, table=True):
    __tablename__ = "agreements"

    kind: AgreementKind = Field(sa_column=listed(AgreementKind))
    title: str
    locality: str | None = None
    area: str | None = None
    terms: str = ""
    concluded_on: date
    # The first day without it, as agreed; on that day it ends by itself.
    runs_until: date | None = None
    ended_on: date | None = None
    parties: list[AgreementParty] = Relationship(sa_relationship_kwargs={"lazy": "selectin"})

    @property
    def party_ids(self) -> list[UUID]:
        return [party.organisation_id for party in self.parties]
