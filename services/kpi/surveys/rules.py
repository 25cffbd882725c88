"""What an answer must be like, and what of it others may learn. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.errors import FieldError, Text

Kind = Literal["number", "yes_no", "choice", "text"]
Answers = Mapping[str, bool | int | float | str]

LONGEST_TEXT = 2_000
LARGEST_NUMBER = 1_000_000_000
NO_NUMBER = Text("skal være et tal fra 0 til en milliard", "must be a number from 0 to a billion")
NO_TEXT = Text(f"skal være tekst på højst {LONGEST_TEXT} tegn", f"must be text of at most {LONGEST_TEXT} characters")
# A week is enough to gather the numbers, two days to send what lies ready.
REMIND_DAYS_BEFORE = (7, 2)


@dataclass(frozen=True, slots=True)
class Asked:
    key: str
    kind: str
    choices: Sequence[str] | None
    text: str = ""


def mistakes(asked: Sequence[Asked], answers: Answers) -> list[FieldError]:
    """Everything that is wrong with the answers, each with its field. A question may be left out."""
    by_key = {question.key: question for question in asked}
    found = []
    for key, answer in answers.items():
        wrong = _wrong(by_key[key], answer) if key in by_key else Text("kendes ikke", "is not known")
        if wrong:
            found.append(FieldError(f"answers.{key}", wrong))
    return found or ([] if answers else [FieldError("answers", Text("skal udfyldes", "is required"))])


def _wrong(question: Asked, answer: object) -> Text | None:
    match question.kind:
        case "yes_no":
            return None if isinstance(answer, bool) else Text("skal være sand eller falsk", "must be true or false")
        case "number":
            if isinstance(answer, int | float) and not isinstance(answer, bool) and 0 <= answer <= LARGEST_NUMBER:
                return None
            return NO_NUMBER
        case "choice":
            choices = question.choices or ()
            listed = ", ".join(choices)
            return None if answer in choices else Text(f"skal være en af: {listed}", f"must be one of: {listed}")
        case _:
            fits = isinstance(answer, str) and 0 < len(answer) <= LONGEST_TEXT and "\0" not in answer
            return None if fits else NO_TEXT


def takes_answers(state: str, closes_on: date | None, today: date) -> bool:
    """Until the last day is over on a Danish calendar, also while nobody has got round to closing it."""
    return state == "open" and (closes_on is None or today <= closes_on)


def public(asked: Sequence[Asked], answers: Answers) -> dict[str, bool | int | float]:
    """What goals need: numbers and yes or no. What people wrote stays with the centre they wrote it to."""
    countable = {question.key for question in asked if question.kind in ("number", "yes_no")}
    return {key: answer for key, answer in answers.items() if key in countable and not isinstance(answer, str)}


def response_rate(responses: int, invited: int | None) -> float | None:
    """In per cent. More than a hundred says that more have answered than were asked, which is worth seeing."""
    return None if not invited else round(100 * responses / invited, 1)
