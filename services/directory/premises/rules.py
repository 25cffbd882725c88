"""Rules for premises. Pure."""

from shared.errors import Conflict, Text


class PremisesClosed(Conflict):
    slug = "premises-closed"
    title = Text("Lokalet er lukket", "The premises are closed")
