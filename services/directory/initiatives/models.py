"""The initiatives' tables: what is done together, and who does it."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, Relationship

from services.directory.models import Table, Thing


class InitiativePartner(Table, table=True):
    __tablename__ = "initiative_partners"

    tenant: str
    initiative_id: UUID = Field(primary_key=True, foreign_key="initiatives.id")
    organisation_id: UUID = Field(primary_key=True)


class Initiative(Thing, table=True):
    __tablename__ = "initiatives"

    title: str
    area: str | None = None
    started_on: date
    ended_on: date | None = None
    partners: list[InitiativePartner] = Relationship(sa_relationship_kwargs={"lazy": "selectin"})

    @property
    def partner_ids(self) -> list[UUID]:
        return [partner.organisation_id for partner in self.partners]
