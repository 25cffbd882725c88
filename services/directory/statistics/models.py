"""The table of page views by day, and what is added to it. There is no row of a visitor, here or elsewhere."""

from datetime import date
from typing import NamedTuple

from sqlmodel import Field

from services.directory.models import Table


class Seen(NamedTuple):
    """One view, as it is summed up: the visitor is the hash that stands for nobody tomorrow."""

    tenant: str
    site: str
    day: date
    page: str
    unit: str
    visitor: str


class PageDay(Table, table=True):
    """`views` as they came; `visitors` is a sketch of how many different ones; `unit` is empty where none was named."""

    __tablename__ = "page_days"

    tenant: str = Field(primary_key=True)
    site: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    page: str = Field(primary_key=True)
    unit: str = Field(default="", primary_key=True)
    views: int = 0
    visitors: bytes
