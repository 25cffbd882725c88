"""No person in an event: no field to put one in, and no word wide enough."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.events import CATALOGUE
from shared.events.contacts import ContactShared
from shared.events.schema import Schema, event_schema
from shared.events.words import GoalId, Key, Language, Locality, LooseSlug, PagePath, Site, Slug, Unit, Visitor

ABOUT_A_PERSON = {
    "name", "email", "phone", "address", "title", "description", "text", "comment", "reason", "note", "notes",
    "message", "body", "cpr", "birthday", "age", "gender", "health", "diagnosis", "ip", "user_agent", "contact",
    "manage_url",
}  # fmt: skip
INNOCENT = [event for event in CATALOGUE.values() if event is not ContactShared]

PRIVATE = [
    "peter@hansen.dk",
    "20123456",
    "20 12 34 56",
    "+45 20 12 34 56",
    "20-12-34-56",
    "010190-1234",
    "Jeg har det svært og vil gerne snakke med nogen om min angst og ensomhed",
    "jeg-har-det-svært-og-vil-gerne-snakke-med-nogen-om-det",
    "https://example.dk/?navn=peter",
    "a\nb",
    "",
    "<b>x</b>",
]  # fmt: skip
WORDS: dict[str, tuple[Any, list[str]]] = {
    "Slug": (Slug, ["fællesspisning", "it-hjælp", "13-17-årige", "covid-19", "under-30", "mental-mistrivsel"]),
    "LooseSlug": (LooseSlug, ["Mad og fællesskab", "IT-hjælp", "13-17 årige", "Sundhed / bevægelse"]),
    "Locality": (Locality, ["Vollsmose", "Odense SØ", "Kgs. Lyngby", "Nørre Aaby", "Ærø", "Bolbro"]),
    "Unit": (
        Unit,
        ["Klima- og Miljøforvaltningen", "Sundhedsforvaltningen", "Børn, Unge & Familie", "Distrikt 3", "Center (Øst)"],
    ),
    "Site": (Site, ["socialkompas", "frivilligcenter", "frivilligcenter-odense.dk"]),
    "PagePath": (PagePath, ["/", "/tema/ledelse", "/tema/mental-mistrivsel", "/inspirationspakken", "/fællesskab/"]),
    "Visitor": (Visitor, ["6f1d0c53a9b84e7280c4d15be3f7a920"]),
    "Language": (Language, ["da", "kl", "ar", "fao"]),
    "GoalId": (GoalId, ["A.1", "1.1", "S1.1.1", "FAX5.1"]),
}


def named(schema: Schema) -> set[str]:
    parts = [field["items"] for field in schema["properties"].values() if "properties" in field.get("items", {})]
    return {*schema["properties"], *(name for part in parts for name in named(part))}


@pytest.mark.parametrize("event", INNOCENT, ids=lambda event: event.TYPE)
def test_no_event_has_a_field_for_a_person(event: Any) -> None:
    assert named(event_schema(event)["properties"]["data"]) & ABOUT_A_PERSON == set()


@pytest.mark.parametrize("event", INNOCENT, ids=lambda event: event.TYPE)
def test_no_event_has_a_text_without_a_shape(event: Any) -> None:
    def shapeless(schema: Schema, path: str) -> list[str]:
        if "properties" in schema:
            return [hit for name, field in schema["properties"].items() for hit in shapeless(field, f"{path}.{name}")]
        inner = [schema[word] for word in ("items", "propertyNames") if word in schema]
        if inner:
            return [hit for part in inner for hit in shapeless(part, path)]
        shaped = {"enum", "const", "pattern"} & schema.keys() or schema.get("format") in {"uuid", "date", "date-time"}
        return [path] if schema.get("type") == "string" and not shaped else []

    assert shapeless(event_schema(event)["properties"]["data"], "data") == []


@pytest.mark.parametrize("word", WORDS)
def test_a_word_takes_what_it_is_for(word: str) -> None:
    shape, good = WORDS[word]

    refused = [value for value in good if not accepts(shape, value)]

    assert refused == []


@pytest.mark.parametrize("word", set(WORDS) - {"LooseSlug", "GoalId"})
@pytest.mark.parametrize("private", PRIVATE)
def test_a_word_of_the_public_has_no_room_for_a_person(word: str, private: str) -> None:
    shape, _ = WORDS[word]

    assert not accepts(shape, private)


@pytest.mark.parametrize("private", ["peter@hansen.dk", "20123456", "20 12 34 56", "Jeg har det svært", "a\nb", ""])
def test_a_name_that_staff_give_is_no_address_number_or_sentence(private: str) -> None:
    assert not accepts(Key, private)


def test_a_form_may_write_a_slug_as_people_do() -> None:
    assert TypeAdapter(LooseSlug).validate_python("  Mad og Fællesskab ") == "mad-og-fællesskab"


def accepts(shape: Any, value: str) -> bool:
    try:
        TypeAdapter(shape).validate_python(value)
    except ValidationError:
        return False
    return True
