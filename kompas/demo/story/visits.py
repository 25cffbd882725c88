"""Chapter: people look at the centre's site and at the portal."""

from collections.abc import Iterator, Sequence
from datetime import date

from kompas.demo.commands import Chapter, Command
from kompas.demo.story import names
from kompas.demo.story.browsers import ROBOT, browser
from kompas.demo.story.draft import FIRST, LAST, UNITS, Draft

CENTRE, PORTAL = "frivilligcenter", "socialkompas"
OPENING = date(2023, 3, 15)
PAGES = ("/", "/", "/", "/kalender", "/bliv-frivillig", "/foreninger", "/lokaler", "/nyheder", "/om-os", "/kontakt")
# A page, how many people see it and since when.
THEMES = (
    ("/tema/ledelse", 540, date(2023, 2, 1)), ("/tema/mental-mistrivsel", 371, date(2023, 8, 1)),
    ("/inspirationspakken", 168, date(2023, 4, 24)),
)  # fmt: skip
OTHERS, PORTAL_VISITORS, UNIT_VISITORS, ROBOTS = 9_300, 3_950, 30, 40
PORTAL_PAGES = ("/", "/kort", "/om", *(f"/aktiviteter/{theme}" for theme in names.THEMES))


def chapter(draft: Draft) -> Chapter:
    """Nobody comes on two days: across midnight a visitor is another one to the counter anyway."""
    seen = list(_views(draft))
    draft.random.shuffle(seen)
    return Chapter("Besøg på hjemmesiden og Socialkompas", [seen])


def _views(draft: Draft) -> Iterator[Command]:
    random, visitor = draft.random, 0
    for page, full, since in THEMES:
        for _ in range(draft.some(full)):
            # Some look twice, which is one unique view all the same.
            twice = [page] * random.choice((1, 1, 1, 1, 1, 1, 1, 2))
            yield from _visit(visitor, CENTRE, twice, draft.day(since, LAST))
            visitor += 1
    for _ in range(draft.some(OTHERS)):
        yield from _visit(visitor, CENTRE, [random.choice(PAGES)], draft.day(FIRST, LAST))
        visitor += 1
    for _ in range(draft.some(PORTAL_VISITORS)):
        pages = random.sample(PORTAL_PAGES, random.choice((1, 1, 1, 2, 3)))
        yield from _visit(visitor, PORTAL, pages, draft.day(OPENING, LAST))
        visitor += 1
    for unit in UNITS:
        for _ in range(draft.some(UNIT_VISITORS)):
            yield from _visit(visitor, PORTAL, [random.choice(PORTAL_PAGES)], draft.weekday(OPENING, LAST), unit)
            visitor += 1
    for number in range(draft.some(ROBOTS)):
        body = {"site": CENTRE, "page": "/", "viewed_on": draft.day().isoformat()}
        yield Command(f"robot/{number}", "directory/pageviews", body, visitor=ROBOT)


def _visit(visitor: int, site: str, pages: Sequence[str], on: date, unit: str | None = None) -> Iterator[Command]:
    for number, page in enumerate(pages):
        body = {"site": site, "page": page, "viewed_on": on.isoformat()}
        if unit:
            body["unit"] = unit
        yield Command(f"visit/{visitor}/{number}", "directory/pageviews", body, visitor=browser(visitor))
