"""Rules for the review step. Pure."""

from shared.errors import Conflict, Text


class ReviewWanted(Conflict):
    slug = "review-wanted"
    title = Text("Frivilligcentret vil se det først", "The volunteer centre wants to see it first")
