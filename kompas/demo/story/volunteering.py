"""Chapters: people who would like to help, associations that need them, and companies that lend a hand."""

from datetime import date

from kompas.demo.commands import Chapter, Command, Ref
from kompas.demo.story import names
from kompas.demo.story.draft import Draft

TASKS = (
    ("job", "Vært i caféen", "værtskab"), ("task", "Hjælp til flytning af bøger", "bære"),
    ("board", "Kasserer søges", "regnskab"), ("accompaniment", "Følgeven til første møde", "samtale"),
)  # fmt: skip


def volunteers(draft: Draft) -> Chapter:
    random = draft.random
    registered = [
        Command(
            f"volunteer/{number}",
            "matching/volunteers",
            {
                "interests": sorted(random.sample(sorted(names.THEMES), 2)),
                "locality": random.choice(names.LOCALITIES),
                "languages": random.choice(names.LANGUAGES),
                "contact": names.contact(random, f"frivillig{number}"),
            },
            signed=False,
        )
        for number in range(draft.some(45, least=5))
    ]
    posted: list[Command] = []
    for number in range(draft.some(30, least=4)):
        kind, title, skill = random.choice(TASKS)
        body = {
            "organisation_id": Ref(random.choice(draft.cast.associations)),
            "kind": kind,
            "title": title,
            "description": "Et par timer om ugen. Vi lærer dig op, og der er kaffe på kanden.",
            "skills": [skill],
            "locality": random.choice(names.LOCALITIES),
        }
        posted.append(Command(f"opportunity/{number}", "matching/opportunities", body))
    return Chapter("Frivillige og opgaver", [registered + posted])


def companies(draft: Draft) -> Chapter:
    """Eight companies agree on a day of work; six of them come, some twice; and one helps in another way."""
    agreed: list[Command] = []
    held: list[Command] = []
    for number, company in enumerate(draft.cast.companies[:8]):
        kinds = ["corporate_volunteering"] * draft.random.choice((1, 1, 2))
        if number == 0:
            kinds.append("pro_bono")
        for turn, kind in enumerate(kinds):
            key = f"engagement/{number}/{turn}"
            body = {
                "company_id": Ref(company),
                "organisation_id": Ref(draft.random.choice(draft.cast.associations)),
                "kind": kind,
            }
            agreed.append(Command(key, "matching/engagements", body))
            if number < 6:
                on = draft.weekday(date(2023, 3, 1), date(2023, 11, 30)).isoformat()
                result = {"held_on": on, "hours": draft.random.randint(3, 8)}
                held.append(Command(f"{key}/held", "matching/engagements/{id}/hold", result, of=key))
    return Chapter("Virksomheder, der hjælper", [agreed, held])
