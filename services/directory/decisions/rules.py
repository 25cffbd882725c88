"""Rules for telling editors what was decided about their changes: when, whether it still holds, in what words. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.directory.changes.rules import State
from services.directory.freshness.rules import named
from shared.errors import Language, Text

# Staff decide about an association's changes one after the other, and take back at once what was a slip: when they
# have been quiet for so long, one letter tells of all. Whoever is never quiet keeps nobody waiting beyond an hour.
QUIET, AT_LATEST = timedelta(minutes=10), timedelta(hours=1)
# Notify gives a mail up after three days. Then it needs no address any more.
FORGET_AFTER = timedelta(days=7)


class Outcome(StrEnum):
    """What became of a change: everybody sees it (`shown`), will see it on a day (`planned`), or it was `returned`."""

    SHOWN = "shown"
    PLANNED = "planned"
    RETURNED = "returned"


SAID = {
    Outcome.SHOWN: Text("Vises nu", "Shown now"),
    Outcome.PLANNED: Text("Vises fra den valgte dag", "Shown from the chosen day"),
    Outcome.RETURNED: Text("Det gælder", "It is about"),
}


def ripe(decided: Collection[datetime], now: datetime) -> bool:
    """Whether to write about what was decided then and is not told yet."""
    return now >= min(max(decided) + QUIET, min(decided) + AT_LATEST)


def outcome(state: State, *, shown: bool, planned: bool, undone: bool) -> Outcome | None:
    """What there is to tell of a change as it stands; nothing of one that its author writes again or has given up,
    nor of one that was approved and is not to be seen after all."""
    if state is State.RETURNED:
        return Outcome.RETURNED
    if state is not State.APPROVED or undone:
        return None
    if shown:
        return Outcome.SHOWN
    return Outcome.PLANNED if planned else None


def undone(decided: Collection[Mapping[str, Any]], current: Mapping[str, Any]) -> bool:
    """Whether the entry says again in every field what it said before. One that staff have corrected since does not."""
    return bool(decided) and all(current.get(each["field"]) == each["before"] for each in decided)


def words(told: Iterable[tuple[Outcome, str]], language: Language) -> str:
    """What a letter names: for each outcome a line, `Vises nu: Spis sammen, Café Klare og 3 andre`."""
    titles: dict[Outcome, dict[str, None]] = {}
    for became, title in told:
        titles.setdefault(became, {})[title] = None
    lines = [
        f"{said.read(language)}: {named(list(titles[became]), language)}"
        for became, said in SAID.items()
        if became in titles
    ]
    return "\n".join(lines)
