"""How things look in the terminal: Danish numbers, bars, colours, tables."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

BAR_WIDTH = 20
COLOURS = {
    "reached": "green", "mostly_reached": "yellow", "not_reached": "red", "changed": "blue",
    "not_started": "bright_black", "too_few": "bright_black",
}  # fmt: skip
RESULTS = {
    "reached": "nået", "mostly_reached": "næsten nået", "not_reached": "ikke nået", "changed": "ændret",
    "not_started": "ikke begyndt", "too_few": "for få svar",
}  # fmt: skip


def danish(number: float | None, decimals: int = 1) -> str:
    """11000 → `11.000`, 90.909 → `90,9`."""
    if number is None:
        return "–"
    written = f"{number:,.0f}" if float(number).is_integer() else f"{number:,.{decimals}f}"
    return written.translate(str.maketrans(",.", ".,"))


def bar(value: float | None, target: float | None) -> str:
    share = min(1.0, max(0.0, (value or 0) / target)) if target else 0.0
    # Full only when it is there: 99 % must not look like 100.
    filled = int(share * BAR_WIDTH)
    return "█" * filled + "░" * (BAR_WIDTH - filled)


def goals_table(plan: str, goals: Iterable[Mapping[str, Any]], width: int) -> Table:
    """Everything but the statement has its full width: a narrow terminal shortens the words and never the numbers."""
    goals = list(goals)
    table = Table(title=plan, title_justify="left", header_style="bold", box=None, pad_edge=False)
    others = (max([3, *(len(goal["id"]) for goal in goals)]), 6, 6, BAR_WIDTH, 12)
    table.add_column("Mål", width=others[0])
    table.add_column("Det vil vi", width=max(16, width - sum(others) - 2 * len(others)), no_wrap=True)
    table.add_column("Nu", justify="right", width=others[1])
    table.add_column("Af", justify="right", width=others[2])
    table.add_column("", width=others[3])
    table.add_column("Resultat", width=others[4])
    for goal in goals:
        value, target = _number(goal["value"]), _number(goal["target"])
        colour = COLOURS.get(goal["result"], "white")
        table.add_row(
            goal["id"],
            goal["statement"],
            Text(danish(value) if value is not None else goal.get("shown") or "–", colour),
            danish(target),
            Text(bar(value, target), colour),
            Text(RESULTS.get(goal["result"], goal["result"]), colour),
        )
    return table


def _number(given: Any) -> float | None:
    return None if given is None else float(given)


def print_goals(console: Console, plan: str, goals: Iterable[Mapping[str, Any]]) -> None:
    console.print(goals_table(plan, goals, console.width))
