"""Which column fills which field, guessed from how people in Denmark head their lists. Pure."""

from collections.abc import Collection, Sequence

from rapidfuzz import fuzz, process

from services.directory.names import plain
from shared.errors import Text

# Below it, "Adresse" and "Adressat" begin to be one word.
ALIKE = 88

# The field's name in Danish and English, and what else it is called; in the order in which a heading is tried.
_FIELDS: dict[str, tuple[str, str, str]] = {
    "organisation.name": ("Forening", "Organisation", "navn, foreningsnavn, foreningens navn, name, association"),
    "organisation.cvr": ("CVR-nr.", "CVR", "cvr nummer, cvrnr, se nr, vat number, company number"),
    "organisation.source_id": (
        "Id",
        "Id",
        "nr, nummer, løbenr, foreningsnr, foreningsnummer, foreningsid, organisation id, external id",
    ),
    "organisation.kind": ("Type", "Kind", "organisationstype, foreningstype, organisation type, art"),
    "organisation.sector": ("Sektor", "Sector", ""),
    "organisation.description": ("Beskrivelse", "Description", "om foreningen, formål, tekst, about, purpose, note"),
    "organisation.website": ("Hjemmeside", "Website", "web, www, url, webadresse, internetadresse, homepage, link"),
    "organisation.public_email": ("E-mail", "E-mail", "mail, email, mailadresse, e mailadresse, foreningens mail"),
    "organisation.public_phone": ("Telefon", "Phone", "tlf, tlf nr, telefonnr, telefonnummer, mobil, telephone"),
    "organisation.size": ("Medlemmer", "Members", "antal medlemmer, medlemstal, ansatte, size, number of members"),
    "organisation.address": ("Adresse", "Address", "vej, gade, gadeadresse, vejnavn, street"),
    "organisation.postcode": ("Postnr.", "Postcode", "postnummer, post nr, postnr og by, postnr by, zip, postal code"),
    "organisation.locality": ("By", "Town", "bydel, lokalområde, område, city, locality, district, area"),
    "organisation.latitude": ("Breddegrad", "Latitude", "lat"),
    "organisation.longitude": ("Længdegrad", "Longitude", "lon, lng, long"),
    "organisation.life": ("Netværkets liv", "Life of the network", "selvstændighed"),
    "activity.title": ("Aktivitet", "Activity", "titel, tilbud, aktivitetsnavn, aktivitetens navn, title, navn, name"),
    "activity.source_id": ("Aktivitets-id", "Activity id", "aktivitetsnr, id"),
    "activity.description": ("Aktivitetsbeskrivelse", "Activity description", "beskrivelse, description, tekst"),
    "activity.themes": ("Temaer", "Themes", "tema, emne, emner, kategori, kategorier, category, topic, interesse"),
    "activity.target_groups": ("Målgrupper", "Target groups", "målgruppe, for hvem, hvem, target group, audience"),
    "activity.languages": ("Sprog", "Languages", "language"),
    "activity.form": ("Form", "Form", "fysisk eller digital, mødeform"),
    "activity.price": ("Pris", "Price", "kontingent, deltagerpris, egenbetaling, cost, fee"),
    "activity.accessibility": ("Tilgængelighed", "Accessibility", "handicapvenlig, adgangsforhold"),
    "activity.schedules": ("Tidspunkt", "Time", "hvornår, tid, tider, åbningstid, dag og tid, ugedag, when, schedule"),
    "activity.how_to_join": ("Tilmelding", "How to join", "sådan kommer du med, sådan deltager du, registration"),
    "activity.website": ("Aktivitetens hjemmeside", "Activity website", "hjemmeside, website, link, url"),
    "activity.companion_welcome": ("Ledsager velkommen", "Companion welcome", "ledsager, frivillig kan følge med"),
    "activity.volunteers_wanted": ("Søger frivillige", "Volunteers wanted", "mangler frivillige, frivillige søges"),
    "activity.expires_on": ("Udløber", "Expires", "vises til, udløbsdato, til dato, expires on"),
    "activity.address": ("Aktivitetens adresse", "Activity address", "adresse, address, mødested"),
    "activity.postcode": ("Aktivitetens postnr.", "Activity postcode", "postnr, postnummer, postcode"),
    "activity.locality": ("Aktivitetens by", "Activity town", "by, bydel, sted, lokalområde, town"),
    "activity.latitude": ("Aktivitetens breddegrad", "Activity latitude", "lat"),
    "activity.longitude": ("Aktivitetens længdegrad", "Activity longitude", "lon"),
    "premises.name": ("Lokale", "Premises", "lokalets navn, lokaler, hus, navn, room, venue, name"),
    "premises.source_id": ("Lokale-id", "Premises id", "id"),
    "premises.description": ("Lokalebeskrivelse", "Premises description", "beskrivelse, description"),
    "premises.address": ("Lokalets adresse", "Premises address", "adresse, address"),
    "premises.postcode": ("Lokalets postnr.", "Premises postcode", "postnr, postnummer, postcode"),
    "premises.locality": ("Lokalets by", "Premises town", "by, bydel, town"),
    "premises.capacity": ("Pladser", "Capacity", "antal pladser, kapacitet, plads til, seats"),
    "premises.accessibility": ("Lokalets tilgængelighed", "Premises accessibility", "tilgængelighed, accessibility"),
    "premises.latitude": ("Lokalets breddegrad", "Premises latitude", "lat"),
    "premises.longitude": ("Lokalets længdegrad", "Premises longitude", "lon"),
}
FIELDS = {field: Text(da, en) for field, (da, en, _) in _FIELDS.items()}
NEEDED = {"organisation": "organisation.name", "activity": "activity.title", "premises": "premises.name"}
# "Aktivitetens adresse", "Lokale - postnr.": the first word says of whom the rest is.
_OF = {"aktivitet": "activity", "activity": "activity", "lokale": "premises", "premises": "premises"}


