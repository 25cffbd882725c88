"""What two entries say, why they look alike and what merging them did, in Danish and English."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.directory.changes.rules import FieldChange
from services.directory.duplicates.rules import Why
from services.directory.freshness.rules import EntryKind
from services.directory.merges.schemas import Left
from services.directory.reviewing.rules import parts
from services.directory.reviewing.wording import called, day, told
from services.directory.rules import State
from shared.errors import Language, Text

WHY = {
    Why.CVR: Text("Samme CVR-nummer", "The same CVR number"),
    Why.NAME: Text("Samme navn, når man ser bort fra skrivemåden", "The same name, but for how it is written"),
    Why.SIMILAR: Text("Navne, der ligner hinanden", "Names that look alike"),
}
# What somebody recognises an entry by.
LINES = {
    EntryKind.ORGANISATION: ("kind", "cvr", "place", "website", "source", "assured_on"),
    EntryKind.ACTIVITY: ("organisation", "state", "schedules", "place", "source", "assured_on"),
    EntryKind.PREMISES: ("organisation", "place", "capacity", "source", "assured_on"),
}
PLACE = Text("Sted", "Place")
NAMES = {
    "place": PLACE,
    "organisation": Text("Hører til", "Belongs to"),
    "state": Text("Vises", "Shown"),
    "source": Text("Kommer fra", "Comes from"),
    "assured_on": Text("Sidst bekræftet", "Last confirmed"),
}
STATES = {
    State.DRAFT: Text("Nej, en kladde", "No, a draft"),
    State.PUBLISHED: Text("Ja, for alle", "Yes, to everybody"),
    State.WITHDRAWN: Text("Nej, taget ned", "No, taken down"),
}
NOUNS = {
    "memberships": Text("Medlemskaber", "Memberships"),
    "activities": Text("Aktiviteter", "Activities"),
    "premises": Text("Lokaler", "Premises"),
    "contact_roles": Text("Kontaktpersoner", "Contacts"),
    "editor_links": Text("Redaktørers links", "Editors' links"),
    "bodies": Text("Bestyrelser og råd", "Boards and councils"),
    "appointments": Text("Poster", "Posts"),
    "funder_deadlines": Text("Frister for puljer", "Funders' deadlines"),
    "changes": Text("Ændringer, som foreningen har skrevet", "Changes that the association has written"),
    "initiative_partners": Text("Initiativer", "Initiatives"),
    "agreement_parties": Text("Aftaler", "Agreements"),
}
ENDED = Text("Medlemskaber, der slutter, fordi begge har et", "Memberships that end, because both have one")
# Why undoing left something as it is, by the field that says so; most belong to another one by now.
LEFT = {
    "": Text("Flyttede ikke med tilbage, fordi nogen har ændret det siden",
             "Did not move back, because somebody has changed it since"),
    "ended_on": Text("Blev ikke åbnet igen, fordi det er ændret siden",
                     "Not opened again, because it was changed since"),
    "closed_on": Text("Forbliver lukket, fordi foreningen er lukket",
                      "Stays closed, because the association has closed"),
    "state": Text("Bliver ikke vist igen, fordi foreningen er lukket",
                  "Not shown again, because the association has closed"),
}  # fmt: skip
SAID_SINCE = Text("Er skrevet om siden og står, som det er nu", "Was written anew since, and stays as it is now")


def lines(
    kind: EntryKind, entry: Mapping[str, Any], owner: str | None, language: Language
) -> Iterator[tuple[Text, str]]:
    town = " ".join(filter(None, (entry["postcode"], entry["locality"])))
    for key in LINES[kind]:
        match key:
            case "organisation":
                text = owner or ""
            case "state":
                text = STATES[entry[key]].read(language)
            case "place":
                text = ", ".join(filter(None, (entry["address"], town)))
            case "assured_on":
                text = day(entry[key], language) if entry[key] else ""
            case _:
                text = told(key, entry[key], language, {})
        yield NAMES.get(key) or called(key), text


def choice(fields: Sequence[str]) -> Text:
    """What a choice is called. All that says where something is, is one."""
    return called(fields[0]) if len(fields) == 1 else PLACE


def read(fields: Sequence[str], entry: Mapping[str, Any], language: Language, places: Mapping[str, str]) -> str:
    """What an entry says of it; where that is several things, each with its name and on its own line."""
    if len(fields) == 1 and fields[0] != "translations":
        return told(fields[0], entry[fields[0]], language, places)
    said = [part for field in fields for part in parts(FieldChange(field, None, entry[field]))]
    texts = ((called(each.field).read(language), told(each.field, each.after, language, places)) for each in said)
    return "\n".join(f"{name}: {text}" for name, text in texts if text)


def moved(nouns: Mapping[str, int], ended: int) -> list[tuple[Text, int]]:
    """What a merge takes along, and what it ends."""
    counts = [(NOUNS[noun], count) for noun, count in nouns.items()]
    return [(name, count) for name, count in (*counts, (ENDED, ended)) if count]


def left(found: Sequence[Left], kept: UUID, names: Mapping[UUID, str]) -> list[Text]:
    """What undoing did not bring back, one sentence for each reason."""
    anew = [called(each.field) for each in found if each.field and each.id == kept]
    others: dict[tuple[str, str], list[Left]] = defaultdict(list)
    for each in found:
        if not (each.field and each.id == kept):
            others[each.field if each.field in LEFT else "", each.what].append(each)
    said = [_said(SAID_SINCE, [each.da for each in anew], [each.en for each in anew])] if anew else []
    for (field, noun), those in others.items():
        # Those that have a name by their names, others by how many they are.
        known = [f"“{names[each.id]}”" for each in those if each.id and each.id in names]
        nouns = ([f"{word.lower()} ({len(those)})", *known] for word in NOUNS[noun])
        said.append(_said(LEFT[field], *nouns))
    return said


def _said(reason: Text, danish: Sequence[str], english: Sequence[str]) -> Text:
    return Text(f"{reason.da}: {', '.join(danish)}", f"{reason.en}: {', '.join(english)}")
