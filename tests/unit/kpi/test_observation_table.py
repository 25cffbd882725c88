"""A CSV file as spreadsheets write it in Denmark: what each line says, or what is wrong with it."""

from datetime import date
from decimal import Decimal

import pytest

from services.kpi.observations.table import Row, read_table

TODAY = date(2023, 7, 1)
JUNE = date(2023, 6, 30)


def read(text: str, encoding: str = "utf-8") -> tuple[list[Row], list[tuple[int, str]]]:
    rows, mistakes = read_table(text.encode(encoding), TODAY)
    return rows, [(each.line, each.error.field) for each in mistakes]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1650", "1650"),
        ("1.650", "1650"),
        ("1650,5", "1650.5"),
        ("1.234.567,25", "1234567.25"),
        ("-3", "-3"),
        ("0", "0"),
    ],
)
def test_numbers_are_read_as_danes_write_them(written: str, number: str) -> None:
    rows, mistakes = read(f"series;value;observed_on\nfollowers;{written};2023-06-30\n")

    assert (rows, mistakes) == ([Row(2, "followers", Decimal(number), JUNE, None)], [])


@pytest.mark.parametrize("written", ["1.65", "1,650.5", "NaN", "1e5", "Infinity", "mange", "1 650", "1,", "--1", "½"])
def test_what_is_no_danish_number_is_no_number(written: str) -> None:
    assert read(f'series;value;observed_on\nfollowers;"{written}";2023-06-30\n') == ([], [(2, "value")])


@pytest.mark.parametrize("written", ["2023-06-30", "30-06-2023", "30.06.2023", "30/6/2023"])
def test_days_are_read_as_people_and_spreadsheets_write_them(written: str) -> None:
    [row], _ = read(f"series;value;observed_on\nfollowers;1;{written}\n")

    assert row.observed_on == JUNE


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("Facebook følgere;1;2023-06-30;", "series"),
        (";1;2023-06-30;", "series"),
        ("followers;;2023-06-30;", "value"),
        ("followers;1;;", "observed_on"),
        ("followers;1;2023-02-30;", "observed_on"),
        ("followers;1;06/30/2023;", "observed_on"),
        ("followers;1;2023-07-02;", "observed_on"),
        ("followers;9999999999999;2023-06-30;", "value"),
        ("followers;1;2023-06-30;" + "x" * 501, "evidence"),
        ("followers;1;2023-06-30;a;b", "line"),
        ("followers;1", "observed_on"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_field_beside_the_lines_that_are_right(line: str, field: str) -> None:
    rows, mistakes = read(f"series;value;observed_on;evidence\nfollowers;1;2023-06-30;\n{line}\nlikes;2;2023-06-30;\n")

    assert mistakes == [(3, field)]
    assert [(row.line, row.series) for row in rows] == [(2, "followers"), (4, "likes")]


def test_every_mistake_of_the_file_is_told_at_once_and_in_two_languages() -> None:
    _, mistakes = read_table(b"series;value;observed_on\n;1;2023-06-30\nlikes;x;2023-06-30\nlikes;1;i dag\n", TODAY)

    assert [(each.line, each.error.field) for each in mistakes] == [(2, "series"), (3, "value"), (4, "observed_on")]
    assert mistakes[0].error.message == ("skal udfyldes", "is required")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_of_any_spreadsheet_are_read(encoding: str, newline: str) -> None:
    lines = ["value,series,evidence,observed_on", '"1.650,5",følgere,"Åses skærmbillede, juni",2023-06-30', ""]

    rows, mistakes = read(newline.join(lines), encoding)

    assert (rows, mistakes) == ([Row(2, "følgere", Decimal("1650.5"), JUNE, "Åses skærmbillede, juni")], [])


def test_lines_are_counted_as_an_editor_does() -> None:
    text = 'series;value;observed_on;evidence\nlikes;1;2023-06-30;"to\nlinjer"\n\nlikes;x;2023-06-30;\n'

    rows, mistakes = read(text)

    assert ([row.line for row in rows], mistakes) == ([2], [(5, "value")])


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("", [(1, "series"), (1, "value"), (1, "observed_on")]),
        ("series;value\n", [(1, "observed_on")]),
        ("series;value;observed_on;navn\n", [(1, "column 4")]),
        ("series;value;observed_on;value\n", [(1, "value")]),
        ('series;value;observed_on\nlikes;1;2023-06-30\nlikes;"1;2023-06-30\n', [(3, "line")]),
        ('series;"value;observed_on\n', [(1, "line")]),
        ("series;value;observed_on\n\x00;1;2023-06-30\n", [(1, "file")]),
    ],
)
def test_a_file_that_is_no_such_table_is_told_what_it_lacks(text: str, mistakes: list[tuple[int, str]]) -> None:
    assert read(text)[1] == mistakes


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"\x81\x8d", b"PK\x03\x04" + bytes(range(256)), b'"' * 1000])
def test_whatever_it_is_it_is_refused_and_nothing_breaks(body: bytes) -> None:
    rows, mistakes = read_table(body, TODAY)

    assert (rows, bool(mistakes)) == ([], True)
