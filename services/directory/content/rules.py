"""Rules for content pages. Pure."""

from shared.errors import Conflict, Text


class SlugTaken(Conflict):
    slug = "slug-taken"
    title = Text("En anden side har allerede den adresse", "Another page already has that address")
