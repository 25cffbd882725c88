"""Who is counted as whom: hashes, crawlers, and what a page is called."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.directory.pageviews.bots import is_bot
from services.directory.pageviews.rules import visitor
from services.directory.pageviews.schemas import NewPageview

KEY = b"k" * 32
AMINA: dict[str, Any] = {
    "tenant": "odense",
    "site": "socialkompas",
    "day": date(2026, 11, 21),
    "address": "192.0.2.7",
    "user_agent": "Mozilla/5.0 Firefox/128.0",
}


def test_the_same_browser_is_the_same_visitor_all_day() -> None:
    assert visitor(KEY, **AMINA) == visitor(KEY, **AMINA)
    assert len(visitor(KEY, **AMINA)) == 32


@pytest.mark.parametrize(
    "other",
    [
        {"key": b"l" * 32},
        {"tenant": "slagelse"},
        {"site": "frivilligcenter"},
        {"day": date(2026, 11, 22)},
        {"address": "192.0.2.8"},
        {"user_agent": "Mozilla/5.0 Firefox/129.0"},
        {"address": "192.0.2.7\0Mozilla/5.0", "user_agent": "Firefox/128.0"},
    ],
    ids=str,
)
def test_whatever_differs_is_another_visitor(other: dict[str, Any]) -> None:
    assert visitor(**{"key": KEY} | AMINA | other) != visitor(KEY, **AMINA)


@pytest.mark.parametrize(
    ("user_agent", "bot"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36", False),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            False,
        ),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)", True),
        ("curl/8.5.0", False),
        ("python-httpx2/1.0", False),
        ("Mozilla/5.0 (compatible; curl/8.5.0; Googlebot/2.1)", True),
        ("", True),
    ],
)
def test_crawlers_and_the_nameless_are_bots(user_agent: str, bot: bool) -> None:
    assert is_bot(user_agent) is bot


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        ("/", "/"),
        ("/tema/ledelse", "/tema/ledelse"),
        ("/tema/ledelse/", "/tema/ledelse"),
        ("/tema/ledelse?q=ensom&email=amina@example.com", "/tema/ledelse"),
        ("/tema/ledelse#amina", "/tema/ledelse"),
        ("/tema/l%C3%A6ring", "/tema/læring"),
        ("/tema/læring", "/tema/læring"),
        ("/?x", "/"),
    ],
)
def test_a_page_has_one_name(sent: str, page: str) -> None:
    assert NewPageview(site="socialkompas", page=sent).page == page


@pytest.mark.parametrize("sent", ["", "tema", "?q=x", "/amina@example.com", "/a b", "/a%00b", "/" + "x" * 200, None, 7])
def test_what_is_no_path_is_refused(sent: Any) -> None:
    with pytest.raises(ValidationError):
        NewPageview(site="socialkompas", page=sent)
