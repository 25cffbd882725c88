"""What fields are called and say, in the words of somebody who reads a change, in Danish and English."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date

from services.directory.exports.schedules import LOCALES, in_words
from services.directory.search.page import said
from services.directory.search.wording import PRICES
from shared.errors import Language, Text

FIELDS = {
    "title": Text("Titel", "Title"),
    "name": Text("Navn", "Name"),
    "kind": Text("Type", "Kind"),
    "sector": Text("Sektor", "Sector"),
    "cvr": Text("CVR-nummer", "CVR number"),
    "life": Text("Netværkets liv", "Life of the network"),
    "description": Text("Beskrivelse", "Description"),
    "themes": Text("Emner", "Themes"),
    "target_groups": Text("For hvem", "For whom"),
    "languages": Text("Sprog", "Languages"),
    "locality": Text("Bydel eller by", "District or town"),
    "form": Text("Hvordan mødes man", "How people meet"),
    "price": Text("Pris", "Price"),
    "accessibility": Text("Tilgængelighed", "Accessibility"),
    "schedules": Text("Hvornår", "When"),
    "how_to_join": Text("Sådan kommer man med", "How to join"),
    "website": Text("Hjemmeside", "Website"),
    "public_email": Text("E-mail", "E-mail"),
    "public_phone": Text("Telefon", "Telephone"),
    "size": Text("Medlemmer", "Members"),
    "capacity": Text("Pladser", "Seats"),
    "companion_welcome": Text("En frivillig følgesvend kan komme med", "A volunteer companion may come along"),
    "volunteers_wanted": Text("Søger frivillige", "Looks for volunteers"),
    "premises_id": Text("Lokale", "Premises"),
    "resource_id": Text("Lånes som (id i booking)", "Borrowed as (id in booking)"),
    "address": Text("Adresse", "Address"),
    "postcode": Text("Postnummer", "Postcode"),
    "latitude": Text("Breddegrad", "Latitude"),
    "longitude": Text("Længdegrad", "Longitude"),
    "translations": Text("På andre sprog", "In other languages"),
    "publish_on": Text("Vises fra", "Shown from"),
    "expires_on": Text("Tages ned", "Taken down"),
}
# What only staff say of an organisation.
CHOICES = {
    "kind": {
        "association": Text("Forening", "Association"),
        "company": Text("Virksomhed", "Company"),
        "municipal_unit": Text("Kommunal enhed", "Municipal unit"),
        "region": Text("Region", "Region"),
        "school": Text("Skole", "School"),
        "network": Text("Netværk", "Network"),
        "working_group": Text("Arbejdsgruppe", "Working group"),
        "body": Text("Råd, nævn eller udvalg", "Council or committee"),
        "funder": Text("Fond eller pulje", "Fund"),
    },
    "sector": {
        "voluntary": Text("Frivillig sektor", "Voluntary sector"),
        "public": Text("Offentlig sektor", "Public sector"),
        "private": Text("Erhverv", "Private sector"),
    },
    "life": {
        "facilitated": Text("Faciliteret af centret", "Facilitated by the centre"),
        "semi_facilitated": Text("Semifaciliteret", "Semi-facilitated"),
        "independent": Text("Selvstændigt", "Independent"),
    },
}
YES, NO = Text("ja", "yes"), Text("nej", "no")
SEASON = {
    "valid_from": Text("fra", "from"),
    "valid_to": Text("til og med", "until and including"),
}


def called(field: str) -> Text:
    """`translations.en.title` is the title in English."""
    if not field.startswith("translations."):
        return FIELDS[field]
    _, language, name = field.split(".")
    da, en = (str(Locale(reader).languages.get(language, language)) for reader in ("da", "en"))
    return Text(f"{FIELDS[name].da} på {da}", f"{FIELDS[name].en} in {en}")


def told(field: str, value: Any, language: Language, places: Mapping[str, str]) -> str:
    """A field's value as it is read, of a list one thing a line. `places`: what premises are called."""
    match field, value:
        case _, None:
            return ""
        case _, bool():
            return (YES if value else NO).read(language)
        case "schedules", _:
            return "\n".join(_time(each, language) for each in value)
        case "accessibility", _:
            return "\n".join(said("access", each, language) for each in value)
        case "languages", _:
            return "\n".join(said("language", each, language) for each in value)
        case _, list():
            return "\n".join(value)
        case (("kind" | "sector" | "life"), _):
            return CHOICES[field][value].read(language)
        case "form", _:
            return said("form", value, language)
        case "price", _:
            return PRICES["free"].read(language) if value == 0 else f"{value} kr."
        case (("publish_on" | "expires_on"), _):
            return day(value, language)
        case "premises_id", _:
            return places.get(value, value)
    return str(value)


def _time(schedule: Mapping[str, Any], language: Language) -> str:
    """With its season: a change of that alone is one, too."""
    season = [
        f"{word.read(language)} {day(schedule[key], language)}" for key, word in SEASON.items() if schedule.get(key)
    ]
    return ", ".join([in_words([schedule], language), " ".join(season)]) if season else in_words([schedule], language)


def day(written: str, language: Language) -> str:
    return str(format_date(date.fromisoformat(written), "long", LOCALES[language]))
