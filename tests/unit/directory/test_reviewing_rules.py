"""Which words of a text differ, and how fields are told to whoever reads a change."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.changes.entries import WAYS
from services.directory.changes.rules import FieldChange
from services.directory.reviewing.rules import Piece, compared, parts
from services.directory.reviewing.wording import FIELDS, called, told
from shared.errors import Text

TEXT = st.text(alphabet="ab ogÅ,.\n🌻-", max_size=40)


def marked(pieces: list[Piece]) -> str:
    return "".join(f"[{each.text}]" if each.changed else each.text for each in pieces)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Spis sammen", "Spis sammen", ("Spis sammen", "Spis sammen")),
        ("", "Spis sammen", ("", "[Spis sammen]")),
        ("Vi laver mad.", "Vi laver suppe.", ("Vi laver [mad].", "Vi laver [suppe].")),
        ("tirsdag 19:00-21:00", "tirsdag 19:00-21:30", ("tirsdag [19:00-21:00]", "tirsdag [19:00-21:30]")),
        ("Kom glad", "Kom glad, kom sulten", ("Kom glad", "Kom glad[, kom sulten]")),
        ("mad og sang hver uge", "kor og leg hver uge", ("[mad og sang] hver uge", "[kor og leg] hver uge")),
        ("Vi er\nmange", "Vi er\n\nmange", ("Vi er[\n]mange", "Vi er[\n\n]mange")),
    ],
    ids=["nothing", "all", "a word", "a word with signs", "more", "short words between", "only a line break"],
)
def test_the_words_that_differ_are_marked(before: str, after: str, shown: tuple[str, str]) -> None:
    old, new = compared(before, after)

    assert (marked(old), marked(new)) == shown


@given(TEXT, TEXT)
def test_no_letter_is_lost_and_what_is_not_marked_is_the_same(before: str, after: str) -> None:
    old, new = compared(before, after)

    assert ("".join(each.text for each in old), "".join(each.text for each in new)) == (before, after)
    unmarked = ["".join(each.text for each in pieces if not each.changed) for pieces in (old, new)]
    assert unmarked[0] == unmarked[1]
    for pieces in (old, new):
        assert all(each.text for each in pieces)
        assert all(first.changed is not second.changed for first, second in pairwise(pieces))


def test_texts_in_other_languages_are_told_one_by_one() -> None:
    before = {"en": {"title": "Eat", "description": "We eat"}}
    after = {"en": {"title": "Dine", "description": "We eat"}, "ar": {"title": "نأكل"}}

    told_apart = parts(FieldChange("translations", before, after))

    assert told_apart == [
        FieldChange("translations.en.title", "Eat", "Dine"),
        FieldChange("translations.ar.title", None, "نأكل"),
    ]
    assert called("translations.en.title") == Text("Titel på engelsk", "Title in English")


def test_every_field_that_can_change_has_a_name() -> None:
    assert {field for way in WAYS.values() for field in way.body.model_fields} == FIELDS.keys()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("locality", None, ""),
        ("price", 0, "Gratis"),
        ("price", 25, "25 kr."),
        ("companion_welcome", False, "nej"),
        ("form", "both", "Man mødes, eller er med online"),
        ("accessibility", ["step_free", "parking"], "Uden trin\nHandicapparkering"),
        ("languages", ["da", "ar"], "Dansk\nArabisk"),
        ("themes", ["mad-og-fællesskab"], "mad-og-fællesskab"),
        ("expires_on", "2026-12-24", "24. december 2026"),
        ("premises_id", "7", "Beboerhuset"),
        ("latitude", 55.4, "55.4"),
        (
            "schedules",
            [
                {"weekday": 1, "from": "19:00", "to": "21:00", "every": "week", "valid_from": "2026-09-01",
                 "valid_to": "2026-12-01"},
                {"date": "2026-12-24", "from": "10:00", "to": "12:00"},
            ],
            "tirsdag 19:00-21:00, fra 1. september 2026 til og med 1. december 2026\n24-12-2026 10:00-12:00",
        ),
    ],
)  # fmt: skip
def test_a_value_is_told_in_words(field: str, value: Any, words: str) -> None:
    assert told(field, value, "da", {"7": "Beboerhuset"}) == words
