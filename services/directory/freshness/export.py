"""The call list on paper: one line an entry, in the reader's language."""

from fastapi import Response

from services.directory.freshness.rules import EntryKind, Why
from services.directory.freshness.schemas import CallList
from services.directory.rules import Freshness
from services.directory.table import as_csv
from shared.errors import Language, Text

TITLES = (
    Text("Type", "Kind"),
    Text("Opslag", "Entry"),
    Text("Organisation", "Organisation"),
    Text("Hvorfor", "Why"),
    Text("Tilstand", "State"),
    Text("Siden", "Since"),
    Text("Sidst bekræftet", "Last assured"),
    Text("Besked", "Note"),
    Text("Kontaktperson", "Contact"),
    Text("E-mail", "E-mail"),
    Text("Telefon", "Telephone"),
    Text("Id", "Id"),
)
WORDS: dict[str, Text] = {
    EntryKind.ORGANISATION: Text("organisation", "organisation"),
    EntryKind.ACTIVITY: Text("aktivitet", "activity"),
    EntryKind.PREMISES: Text("lokale", "premises"),
    Why.CLOSED: Text("er lukket, siger ejeren", "is closed, says its owner"),
    Why.CHANGED: Text("er ændret, siger ejeren", "has changed, says its owner"),
    Why.SILENT: Text("har ikke svaret", "has not answered"),
    Why.NO_ADDRESS: Text("ingen at spørge", "nobody to ask"),
    Freshness.FRESH: Text("bekræftet", "assured"),
    Freshness.ASK: Text("skal spørges", "to be asked"),
    Freshness.ASKED: Text("spurgt", "asked"),
    Freshness.ASKED_AGAIN: Text("spurgt igen", "asked again"),
    Freshness.SUNK: Text("sidst i søgningen", "last in the search"),
    Freshness.HIDDEN: Text("skjult", "hidden"),
}


def to_csv(calls: CallList, language: Language) -> Response:
    return as_csv(
        "ringeliste" if language == "da" else "call-list",
        [title.read(language) for title in TITLES],
        (
            (
                WORDS[each.kind].read(language),
                each.title,
                each.organisation,
                WORDS[each.why].read(language),
                WORDS[each.freshness].read(language),
                each.since,
                each.assured_on,
                each.note,
                each.contact,
                each.email,
                each.phone,
                str(each.id),
            )
            for each in calls.items
        ),
    )
