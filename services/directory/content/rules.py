"""Rules for content pages. Pure."""

from datetime import date

from shared.errors import Conflict, Invalid, Text


class SlugTaken(Conflict):
    slug = "slug-taken"
    title = Text("En anden side har allerede den adresse", "Another page already has that address")


def season(front_from: date | None, front_to: date | None) -> None:
    """A season on the front page has a first and a last day, or there is none."""
    for field, own, other in (("front_from", front_from, front_to), ("front_to", front_to, front_from)):
        if own is None and other is not None:
            raise Invalid.field(field, "skal udfyldes", "is required")
    if front_from and front_to and front_to < front_from:
        raise Invalid.field("front_to", "skal ligge efter front_from", "must lie after front_from")
