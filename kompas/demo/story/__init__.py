"""The year 2023 in Odense, told the same way every time: everything follows from the seed."""

from random import Random

from kompas.demo.commands import Chapter, Story
from kompas.demo.story import (
    activities,
    conversations,
    material,
    memberships,
    municipality,
    numbers,
    organisations,
    rooms,
    visits,
    volunteering,
)
from kompas.demo.story.draft import Draft

SEED = 2023
YEAR = 2023
CHAPTERS = (
    organisations.chapter,
    memberships.members,
    memberships.friends,
    activities.chapter,
    material.chapter,
    municipality.chapter,
    conversations.chapter,
    rooms.chapter,
    volunteering.volunteers,
    volunteering.companies,
    numbers.survey,
    numbers.followers,
    visits.chapter,
)


def tell(seed: int = SEED, scale: float = 1.0) -> Story:
    """Each chapter throws its own dice, so that a change in one leaves the others as they were."""
    cast = organisations.cast(scale)
    chapters: list[Chapter] = []
    for number, chapter in enumerate(CHAPTERS):
        # Not a secret: the point is that everybody gets the same.
        dice = Random(f"{seed}/{number}")  # noqa: S311
        chapters.append(chapter(Draft(dice, scale, cast)))
    return Story(f"demo-{YEAR}-{seed}-{scale:g}", chapters)
