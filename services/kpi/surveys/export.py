"""Every answer as lines of text that a Danish Excel opens: for staff, and the only way out for what people wrote."""

import csv
import io
from collections.abc import Mapping, Sequence
from uuid import UUID

from services.kpi.followup.spreadsheet import ACTIVE
from services.kpi.surveys.models import Response
from services.kpi.surveys.rules import Asked
from shared.errors import Language, Text

COLUMNS = (Text("Forenings-id", "Association's id"), Text("Forening", "Association"), Text("Besvaret", "Answered"))
YES, NO = Text("ja", "yes"), Text("nej", "no")


def to_csv(
    asked: Sequence[Asked], answers: Sequence[Response], names: Mapping[UUID, str | None], language: Language
) -> bytes:
    """With semicolons and a byte order mark. `names` are those that associations were invited under."""
    stored = io.StringIO(newline="")
    lines = csv.writer(stored, delimiter=";", lineterminator="\r\n")
    lines.writerow([*(title.read(language) for title in COLUMNS), *(_inert(question.text) for question in asked)])
    for each in answers:
        name = _inert(names.get(each.organisation_id) or "")
        given = [_cell(each.answers.get(question.key), language) for question in asked]
        lines.writerow([str(each.organisation_id), name, each.answered_on.isoformat(), *given])
    return stored.getvalue().encode("utf-8-sig")


def _cell(answer: object, language: Language) -> str:
    match answer:
        case None:
            return ""
        case bool():
            return (YES if answer else NO).read(language)
        case int() | float():
            return str(answer).replace(".", ",") if language == "da" else str(answer)
        case _:
            return _inert(str(answer))


def _inert(text: str) -> str:
    """A spreadsheet must not take what somebody wrote for a formula."""
    return f"'{text}" if text.startswith(ACTIVE) else text
