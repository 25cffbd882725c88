"""What finding adds to words: counts of each kind, places, times, fair turns, and an index that is never behind."""

import asyncio
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from services.directory.main import create_app
from services.directory.search import following
from services.directory.search.following import Index
from shared.metrics import Metrics
from tests.service.directory.centre import BROWSER, Centre, Json
from tests.support.databases import disposing
from tests.support.waiting import PATIENCE, eventually

BOLBRO, TARUP = (55.392, 10.345), (55.418, 10.347)


async def titles(centre: Centre, **query: Any) -> set[str]:
    return {each["title"] for each in await centre.found("activities", **query)}


async def place(centre: Centre, name: str, postcode: str, point: tuple[float, float]) -> None:
    await centre.run(
        "insert into localities (tenant, id, version, name, kind, postcodes, latitude, longitude) values"
        f" ('{centre.tenant}', gen_random_uuid(), 1, '{name}', 'district', '{{{postcode}}}', {point[0]}, {point[1]})"
    )


async def described(centre: Centre, activity: Json, **columns: str) -> None:
    changes = ", ".join(f"{name} = {value}" for name, value in columns.items())
    await centre.run(f"update activities set {changes} where id = '{activity['id']}'")


async def test_each_kind_is_counted_as_if_only_its_own_choice_were_open(centre: Centre) -> None:
    cafe = await centre.organisation()
    await centre.activity(cafe, title="Kor for unge", themes=["musik"], target_groups=["unge"], locality="Tarup")
    await centre.activity(cafe, title="Kor for alle", themes=["musik"], target_groups=["alle"], locality="Bolbro")
    await centre.activity(cafe, title="Strik", themes=["håndarbejde"], target_groups=["unge"], locality="Bolbro")

    found = (await centre.get("activities", target_group="unge")).json()
    words = (await centre.get("activities", q="kor", locality="bolbro")).json()

    assert found["count"] == 2
    assert found["facets"]["target_group"] == {"unge": 2, "alle": 1}
    assert found["facets"]["theme"] == {"håndarbejde": 1, "musik": 1}
    assert found["facets"]["locality"] == {"Bolbro": 1, "Tarup": 1}
    assert words["facets"]["locality"] == {"Bolbro": 1, "Tarup": 1}
    assert words["facets"]["theme"] == {"musik": 1}
    assert words["facets"]["language"] == {"ar": 1, "da": 1}
    assert words["facets"]["form"] == {"physical": 1}
    assert words["facets"]["price"] == {"unknown": 1}


async def test_days_prices_forms_and_access_narrow(centre: Centre) -> None:
    cafe = await centre.organisation()
    monday = await centre.activity(cafe, title="Gratis om mandagen")
    await described(
        centre,
        monday,
        price="0",
        form="'both'",
        accessibility="'{step_free,hearing_loop}'",
        schedules="""'[{"weekday": 0, "from": "10:00", "to": "12:00", "every": "week"}]'""",
    )
    dear = await centre.activity(cafe, title="Dyr")
    await described(centre, dear, price="100", accessibility="'{step_free}'")

    for query in (
        {"weekday": 0},
        {"price": "free"},
        {"form": "digital"},
        {"access": ["step_free", "hearing_loop"]},
        {"q": "gratis"},
        {"q": "mandag"},
    ):
        assert await titles(centre, **query) == {"Gratis om mandagen"}, query
    assert await titles(centre, form="physical", access="step_free") == {"Gratis om mandagen", "Dyr"}
    assert await titles(centre, price="more") == {"Dyr"}


async def test_near_a_postcode_or_a_place_that_the_centre_knows(centre: Centre) -> None:
    await place(centre, "Bolbro", "5200", BOLBRO)
    await place(centre, "Tarup", "5210", TARUP)
    cafe = await centre.organisation()
    await centre.activity(cafe, title="I Bolbro", locality="Bolbro")
    await centre.activity(cafe, title="I Tarup", locality="Tarup")
    own = await centre.activity(cafe, title="På havnen", locality="Bolbro")
    await described(centre, own, latitude="55.405", longitude="10.385")
    await centre.activity(cafe, title="Et sted", locality=None)

    near = [each["title"] for each in await centre.found("activities", near="5210", radius_km=20)]

    assert near[0] == "I Tarup"
    assert set(near) == {"I Tarup", "I Bolbro", "På havnen"}
    assert await titles(centre, near="bolbro", radius_km=1) == {"I Bolbro"}
    assert await titles(centre, near="55.405,10.385", radius_km=1) == {"På havnen"}
    assert await titles(centre, near="5210", radius_km=20, q="bolbro") == {"I Bolbro", "På havnen"}


