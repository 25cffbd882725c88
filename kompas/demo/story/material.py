"""Chapter: theme pages, and the inspiration package with the register of those who are to know it."""

from datetime import date

from kompas.demo.commands import Chapter, Command, Ref
from kompas.demo.story.draft import Draft

REGISTER = "inspirationspakken"
PAGES = (
    ("theme_page", "ledelse", "God ledelse i foreningen", date(2023, 2, 1)),
    ("theme_page", "mental-mistrivsel", "Fællesskab, når det er svært", date(2023, 8, 1)),
    ("material", "inspirationspakken", "Inspirationspakken til de frie frivillige", date(2023, 4, 24)),
    ("guide", "kom-godt-i-gang", "Kom godt i gang som frivillig", date(2023, 3, 6)),
)
STAKEHOLDERS = (
    "Plejehjemmet Åhaven", "Odense Universitetshospital", "Skolerne i Vollsmose", "Bibliotekerne", "Ældrerådet",
    "Psykiatrien i Region Syddanmark", "Jobcentret", "Børnehusene", "Hospice Fyn", "Bostederne", "Sundhedshusene",
    "Ungdomsskolen",
)  # fmt: skip


def chapter(draft: Draft) -> Chapter:
    """Twelve are designated and one leaves the register again; one of the eleven is never reached."""
    written = [
        Command(
            f"content/{slug}",
            "directory/content",
            {"kind": kind, "slug": slug, "title": title, "body": f"# {title}\n\nSkrevet sammen med foreningerne."},
        )
        for kind, slug, title, _ in PAGES
    ]
    shown = [
        Command(f"content/{slug}/published", "directory/content/{id}/publish", {"published_on": day.isoformat()},
                of=f"content/{slug}")
        for _, slug, _, day in PAGES
    ]  # fmt: skip
    designated = [
        Command(
            f"stakeholder/{number}",
            "directory/stakeholders",
            {"register": REGISTER, "name": name, "sector": "public", "designated_on": "2023-03-01"},
        )
        for number, name in enumerate(STAKEHOLDERS)
    ]
    gone = len(STAKEHOLDERS) - 1
    removed = Command(
        f"stakeholder/{gone}/removed", "directory/stakeholders/{id}/remove", {"removed_on": "2023-10-02"},
        of=f"stakeholder/{gone}",
    )  # fmt: skip
    return Chapter("Temasider og inspirationspakken", [written + designated, [*shown, removed], _exposures(draft)])


def _exposures(draft: Draft) -> list[Command]:
    reached = range(len(STAKEHOLDERS) - 2)
    times = [stakeholder for stakeholder in reached for _ in range(draft.random.randint(1, 3))]
    return [
        Command(
            f"exposure/{number}",
            "notify/exposures",
            {
                "register": REGISTER,
                "stakeholder_id": Ref(f"stakeholder/{stakeholder}"),
                "material": REGISTER,
                "channel": draft.random.choice(("email", "meeting")),
                "exposed_on": draft.weekday(date(2023, 5, 1), date(2023, 11, 30)).isoformat(),
            },
        )
        for number, stakeholder in enumerate(times)
    ]
