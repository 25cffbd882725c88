"""What every table of booking has in common."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.aggregate import Aggregate


class Table(SQLModel, registry=registry()):
    """Base of this service's tables. A registry of its own: another service in this process may use the same names."""


class Thing(Aggregate, Table):
    """Base of its aggregates."""
