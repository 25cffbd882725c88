"""Editor links as they are asked for and answered. The link itself is in the mail and nowhere else."""

from datetime import datetime
from uuid import UUID

from shared.inputs import Address
from shared.validation import Answer, Body


class Asked(Body):
    """The address of an editor, in the body because addresses have no business in a URL."""

    email: Address


class LinkAnswer(Answer):
    id: UUID
    organisation_id: UUID
    contact_role_id: UUID
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class Links(Answer):
    """Those that open something; there are never so many that they need pages."""

    items: list[LinkAnswer]
