"""What people write into a cell, as the directory's doors take it: lists, prices, yes and no, days, times. Pure."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale

from services.directory.names import plain
from shared.errors import Wrong
from shared.events.kinds import Form, NetworkLife, OrganisationKind, Sector

_KINDS = {
    OrganisationKind.ASSOCIATION: "forening, frivillig forening, klub, frivillig, association, club",
    OrganisationKind.COMPANY: "virksomhed, firma, company, business",
    OrganisationKind.MUNICIPAL_UNIT: "kommune, kommunal, kommunal enhed, forvaltning, municipality",
    OrganisationKind.REGION: "region, sygehus, hospital",
    OrganisationKind.SCHOOL: "skole, school",
    OrganisationKind.NETWORK: "netværk",
    OrganisationKind.WORKING_GROUP: "arbejdsgruppe",
    OrganisationKind.BODY: "råd, nævn, udvalg, bestyrelse",
    OrganisationKind.FUNDER: "fond, pulje",
}
_SECTORS = {
    Sector.VOLUNTARY: "frivillig, civilsamfund, forening",
    Sector.PUBLIC: "offentlig, kommunal, kommune",
    Sector.PRIVATE: "privat, erhverv",
}
_FORMS = {Form.PHYSICAL: "fysisk", Form.DIGITAL: "digital, digitalt, online", Form.BOTH: "begge, begge dele, hybrid"}
_LIVES = {
    NetworkLife.FACILITATED: "faciliteret",
    NetworkLife.SEMI_FACILITATED: "semifaciliteret, delvist faciliteret",
    NetworkLife.INDEPENDENT: "selvstændigt, selvkørende",
}
_ACCESS = {
    "step_free": "trinfri adgang, niveaufri adgang, kørestol, kørestolsvenlig, elevator, handicapvenlig",
    "accessible_toilet": "handicaptoilet",
    "hearing_loop": "teleslynge",
    "guide_dog": "førerhund",
    "parking": "parkering, handicapparkering",
    "sign_language": "tegnsprog",
    "quiet_room": "stillerum, roligt rum",
}
_SECTOR_OF = {
    OrganisationKind.COMPANY: Sector.PRIVATE,
    OrganisationKind.MUNICIPAL_UNIT: Sector.PUBLIC,
    OrganisationKind.REGION: Sector.PUBLIC,
    OrganisationKind.SCHOOL: Sector.PUBLIC,
}
_YES = frozenset(["ja", "yes", "x", "1", "true", "sand"])
_NO = frozenset(["nej", "no", "0", "false", "falsk"])
_DAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "loerdag", "soendag")
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(
    r"(?P<day>[a-zæøå]+?)(?:e|s|er)?\W+(?:kl\W*|fra\W+|from\W+|at\W+)*(?P<h1>\d{1,2})(?:[.:](?P<m1>\d\d))?"
    r"\s*(?:-|–|til|to)\s*(?:kl\W*)?(?P<h2>\d{1,2})(?:[.:](?P<m2>\d\d))?",
    re.IGNORECASE,
)
_EVERY = {
    "two_weeks": ("hver anden", "every second"),
    "month_first": ("den foerste", "first"),
    "month_last": ("den sidste", "last"),
}


def _words(lists: dict[Any, str]) -> dict[str, str]:
    return {plain(word): str(value) for value, words in lists.items() for word in (str(value), *words.split(","))}


def _one_of(lists: dict[Any, str]) -> Callable[[str], str]:
    # A word that is not known goes on as it is: the door tells which words it takes.
    known = _words(lists)
    return lambda cell: known.get(plain(cell), cell)


def _list(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,|/\n]", cell) if part.strip()]


def _access(cell: str) -> list[str]:
    known = _words(_ACCESS)
    return [known.get(plain(part), part) for part in _list(cell)]


_LANGUAGES = {
    plain(name): code for tongue in ("en", "da") for code, name in Locale(tongue).languages.items() if len(code) == 2
}


def _languages(cell: str) -> list[str]:
    return [_LANGUAGES.get(plain(part), part.lower()) for part in _list(cell)]


def _yes(cell: str) -> bool:
    if plain(cell) in _YES or plain(cell) in _NO:
        return plain(cell) in _YES
    raise Wrong("skal være ja eller nej", "must be yes or no")


def _whole(cell: str) -> int:
    """`1.250` is written by Danes, `1,250` by others; both mean the same."""
    if re.fullmatch(r"\d{1,3}(?:[.,\s]\d{3})+|\d+", cell):
        return int(re.sub(r"\D", "", cell))
    raise Wrong("skal være et helt tal", "must be a whole number")


def _price(cell: str) -> int:
    if plain(cell) in ("gratis", "free", "ingen", "0"):
        return 0
    found = re.fullmatch(r"(?:kr\.?|dkk)?\s*(\d+(?:\.\d{3})*)(?:,(?:\d\d|-))?\s*(?:kr\.?|kroner|dkk|,-)*", cell.lower())
    if not found:
        raise Wrong("skal være en pris i kroner eller gratis", "must be a price in kroner, or free")
    return int(found[1].replace(".", ""))


def _degrees(cell: str) -> float:
    try:
        return float(Decimal(cell.replace(",", ".")))
    except InvalidOperation:
        raise Wrong("skal være et tal", "must be a number") from None


def _website(cell: str) -> str:
    return cell if "://" in cell else f"https://{cell}"


def _day(cell: str) -> str:
    """`31-12-2026`, `31/12 2026` and `2026-12-31` are one day."""
    if found := re.fullmatch(r"(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+(\d{4})", cell):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return cell


def _schedules(cell: str) -> list[dict[str, Any]]:
    """`Tirsdag kl. 19-21; torsdag 10.00–12.00`, each as a weekly time."""
    return [_schedule(part) for part in re.split(r"[;\n]", cell) if part.strip()]


def _schedule(said: str) -> dict[str, Any]:
    found = _TIME.search(said)
    day = plain(found["day"]) if found else ""
    for days in (_DAYS, _ENGLISH_DAYS):
        for number, name in enumerate(days):
            if found and (day == name or (name.startswith(day) and len(day) > 2)):
                every = next((e for e, signs in _EVERY.items() if any(sign in plain(said) for sign in signs)), "week")
                return {
                    "weekday": number,
                    "from": f"{int(found['h1']):02}:{found['m1'] or '00'}",
                    "to": f"{int(found['h2']):02}:{found['m2'] or '00'}",
                    "every": every,
                }
    raise Wrong("skal være fx tirsdag 19-21", "must be e.g. Tuesday 19-21")


READ: dict[str, Callable[[str], Any]] = {
    "kind": _one_of(_KINDS),
    "sector": _one_of(_SECTORS),
    "form": _one_of(_FORMS),
    "life": _one_of(_LIVES),
    "accessibility": _access,
    "themes": _list,
    "target_groups": _list,
    "languages": _languages,
    "companion_welcome": _yes,
    "volunteers_wanted": _yes,
    "size": _whole,
    "capacity": _whole,
    "price": _price,
    "latitude": _degrees,
    "longitude": _degrees,
    "website": _website,
    "expires_on": _day,
    "schedules": _schedules,
}


def value_of(name: str, cell: str) -> Any:
    """The cell as that field's door takes it; `Wrong` where it cannot be meant."""
    return READ[name](cell) if name in READ else cell


def sector_of(kind: str) -> Sector:
    """Of what kind it is follows where it belongs, where a file does not say."""
    return _SECTOR_OF.get(OrganisationKind(kind), Sector.VOLUNTARY) if kind in [*OrganisationKind] else Sector.VOLUNTARY
