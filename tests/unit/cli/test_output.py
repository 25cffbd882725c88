"""How numbers and goals look in a terminal."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from kompas.cli.output import bar, danish, print_goals


@pytest.mark.parametrize(
    ("number", "written"),
    [(11000, "11.000"), (0, "0"), (90.909, "90,9"), (1234567.5, "1.234.567,5"), (1935.0, "1.935"), (None, "–")],
)
def test_numbers_are_danish(number: float | None, written: str) -> None:
    assert danish(number) == written


def test_a_bar_is_full_only_when_the_target_is_there() -> None:
    assert bar(99.9, 100).count("█") == 19
    assert bar(100, 100).count("█") == 20
    assert bar(250, 100).count("█") == 20


@pytest.mark.parametrize("value", [None, 0, -3])
def test_nothing_is_an_empty_bar(value: float | None) -> None:
    assert bar(value, 100) == "░" * 20


def test_the_table_tells_each_goal_with_its_result_in_danish() -> None:
    goals: list[dict[str, Any]] = [
        {"id": "K.1", "statement": "Hjemmeside: 11.000 unikke besøgende", "value": 10379, "target": 11000,
         "result": "mostly_reached"},
        {"id": "4.1", "statement": "Alle interessenter", "value": None, "target": 100, "result": "not_started"},
    ]  # fmt: skip
    console = Console(width=120, record=True, file=StringIO())

    print_goals(console, "odense-2023", goals)

    text = console.export_text()
    assert "10.379" in text
    assert "11.000 unikke besøgende" in text
    assert "næsten nået" in text
    assert "ikke begyndt" in text


def test_a_narrow_terminal_shortens_the_words_and_never_the_numbers() -> None:
    goal = {"id": "K.1", "statement": "Hjemmeside: 11.000 unikke besøgende i løbet af hele året", "value": 10379,
            "target": 11000, "result": "mostly_reached"}  # fmt: skip
    console = Console(width=80, record=True, file=StringIO())

    print_goals(console, "odense-2023", [goal])

    *_, row = console.export_text().strip().splitlines()
    assert row.startswith("K.1")
    assert "10.379" in row
    assert "…" in row
    assert row.strip().endswith("næsten nået")
