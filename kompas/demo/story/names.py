"""Danish names of invented associations, companies and people."""

from random import Random

LOCALITIES = (
    "Vollsmose", "Bolbro", "Dalum", "Næsby", "Skibhuset", "Tarup", "Bellinge", "Hjallese",
    "Korup", "Sanderum", "Seden", "Åsum", "Højby", "Tornbjerg", "Stige", "Blommenslyst",
)  # fmt: skip

KINDS = (
    "Idrætsforening", "Skakklub", "Nyttehaver", "Seniordans", "Lektiecafé", "Læsekreds", "Vinterbadere", "Krolfklub",
    "Mandeværksted", "Kvindecafé", "Fælleskøkken", "Besøgsvenner", "Strikkecafé", "Madspildere", "Reparationscafé",
    "Ungdomsråd", "Folkekor", "Spejdere", "Naturværn", "Grundejerforening", "Bogbyttere", "Cykelværksted",
    "Brætspilsklub", "Sorggruppe", "Familieklub", "Dyreværn", "Amatørteater", "Vandrelaug", "Sprogcafé", "Billardklub",
)  # fmt: skip

COMPANIES = (
    "Fyns Tagværk", "Odense Årets Brød", "Havnens Revision", "Kanalbyens Advokater", "Nordøens Logistik",
    "Robotværket Fyn", "Grønne Gårde Byg", "Æblegårdens Catering", "Møllehøj Elteknik", "Tråd & Tryk",
)  # fmt: skip

GIVEN = (
    "Søren", "Åse", "Mette", "Jørgen", "Fatima", "Kåre", "Lærke", "Bjørn", "Amina", "Ida",
    "Yusuf", "Solvej", "Niels", "Gülay", "Tove", "Rasmus", "Zahra", "Østen", "Karen", "Emil",
)  # fmt: skip
FAMILY = (
    "Sørensen", "Østergaard", "Ågård", "Nielsen", "Hassan", "Kjær", "Bæk", "Møller", "Yılmaz", "Ravn",
    "Lyngsø", "Holm", "Nygaard", "Brøgger", "Farah", "Thøgersen",
)  # fmt: skip

THEMES = {
    "fællesspisning": "Fællesspisning", "bevægelse": "Bevægelse for alle", "natur": "Ture i naturen",
    "musik": "Vi synger sammen", "håndværk": "Håndværk og hænder", "sprog": "Sprogtræning",
    "spil": "Spilleaften", "omsorg": "En stund sammen", "læsning": "Læs højt", "børn": "Leg for små og store",
}  # fmt: skip
TARGET_GROUPS = ("voksne", "ældre", "unge", "børn", "familier", "alle")
LANGUAGES = (["da"], ["da"], ["da"], ["da", "en"], ["da", "ar"], ["da", "uk"])


def associations(random: Random, count: int) -> list[tuple[str, str]]:
    """Name and locality of `count` different associations."""
    every = [(f"{place} {kind}", place) for place in LOCALITIES for kind in KINDS]
    return random.sample(every, count)


def contact(random: Random, key: str) -> dict[str, str]:
    """Somebody who does not exist, at an address that never will (RFC 2606)."""
    return {
        "name": f"{random.choice(GIVEN)} {random.choice(FAMILY)}",
        "email": f"{key}@example.org",
        "language": random.choice(("da", "da", "da", "da", "en")),
    }
