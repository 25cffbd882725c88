"""What whoever sends something wrong is told: which field, and why, in words that can be acted on."""

from typing import Annotated, Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import AnyHttpUrl, Field, TypeAdapter, ValidationError

from shared.inputs import Address, Day, Line, Place, Word
from shared.printable import printable
from shared.validation import Body, invalid


class Form(Body):
    public_email: Address | None = None
    name: Line | None = None
    place: Place | None = None
    interests: list[Word] = []
    answers: dict[str, str] = {}
    notes: list[str] = []
    address: AnyHttpUrl | None = None
    size: int | None = None
    weight: Annotated[float | None, Field(gt=0)] = None
    day: Day | None = None


def told(sent: Any, language: str = "da") -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Form).validate_python(sent)
    problem = invalid(
        RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in refused.value.errors()])
    )
    return {each.field: each.message.read(language) for each in problem.errors}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "field", "danish", "english"),
    [
        ({"public_email": "a b"}, "public_email", "er ikke en gyldig e-mailadresse", "is not a valid e-mail address"),
        ({"name": "to\nlinjer"}, "name", "skal stå på én linje", "must be on one line"),
        ({"place": "Torvet 4"}, "place", "skal være et stednavn, fx Vollsmose", None),
        ({"notes": ["fine", "a\x00b"]}, "notes", "indeholder et tegn, der ikke kan gemmes", None),
        ({"answers": {"a\x00": "b"}}, "answers", "indeholder et tegn, der ikke kan gemmes", None),
        ({"address": "ikke en adresse"}, "address", "skal være en adresse, https://…", None),
        ({"size": 1e308}, "size", "er for stort et tal", None),
        ({"day": 20270328}, "day", "skal være en dato, ÅÅÅÅ-MM-DD", "must be a date, YYYY-MM-DD"),
        ({"": 1}, '""', "kendes ikke", "is not known"),
        ({"interests": ["x", "!"]}, "interests[1]", "skal være få ord med bogstaver, fx mad-og-fællesskab", None),
    ],
)  # fmt: skip
def test_the_field_and_the_reason_are_told_in_both_languages(
    sent: Any, field: str, danish: str, english: str | None
) -> None:
    assert told(sent) == {field: danish}
    assert list(told(sent, "en")) == [field]
    assert english is None or told(sent, "en") == {field: english}


def test_no_value_is_told_back() -> None:
    secret = "010203-1234"

    everything = told({name: secret for name in Form.model_fields if name != "name"})

    assert len(everything) == len(Form.model_fields) - 1
    assert secret not in "".join(everything.values())


def test_what_leaves_in_a_file_holds_no_sign_that_nobody_sees() -> None:
    assert printable("æøå\t👩‍🦰\n\x0b\x01\ufffe\uffff!") == "æøå\t👩‍🦰\n!"