async def test_what_is_over_is_not_found(centre: Centre) -> None:
    cafe = await centre.organisation()
    over = await centre.activity(cafe, title="Overstået")
    await described(centre, over, expires_on="current_date - 2")

    assert await titles(centre) == set()
    await described(centre, over, expires_on="current_date + 2")
    assert await titles(centre) == {"Overstået"}


async def test_a_slip_is_put_right_and_said_to_be(centre: Centre) -> None:
    await centre.activity(await centre.organisation(), title="Fællesspisning")

    found = (await centre.get("activities", q="fælesspising")).json()

    assert ([each["title"] for each in found["items"]], found["corrected"]) == (["Fællesspisning"], "fællesspisning")
    assert (await centre.get("activities", q="faellesspisning")).json()["corrected"] is None


async def test_while_somebody_types_words_and_titles_are_suggested(centre: Centre) -> None:
    cafe = await centre.organisation()
    await centre.activity(cafe, title="Strikkecafé i Tarup")
    await centre.neighbour().activity(await centre.neighbour().organisation(), title="Strikkeri hos naboen")

    assert len(await titles(centre)) == 1  # Suggestions do not wait for the newest changes; an answer does.
    begun = (await centre.get("activities/suggestions", q="strikkec")).json()
    wrong = (await centre.get("activities/suggestions", q="strikkecefe")).json()
    nothing = (await centre.get("activities/suggestions", q="!")).json()

    assert begun == {"words": ["strikkecafe"], "titles": ["Strikkecafé i Tarup"]}
    assert wrong["words"] == ["strikkecafe"]
    assert nothing == {"words": [], "titles": []}


async def test_staff_say_what_a_word_also_means(centre: Centre) -> None:
    cafe = await centre.organisation()
    await centre.activity(cafe, title="Brunch for enlige forældre")
    await centre.activity(cafe, title="Gåtur", description="Samvær i skoven")
    path = "search/synonyms/Solomor"

    assert await titles(centre, q="solomor") == set()
    put = await centre.call("PUT", path, centre.staff, {"finds": ["enlige forældre"]})
    assert (put.status_code, put.json()) == (200, {"word": "solomor", "finds": ["enlige forældre"], "default": False})
    assert await titles(centre, q="solomor") == {"Brunch for enlige forældre"}
    assert await titles(centre.neighbour(), q="solomor") == set()

    assert "Gåtur" in await titles(centre, q="ensom")
    await centre.call("PUT", "search/synonyms/ensom", centre.staff, {"finds": []})
    assert await titles(centre, q="ensom") == set()
    listed = {each["word"]: each for each in (await centre.get("search/synonyms", centre.staff)).json()["items"]}
    assert (listed["ensom"]["finds"], listed["ensom"]["default"], listed["alene"]["default"]) == ([], False, True)

    assert (await centre.call("DELETE", path, centre.staff)).status_code == 204
    assert (await centre.call("DELETE", path, centre.staff)).status_code == 404
    assert await titles(centre, q="solomor") == set()
    assert (await centre.call("PUT", "search/synonyms/!", centre.staff, {"finds": []})).status_code == 422


async def test_an_answer_knows_every_change_made_before_the_question(centre: Centre) -> None:
    """Also those that were made elsewhere: here directly in the database."""
    cafe = await centre.organisation(name="Den gamle forening")
    activity = await centre.activity(cafe, title="Kor")

    assert await titles(centre, q="kor") == {"Kor"}
    await described(centre, activity, title="'Orkester'")
    assert await titles(centre, q="kor") == set()
    assert await titles(centre, q="orkester") == {"Orkester"}
    await centre.run(f"update organisations set name = 'Musikforeningen' where id = '{cafe['id']}'")
    assert await titles(centre, q="musikforeningen") == {"Orkester"}
    await centre.done(f"activities/{activity['id']}/withdraw")
    assert await titles(centre) == set()
    await centre.done(f"activities/{activity['id']}/publish")
    assert await titles(centre, q="orkester") == {"Orkester"}


