"""Whether a centre wants to see what associations change before the public does."""

from sqlmodel import Field

from services.directory.models import Table


class ReviewPolicy(Table, table=True):
    __tablename__ = "review_policies"

    tenant: str = Field(primary_key=True)
    wanted: bool
