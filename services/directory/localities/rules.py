"""Rules for localities. Pure."""

from shared.errors import Conflict, Text


class LocalityKnown(Conflict):
    slug = "locality-known"
    title = Text("Stedet findes allerede", "The place is known already")
