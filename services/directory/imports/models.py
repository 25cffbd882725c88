"""The tables of imports: a file, its lines, and how a source calls what stands here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.directory.imports.rules import FileFormat, Outcome, Progress, Wish
from services.directory.models import Table, Thing, document
from shared.aggregate import listed, moment
from shared.clock import now


class Import(Thing, table=True):
    __tablename__ = "imports"

    source: str
    format: FileFormat = Field(sa_column=listed(FileFormat))
    headings: list[str] = Field(sa_column=document())
    # One a column of the file: the field it fills, or nothing.
    mapping: list[str | None] = Field(sa_column=document())
    state: Progress = Field(default=Progress.PREVIEWED, sa_column=listed(Progress))
    publish: bool = True
    lines: int
    done: int = 0
    created_at: datetime = Field(default_factory=now, sa_column=moment())
    adopted_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ImportLine(Table, table=True):
    __tablename__ = "import_lines"

    tenant: str
    import_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    cells: list[str] = Field(sa_column=document())
    label: str
    outcome: Outcome = Field(sa_column=listed(Outcome))
    decision: Wish | None = Field(default=None, sa_column=listed(Wish, nullable=True))
    same_as: UUID | None = None
    score: int | None = None
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_column=document())
    organisation_id: UUID | None = None
    activity_id: UUID | None = None
    premises_id: UUID | None = None
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ImportIdentity(Table, table=True):
    __tablename__ = "import_identities"

    tenant: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    thing_id: UUID
