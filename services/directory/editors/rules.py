"""Rules for editor links. Pure."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Conflict, Text

# Long enough to come back to a half-written entry, short enough that an old mail opens nothing.
LINKS_LAST = timedelta(days=30)
# Whoever asks for a link again and again gets one mail an hour.
ASK_AGAIN_AFTER = timedelta(hours=1)


class NoEditor(Conflict):
    slug = "no-editor"
    title = Text("Kun en redaktør kan få et link", "Only an editor can be sent a link")


def parts_of(written: str) -> tuple[UUID, str] | None:
    """`<id of the link>.<token>`, as it stands behind the # of the mail's address."""
    id, _, token = written.partition(".")
    try:
        return UUID(id), token
    except ValueError:
        return None


def holds(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    return revoked_at is None and now < expires_at