async def test_a_process_that_starts_reads_what_is_there_and_a_change_undone_is_none(centre: Centre) -> None:
    activity = await centre.activity(await centre.organisation(), title="Skak")
    other = Index(centre.database, Metrics("directory"))

    async with other.following():
        await eventually(lambda: _true(other.ready))
        assert [len(other.of(centre.tenant)), len(other.of("elsewhere"))] == [1, 0]
        try:
            async with centre.database.transaction(centre.tenant) as session:
                connection = await session.connection()
                await connection.exec_driver_sql(f"update activities set title = 'Dam' where id = '{activity['id']}'")
                raise RuntimeError
        except RuntimeError:
            pass
        await described(centre, activity, description="'Brikker'")
        await other.current()
        (entry,) = [entry for part in other.of(centre.tenant).parts for entry in part.entries()]
        assert (entry.title, b"Brikker" in entry.answer) == ("Skak", True)


async def test_whoever_asks_while_the_database_hangs_is_answered_from_what_is_known(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = await centre.activity(await centre.organisation(), title="Skak")
    other = Index(centre.database, Metrics("directory"))
    monkeypatch.setattr(following, "PATIENCE", 0.2)

    async with other.following():
        await eventually(lambda: _true(other.ready))
        async with centre.database.transaction(centre.tenant) as session:
            connection = await session.connection()
            await connection.exec_driver_sql("lock table search_changes in access exclusive mode")
            await connection.exec_driver_sql(f"update activities set title = 'Dam' where id = '{activity['id']}'")
            async with asyncio.timeout(30):
                # The first waits for the look that hangs, the others for the one after it.
                for asking in (1, 2, 2):
                    await asyncio.gather(*(other.current() for _ in range(asking)))
            assert [entry.title for part in other.of(centre.tenant).parts for entry in part.entries()] == ["Skak"]
        monkeypatch.setattr(following, "PATIENCE", PATIENCE)
        await other.current()
        assert [entry.title for part in other.of(centre.tenant).parts for entry in part.entries()] == ["Dam"]


async def _true(ready: bool) -> None:
    assert ready


async def test_nothing_of_another_centre_is_ever_in_an_answer(centre: Centre, app: FastAPI) -> None:
    ours, theirs = centre, centre.neighbour()
    await ours.activity(await ours.organisation(), title="Hemmelig kagebagning", themes=["vores-tema"])
    await theirs.activity(await theirs.organisation(), title="Nabohaven", themes=["deres-tema"])

    for query in ({}, {"q": "hemmelig"}, {"q": "kagebagnin"}, {"theme": "vores-tema"}, {"near": "55.4,10.3"}):
        assert "kage" not in (await theirs.get("activities", **query)).text.lower()
    assert (await theirs.get("activities/suggestions", q="kageb")).json() == {"words": [], "titles": []}
    held = app.state.index.of(theirs.tenant)
    assert {entry.title for part in held.parts for entry in part.entries()} == {"Nabohaven"}


async def test_pages_hold_while_others_publish(centre: Centre) -> None:
    organisations = [await centre.organisation(name=f"Forening {number}") for number in range(3)]
    there = {
        (await centre.activity(organisations[number % 3], title="Kor", description=f"Nummer {number}"))["id"]
        for number in range(9)
    }

    seen, cursor = list[str](), None
    while True:
        more: dict[str, str] = {"cursor": cursor} if cursor else {}
        page = (await centre.get("activities", q="kor", limit=2, **more)).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
        if len(seen) == 4:
            await centre.activity(await centre.organisation(name="Ny forening"), title="Kor")

    assert len(seen) == len(set(seen))
    assert there <= set(seen)


async def test_until_it_has_read_everything_the_database_answers(centre: Centre, app: FastAPI) -> None:
    activity = await centre.activity(await centre.organisation(), title="Gåtur")
    unread = create_app(app.state.settings)

    async with (
        disposing(unread.state.database),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(unread), base_url="http://directory") as client,
    ):
        answer = await client.get(f"/directory/{centre.tenant}/activities", params={"q": "gåture"}, headers=BROWSER)

    assert [each["id"] for each in answer.json()["items"]] == [activity["id"]]
    assert answer.json()["facets"] == {}
