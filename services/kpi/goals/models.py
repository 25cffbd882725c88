"""The receipts behind the numbers, as they are shown. They are written in bulk by the counting."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field

from services.kpi.models import Table
from shared.aggregate import moment


class Evidence(Table, table=True):
    __tablename__ = "evidence"
    tenant: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    goal: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    dimension: str = Field(primary_key=True)
    event_id: UUID = Field(primary_key=True)
    id: UUID
    type: str
    time: datetime = Field(sa_column=moment())
    amount: Decimal
