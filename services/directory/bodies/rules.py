"""Rules for bodies. Pure."""

from shared.errors import Conflict, Text


class BodyKnown(Conflict):
    slug = "body-known"
    title = Text("Der er allerede et organ med det navn", "There is a body of that name already")


class BodyDissolved(Conflict):
    slug = "body-dissolved"
    title = Text("Organet er nedlagt", "The body has been dissolved")
