"""Chapter: the associations of the town, its companies and the administrations of the municipality."""

from kompas.demo.commands import Chapter, Command
from kompas.demo.story import names
from kompas.demo.story.draft import UNITS, Cast, Draft

ASSOCIATIONS, COMPANIES = 174, len(names.COMPANIES)
FEWEST = 24


def cast(scale: float) -> Cast:
    count = max(FEWEST, round(ASSOCIATIONS * scale))
    return Cast(
        associations=[f"association/{number}" for number in range(count)],
        companies=[f"company/{number}" for number in range(COMPANIES)],
        units=[f"unit/{number}" for number in range(len(UNITS))],
    )


def chapter(draft: Draft) -> Chapter:
    named = names.associations(draft.random, len(draft.cast.associations))
    registered = [
        _registration(key, name, "association", "voluntary", locality)
        for key, (name, locality) in zip(draft.cast.associations, named, strict=True)
    ]
    registered += [
        _registration(key, name, "company", "private", draft.random.choice(names.LOCALITIES))
        for key, name in zip(draft.cast.companies, names.COMPANIES, strict=True)
    ]
    registered += [
        _registration(key, name, "municipal_unit", "public", None)
        for key, name in zip(draft.cast.units, UNITS, strict=True)
    ]
    places = Command("localities", "directory/localities/begin", {"municipality": "odense"})
    return Chapter("Foreninger, virksomheder og forvaltninger", [[places], registered])


def _registration(key: str, name: str, kind: str, sector: str, locality: str | None) -> Command:
    body = {"name": name, "kind": kind, "sector": sector, "locality": locality, "cvr": None}
    return Command(key, "directory/organisations", body)
