"""Page statistics: a scripted day and the hand count of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI

from services.directory.statistics import rules
from tests.service.directory.centre import BROWSER, Centre, Json, fields_of
from tests.service.directory.test_pageviews import running, viewed
from tests.support.databases import Databases

KLIMA, SUNDHED = "Klima- og Miljøforvaltningen", "Sundhedsforvaltningen"
FIREFOX = BROWSER
CHROME = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0"}
SAFARI = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 (KHTML) Version/17.0"}
BOT = {"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"}
SITE = "socialkompas"


@dataclass
class Street:
    """A household behind one address, and somebody else who lives elsewhere."""

    app: FastAPI
    home: Centre
    away: Centre

    @asynccontextmanager
    async def at(self, moment: str) -> AsyncIterator[None]:
        """That moment (UTC); what is seen during it is written when it ends."""
        with time_machine.travel(moment, tick=False):
            await self.app.state.pageviews.keys.keep()
            yield

    async def written(self, number: int) -> None:
        await viewed(self.home, number)


@pytest.fixture
async def street(make_database: Databases) -> AsyncIterator[Street]:
    url = await make_database.fresh("directory")
    async with running(url) as (app, home), running(url, "203.0.113.99") as (other, elsewhere):
        other.state.pageviews.keys = app.state.pageviews.keys
        yield Street(app, home, Centre(elsewhere.client, elsewhere.database, home.tenant))


async def sees(centre: Centre, page: str, browser: dict[str, str], **more: Any) -> None:
    headers = {name.replace("_", "-"): more.pop(name) for name in ("dnt", "sec_gpc", "cookie") if name in more}
    answer = await centre.post("pageviews", {"site": SITE, "page": page, **more}, browser | headers)
    assert answer.status_code == 202, answer.text


async def sees_by_picture(centre: Centre, page: str, browser: dict[str, str], cookie: str) -> None:
    answer = await centre.get("pageviews/point.gif", browser | {"cookie": cookie}, site=SITE, page=page)
    assert (answer.status_code, answer.headers["content-type"], answer.content[:6]) == (200, "image/gif", b"GIF89a")
    assert "no-store" in answer.headers["cache-control"]


async def link(centre: Centre, unit: str | None) -> tuple[str, str]:
    """The link that staff make, and the cookie of a browser whose person has said yes to it."""
    made = (await centre.post("visit-links", {"unit": unit} if unit else {})).json()
    token = made["url"].partition("#")[2]
    marked = await centre.post("visit-links/mark", {"link": token}, {})
    assert marked.json() == {"unit": unit}
    assert f"Path=/directory/{centre.tenant}" in marked.headers["set-cookie"]
    centre.client.cookies.clear()
    return made["id"], marked.headers["set-cookie"].partition(";")[0]


async def statistics(centre: Centre, **asked: Any) -> Json:
    answer = await centre.get("pagestatistics", centre.staff, site=SITE, **asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def numbers(counted: Json) -> tuple[int, int, int]:
    for word in ("unique_views", "unique_visitors"):
        assert counted[word]["low"] == counted[word]["value"] == counted[word]["high"]
    return counted["views"], counted["unique_views"]["value"], counted["unique_visitors"]["value"]


async def test_a_scripted_day_equals_the_hand_count(street: Street) -> None:
    """Saturday 24 October 2026 and the Sunday after it, which has 25 hours in Denmark."""
    home, away = street.home, street.away
    async with street.at("2026-10-24T21:50:00Z"):  # 23:50.
        _, department = await link(home, SUNDHED)
        _, staff = await link(home, None)
        await sees(home, "/", FIREFOX)
        await sees(home, "/", FIREFOX)
        await sees(home, "/tema/ledelse", FIREFOX)
        await sees(home, "/", CHROME)
        await street.written(4)
    async with street.at("2026-10-24T22:10:00Z"):  # 00:10: another day, and the same browser another visitor.
        await sees(home, "/", FIREFOX)
        await street.written(5)
    async with street.at("2026-10-25T00:30:00Z"):  # 02:30 for the first time.
        await sees(home, "/", FIREFOX)
        await sees(home, "/", CHROME)
        await sees(away, "/", FIREFOX)
        await street.written(8)
    async with street.at("2026-10-25T01:30:00Z"):  # 02:30 once more.
        await sees(home, "/", FIREFOX)
        await sees_by_picture(away, "/om-os", SAFARI, department)
        await sees(away, "/tema/ledelse", SAFARI, cookie=department)
        await sees(home, "/tema/ledelse", FIREFOX, unit=KLIMA)
        await street.written(12)
    async with street.at("2026-10-25T22:30:00Z"):  # 23:30, still Sunday. None of these counts but the last.
        await sees(home, "/", BOT)
        await sees(home, "/", {"user-agent": ""})
        await sees(home, "/", SAFARI, dnt="1")
        await sees(home, "/", SAFARI, sec_gpc="1")
        await sees(home, "/", SAFARI | home.staff)
        await sees(home, "/", SAFARI, cookie=staff)
        await sees_by_picture(home, "/", SAFARI, staff)
        await sees(home, "/om-os", SAFARI)
        await street.written(13)
    async with street.at("2026-10-25T23:10:00Z"):  # Monday, 00:10.
        await sees(home, "/", FIREFOX)
        await street.written(14)
        found = await statistics(home, **{"from": "2026-10-24", "to": "2026-10-25"})
        page = await statistics(home, page="/tema/ledelse", **{"from": "2026-10-24", "to": "2026-10-25"})
        unit = await statistics(home, unit=SUNDHED, **{"from": "2026-10-24", "to": "2026-10-25"})

    # (page views, unique page views, unique visitors), counted by hand.
    assert [(day["day"], *numbers(day)) for day in found["days"]] == [
        ("2026-10-24", 4, 3, 2),
        ("2026-10-25", 9, 7, 5),
    ]
    assert numbers(found) == (13, 10, 7)
    assert [(each["page"], *numbers(each)) for each in found["pages"]] == [
        ("/", 8, 5, 5),
        ("/om-os", 2, 2, 2),
        ("/tema/ledelse", 3, 3, 3),
    ]
    assert [(each["unit"], *numbers(each)) for each in found["units"]] == [(KLIMA, 1, 1, 1), (SUNDHED, 2, 2, 1)]
    assert numbers(page) == (3, 3, 3)
    assert numbers(unit) == (2, 2, 1)
    assert (found["from"], found["to"], found["site"]) == ("2026-10-24", "2026-10-25", SITE)


async def test_one_view_told_twice_is_one(street: Street) -> None:
    async with street.at("2026-03-10T12:00:00Z"):
        for _ in range(3):
            answer = await street.home.post(
                "pageviews", {"site": SITE, "page": "/"}, {}, **FIREFOX, **{"idempotency-key": "abc"}
            )
            assert answer.status_code == 202
        await sees(street.home, "/", CHROME)
        await street.written(2)
        assert numbers(await statistics(street.home)) == (2, 2, 2)


async def test_a_department_is_one_that_the_centre_has_listed(street: Street) -> None:
    async with street.at("2026-03-10T12:00:00Z"):
        await street.home.organisation(name="Kulturforvaltningen", kind="municipal_unit", sector="public")
        await street.home.organisation(name="Anna Hansen")
        for unit in ("Kulturforvaltningen", SUNDHED, "Anna Hansen", "Teknisk Forvaltning"):
            await sees(street.home, "/", FIREFOX, unit=unit)
        facts = [fact for fact in await viewed(street.home, 6) if fact["type"] == "kompas.web.page.viewed.v1"]
        found = await statistics(street.home)

    assert [fact["data"].get("unit") for fact in facts] == ["Kulturforvaltningen", SUNDHED, None, None]
    assert [each["unit"] for each in found["units"]] == ["Kulturforvaltningen", SUNDHED]
    assert numbers(found) == (4, 1, 1)


async def test_a_link_that_was_ended_or_never_was_says_nothing(street: Street) -> None:
    async with street.at("2026-03-10T12:00:00Z"):
        id, cookie = await link(street.home, "Teknik- og Miljøafdelingen")
        token = cookie.partition("=")[2]
        await sees(street.home, "/", FIREFOX, link=token)
        await sees(street.home, "/", FIREFOX, link="x" * 43)
        await street.written(2)
        assert (await street.home.call("DELETE", f"visit-links/{id}", street.home.staff)).status_code == 204
        await sees(street.home, "/om-os", CHROME, link=token)
        await street.written(3)
        found = await statistics(street.home)
        refused = await street.home.post("visit-links/mark", {"link": token}, {})
        (listed,) = await street.home.found("visit-links", street.home.staff)

    assert [(each["unit"], *numbers(each)) for each in found["units"]] == [("Teknik- og Miljøafdelingen", 1, 1, 1)]
    assert refused.status_code == 404
    assert (listed["id"], listed["ended_on"], "url" in listed) == (id, "2026-03-10", False)


async def test_made_up_pages_fill_no_table(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ROWS", 3)
    async with street.at("2026-03-10T12:00:00Z"):
        for number in range(5):
            await sees(street.home, f"/side-{number}", FIREFOX)
            await street.written(number + 1)
        await sees(street.home, "/side-0", CHROME)
        await street.written(6)
        known = await statistics(street.home)
        others = (await street.home.get("pagestatistics", street.home.staff, site="andre")).json()

    assert {each["page"]: each["views"] for each in known["pages"]} == {"/side-0": 2, "/side-1": 1, "/side-2": 1}
    assert others["views"] == 0
    assert await street.home.count("page_days") == 4


async def test_statistics_as_a_table_and_what_may_be_asked(street: Street) -> None:
    home = street.home
    async with street.at("2026-03-10T12:00:00Z"):
        await sees(home, "/", FIREFOX)
        await street.written(1)
        table = await home.get("pagestatistics", home.staff | {"accept-language": "da"}, site=SITE, format="csv")
        wrong = [
            await home.get("pagestatistics", home.staff, site=SITE, **asked)
            for asked in (
                {"from": "2026-03-11", "to": "2026-03-10"},
                {"from": "2025-01-01", "to": "2026-03-10"},
                {"from": "1700000000"},
            )
        ]
        denied = await home.get("pagestatistics", site=SITE)

    assert table.content.decode("utf-8-sig").splitlines()[:3] == [
        "Fra;Til;Side;Forvaltning;Sidevisninger;Unikke sidevisninger;Unikke besøgende",
        "2026-02-09;2026-03-10;;;1;1;1",
        "2026-03-10;2026-03-10;;;1;1;1",
    ]
    assert [(answer.status_code, fields_of(answer)) for answer in wrong] == [(422, ["from"])] * 3
    assert denied.status_code == 401
