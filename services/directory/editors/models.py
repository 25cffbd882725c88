"""The editor links' table: who may edit an organisation's entries by a link, and until when."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.directory.models import Thing
from shared.aggregate import moment


class EditorLink(Thing, table=True):
    __tablename__ = "editor_links"

    organisation_id: UUID
    contact_role_id: UUID
    # Where it was mailed to: an id of its own, so that no other mail to the same person takes its link along.
    contact_id: UUID | None
    token_hash: bytes
    made_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
