"""What is learnt of searches: a fact without words, gaps that many have met, and each association's own account."""

import json
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from tests.service.directory.centre import BROWSER, Centre, Json
from tests.support.waiting import eventually


async def ask(centre: Centre, visitor: int = 1, **query: Any) -> Json:
    agent = {"user-agent": f"{BROWSER['user-agent']} {visitor}"}
    answer = await centre.get(
        "activities", agent, **{name: value for name, value in query.items() if value is not None}
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def written(app: FastAPI) -> None:
    await app.state.counting.write()


async def facts(centre: Centre) -> list[Json]:
    async with centre.database.transaction(centre.tenant) as session:
        rows = await (await session.connection()).execute(
            text("select payload from outbox where type = 'kompas.web.search.performed.v1' order by id")
        )
        return [json.loads(payload) for (payload,) in rows]


async def test_a_search_becomes_a_fact_without_words_and_without_anybody(centre: Centre) -> None:
    await centre.activity(await centre.organisation(), title="Kor", themes=["musik"])

    await ask(centre, q="Amina Hansen 12345678", weekday=2, near="55.4,10.4")
    await ask(centre, q="kor", theme="musik", site="frivilligcenter")
    await ask(centre)
    await centre.get("activities", centre.staff | BROWSER, q="kor")
    await centre.get("activities", {"user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}, q="kor")

    async def both() -> list[Json]:
        told = await facts(centre)
        assert len(told) == 2
        return told

    told = await eventually(both)
    assert [each["data"] for each in told] == [
        {"site": "socialkompas", "result_count": 0, "words": True, "filters": ["near", "weekday"]},
        {"site": "frivilligcenter", "result_count": 1, "words": True, "filters": ["theme"]},
    ]
    assert [each["subject"] for each in told] == ["socialkompas", "frivilligcenter"]
    assert "amina" not in json.dumps(told).lower()


async def test_only_what_five_visitors_looked_for_in_vain_is_shown(centre: Centre, app: FastAPI) -> None:
    await centre.activity(await centre.organisation(), title="Kor")
    for visitor in range(4):
        await ask(centre, visitor, q="Padeltennis", weekday=2 if visitor % 2 else None)
    await ask(centre, 3, q="padeltennis")
    await written(app)

    hidden = (await centre.get("search/gaps", centre.staff)).json()
    await ask(centre, 5, q="padeltennis!")
    for visitor in range(6):
        await ask(centre, visitor, q="ring til Bo på 20 12 34 56")
        await ask(centre, visitor, q="kor")
    await written(app)
    shown = (await centre.get("search/gaps", centre.staff)).json()

    assert hidden["items"] == []
    (gap,) = shown["items"]
    assert (gap["words"], gap["searches"], gap["filters"]) == ("padeltennis", 6, {"weekday": 2})
    assert (await centre.neighbour().get("search/gaps", centre.neighbour().staff)).json()["items"] == []
    association = centre.association((await centre.organisation())["id"])
    assert (await centre.get("search/gaps", association)).status_code == 403


async def test_what_few_looked_for_is_forgotten_with_the_month(centre: Centre, app: FastAPI) -> None:
    for visitor in range(6):
        await ask(centre, visitor, q="trampolin")
    await ask(centre, 1, q="min hemmelighed")
    await written(app)
    await centre.run(
        "update search_gaps set month = month - interval '1 month', day = day - interval '1 month'",
        "update search_marks set month = month - interval '1 month'",
    )

    app.state.counting._month = None
    await written(app)

    assert [each["words"] for each in (await centre.get("search/gaps", centre.staff)).json()["items"]] == ["trampolin"]
    assert await centre.count("search_marks") == 0
    assert await centre.count("search_gaps") == 1


async def test_marks_of_one_visitor_cannot_be_told_to_be_one_visitors(centre: Centre, app: FastAPI) -> None:
    for words in ("kajak", "klatring"):
        await ask(centre, q=words)
    silent = {"user-agent": BROWSER["user-agent"], "dnt": "1"}
    await centre.get("activities", silent, q="svævefly")
    await written(app)

    async with centre.database.transaction(centre.tenant) as session:
        rows = (await (await session.connection()).execute(text("select words, mark from search_marks"))).all()
    assert sorted(words for words, _ in rows) == ["kajak", "klatring"]
    assert len({bytes(mark) for _, mark in rows}) == 2


async def test_an_association_sees_how_often_its_own_was_shown_and_opened(centre: Centre, app: FastAPI) -> None:
    cafe, choir = await centre.organisation(), await centre.organisation(name="Koret")
    meal, song = await centre.activity(cafe, title="Spis med"), await centre.activity(choir, title="Syng med")

    await ask(centre, q="med")
    await ask(centre, q="spis")
    await centre.get("activities", centre.staff | BROWSER)
    await centre.get(f"find/{meal['id']}", BROWSER)
    await centre.get(f"find/{song['id']}", centre.staff | BROWSER)
    await written(app)

    own = (await centre.get(f"organisations/{cafe['id']}/shown", centre.association(cafe["id"]))).json()
    others = (await centre.get(f"organisations/{choir['id']}/shown", centre.staff)).json()
    assert (own["shown"], own["opened"]) == (2, 1)
    assert own["entries"] == [{"activity_id": meal["id"], "shown": 2, "opened": 1}]
    assert [(each["shown"], each["opened"]) for each in own["days"]] == [(2, 1)]
    assert (others["shown"], others["opened"]) == (1, 0)
    refused = await centre.get(f"organisations/{choir['id']}/shown", centre.association(cafe["id"]))
    assert refused.status_code == 403
