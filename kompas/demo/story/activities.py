"""Chapter: what the associations show on Socialkompas, which opened in March."""

from datetime import date

from kompas.demo.commands import Chapter, Command, Ref
from kompas.demo.story import names
from kompas.demo.story.draft import LAST, Draft

OPENING = date(2023, 3, 15)


def chapter(draft: Draft) -> Chapter:
    """Nine are withdrawn again, a few stay drafts, and some are the municipality's own, which the goal leaves out."""
    created: list[Command] = []
    published: list[Command] = []
    withdrawn: list[Command] = []
    count, drafts, leaving = draft.some(288, least=12), draft.some(4), draft.some(9)
    for number in range(count):
        key = f"activity/{number}"
        created.append(_activity(draft, key, draft.random.choice(draft.cast.associations)))
        if number < count - drafts:
            published.append(_on(f"{key}/published", "publish", key, "published_on", draft.day(OPENING, LAST)))
    for number in range(leaving):
        key = f"activity/{number}"
        since = date.fromisoformat(published[number].body["published_on"])
        body = {"withdrawn_on": draft.day(since, LAST).isoformat(), "reason": "Holdet er stoppet"}
        withdrawn.append(Command(f"{key}/withdrawn", "directory/activities/{id}/withdraw", body, of=key))
    for number in range(draft.some(8, least=2)):
        key = f"activity/municipal/{number}"
        created.append(_activity(draft, key, draft.random.choice(draft.cast.units)))
        published.append(_on(f"{key}/published", "publish", key, "published_on", draft.day(OPENING, LAST)))
    return Chapter("Aktiviteter på Socialkompas", [created, published, withdrawn])


def _activity(draft: Draft, key: str, organisation: str) -> Command:
    random = draft.random
    theme, place = random.choice(sorted(names.THEMES)), random.choice(names.LOCALITIES)
    body = {
        "organisation_id": Ref(organisation),
        "title": f"{names.THEMES[theme]} i {place}",
        "description": f"Kom og vær med i {place}. Du behøver ikke kunne noget på forhånd, og det koster ikke noget.",
        "themes": [theme],
        "target_groups": sorted(random.sample(names.TARGET_GROUPS, 2)),
        "locality": place,
        "languages": random.choice(names.LANGUAGES),
    }
    return Command(key, "directory/activities", body)


def _on(key: str, step: str, of: str, field: str, day: date) -> Command:
    return Command(key, f"directory/activities/{{id}}/{step}", {field: day.isoformat()}, of=of)