def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for field, (da, en, more) in _FIELDS.items():
        for each in (field, field.replace("_", " "), da, en, *more.split(",")):
            if each.strip():
                names.setdefault(plain(each), []).append(field)
    return names


_NAMES = _names()


def guess(headings: Sequence[str]) -> list[str | None]:
    """One field or none for each column; no field twice. What nothing can be made of is left out.

    An activity without its title, or premises without their name, would say nothing: their columns stay unmapped.
    """
    nouns = {field.partition(".")[0] for field in _taken(headings, set(NEEDED)) if field in NEEDED.values()}
    fields = {place: field for field, place in _taken(headings, nouns).items()}
    return [fields.get(place) for place in range(len(headings))]


def _taken(headings: Sequence[str], nouns: Collection[str]) -> dict[str, int]:
    taken: dict[str, int] = {}
    for matches in (_NAMES.get, _similar):
        for place, heading in enumerate(headings):
            if place not in taken.values():
                wanted = [field for field in matches(_said(heading)) or () if _of(heading, field)]
                left = (each for each in wanted if each not in taken and each.partition(".")[0] in nouns)
                if field := next(left, None):
                    taken[field] = place
    return taken


def _said(heading: str) -> str:
    words = plain(heading).split()
    whose = _whose(words)
    # "Lokale" alone is the name; "Lokalets adresse" is the address of it.
    return " ".join(words[1:]) if whose and len(words) > 1 and " ".join(words) not in _NAMES else " ".join(words)


def _whose(words: Sequence[str]) -> str | None:
    return next((noun for stem, noun in _OF.items() if words and words[0].startswith(stem)), None)


def _of(heading: str, field: str) -> bool:
    whose = _whose(plain(heading).split())
    return whose is None or field.startswith(f"{whose}.")


def _similar(said: str) -> list[str]:
    found = process.extractOne(said, _NAMES.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return _NAMES[found[0]] if found and len(said) > 3 else []
