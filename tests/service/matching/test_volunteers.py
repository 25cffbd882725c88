"""Saying yes to volunteering, and taking it back."""

from typing import Any
from uuid import uuid4

import pytest

from tests.service.matching.centre import AMINA, CITIZEN, YES, Centre, fields_of
from tests.support.people import bearer


async def test_anybody_says_yes_and_gets_a_token_to_take_it_back(centre: Centre) -> None:
    answer = await centre.post("volunteers", CITIZEN, YES)

    assert answer.status_code == 201
    assert answer.json()["id"] in answer.headers["location"]
    assert answer.json()["state"] == "registered"
    assert len(answer.json()["manage_token"]) > 40


async def test_the_fact_carries_what_and_where_and_never_who(centre: Centre) -> None:
    made = await centre.volunteer(
        interests=["Besøgsven", "karen-hansen"],
        contact=AMINA | {"name": "Åse Ø. Sørensen", "email": "aase@example.com"},
    )

    (event,) = await centre.stated(made["id"])
    assert event["type"] == "kompas.matching.volunteer.registered.v1"
    assert event["sequence"] == 1
    # "karen-hansen" has the shape of an interest; only the list knows that it is none.
    assert event["data"]["interests"] == ["besøgsven"]
    assert (event["data"]["locality"], event["data"]["languages"]) == ("Vollsmose", ["da", "so"])
    assert not any(word in str(event) for word in ("Åse", "aase", "karen", "2012", made["manage_token"]))


async def test_a_place_that_is_no_known_place_stays_out_of_the_fact(centre: Centre) -> None:
    made = await centre.volunteer(locality="Karen Hansen")

    (event,) = await centre.stated(made["id"])
    seen = await centre.get(f"volunteers/{made['id']}", centre.staff)
    assert "locality" not in event["data"]
    assert seen.json()["locality"] == "Karen Hansen"


async def test_the_contact_is_shared_with_the_link_that_manages_it(centre: Centre) -> None:
    made = await centre.volunteer()

    (event,) = await centre.stated(made["id"])
    (contact,) = await centre.stated(event["data"]["contact_id"])
    assert contact["data"]["email"] == "amina@example.com"
    assert contact["data"]["phone"] == "+4520123456"
    link = f"https://kompas.example/matching/{centre.tenant}/volunteers/{made['id']}#{made['manage_token']}"
    assert contact["data"]["manage_url"] == link


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"interests": "besøgsven"}, ["interests"]),
        ({"interests": ["besøgsven", "jeg har det svært og vil gerne snakke med nogen om det"]}, ["interests[1]"]),
        ({"interests": ["æ" * 61]}, ["interests[0]"]),
        ({"interests": [f"emne-{n}" for n in range(21)]}, ["interests"]),
        ({"locality": "Vestergade 12, 2. tv"}, ["locality"]),
        ({"languages": ["dansk"]}, ["languages[0]"]),
        ({"languages": ["xq"]}, ["languages[0]"]),
        ({"contact": None}, ["contact"]),
        ({"contact": AMINA | {"email": "amina hos example"}}, ["contact.email"]),
        ({"contact": AMINA | {"email": "x" * 260 + "@example.com"}}, ["contact.email"]),
        ({"contact": AMINA | {"phone": "12"}}, ["contact.phone"]),
        ({"contact": AMINA | {"name": ""}}, ["contact.name"]),
        ({"contact": AMINA | {"name": "x" * 201}}, ["contact.name"]),
        ({"contact": AMINA | {"name": "Amina\nBcc: alle@example.com"}}, ["contact.name"]),
        ({"contact": AMINA | {"language": 7}}, ["contact.language"]),
        ({"cpr": "010203-1234"}, ["cpr"]),
    ],
    ids=str,
)
async def test_what_is_wrong_is_named_and_not_repeated(
    centre: Centre, change: dict[str, Any], fields: list[str]
) -> None:
    answer = await centre.post("volunteers", CITIZEN, YES | change)

    assert fields_of(answer) == fields
    assert "example.com" not in answer.text


async def test_the_same_key_registers_once(centre: Centre) -> None:
    key = {"idempotency-key": str(uuid4())}

    first = await centre.post("volunteers", CITIZEN, YES, **key)
    again = await centre.post("volunteers", CITIZEN, YES, **key)

    assert first.json() == again.json()
    assert len((await centre.get("volunteers", centre.staff)).json()["items"]) == 1


async def test_only_staff_see_who_the_volunteers_are(centre: Centre, neighbour: Centre) -> None:
    made = await centre.volunteer()

    listed = await centre.get("volunteers", centre.staff)

    assert listed.json()["items"][0]["contact"] == AMINA | {"phone": "+4520123456"}
    assert "manage_token" not in listed.text
    assert (await centre.get("volunteers")).status_code == 401
    assert (await centre.get("volunteers", centre.association(uuid4()))).status_code == 403
    assert (await centre.get("volunteers", neighbour.staff)).status_code == 404
    assert (await neighbour.get(f"volunteers/{made['id']}", neighbour.staff)).status_code == 404
    assert (await neighbour.get("volunteers", neighbour.staff)).json()["items"] == []


async def test_staff_find_volunteers_by_interest_place_and_language(centre: Centre) -> None:
    somali = await centre.volunteer()
    other = await centre.volunteer(interests=["sport"], locality="Bolbro", languages=["da"])

    async def found(**query: str) -> list[str]:
        return [each["id"] for each in (await centre.get("volunteers", centre.staff, **query)).json()["items"]]

    assert (
        await found(interest="besøgsven")
        == await found(locality="vollsmose")
        == await found(language="so")
        == [somali["id"]]
    )
    assert await found() == [somali["id"], other["id"]]
    assert await found(interest="x'; drop table volunteers; --") == []


async def test_pages_follow_each_other(centre: Centre) -> None:
    made = [(await centre.volunteer())["id"] for _ in range(3)]

    first = (await centre.get("volunteers", centre.staff, limit=2)).json()
    second = (await centre.get("volunteers", centre.staff, limit=2, cursor=first["next_cursor"])).json()

    assert [each["id"] for page in (first, second) for each in page["items"]] == made
    assert second["next_cursor"] is None


async def test_withdrawing_forgets_the_person_here_and_tells_notify_to(centre: Centre) -> None:
    made = await centre.volunteer()
    contact_id = (await centre.stated(made["id"]))[0]["data"]["contact_id"]
    link = {"x-manage-token": made["manage_token"]}

    withdrawn = await centre.post(f"volunteers/{made['id']}/withdraw", link)
    twice = await centre.post(f"volunteers/{made['id']}/withdraw", link)

    assert withdrawn.status_code == twice.status_code == 200
    assert withdrawn.json() == twice.json()
    body = withdrawn.json()
    assert (body["state"], body["contact"], body["interests"], body["locality"]) == ("withdrawn", None, [], None)
    assert await centre.rows("select 1 from contacts") == []
    tombstones = await centre.rows("select topic from outbox where key = :key and payload is null", key=contact_id)
    assert [row.topic for row in tombstones] == ["contacts"]
    assert (await centre.get("volunteers", centre.staff)).json()["items"] == []
    assert len((await centre.get("volunteers", centre.staff, withdrawn=True)).json()["items"]) == 1


async def test_a_volunteer_manages_with_the_token_and_nobody_else_does(centre: Centre, neighbour: Centre) -> None:
    made, other = await centre.volunteer(), await centre.volunteer()
    path = f"volunteers/{made['id']}"

    assert (await centre.get(path, {"x-manage-token": made["manage_token"]})).json()["contact"]["name"] == AMINA["name"]
    for token in ("x", other["manage_token"], made["manage_token"] + "x"):
        assert (await centre.get(path, {"x-manage-token": token})).status_code == 404
        assert (await centre.post(f"{path}/withdraw", {"x-manage-token": token})).status_code == 404
    assert (await centre.post(f"{path}/withdraw", CITIZEN)).status_code == 401
    assert (await centre.post(f"{path}/withdraw", centre.association(uuid4()))).status_code == 403
    assert (await centre.post(f"{path}/withdraw", bearer(neighbour.tenant))).status_code == 401
    assert (await centre.post(f"volunteers/{uuid4()}/withdraw", centre.staff)).status_code == 404
    assert (await centre.post(f"{path}/withdraw", centre.staff)).json()["state"] == "withdrawn"


async def test_row_level_security_hides_people_from_another_centre_s_raw_sql(centre: Centre, neighbour: Centre) -> None:
    await centre.volunteer()

    for table in ("contacts", "volunteers", "outbox"):
        assert await centre.rows(f"select 1 from {table}")
        assert not await neighbour.rows(f"select 1 from {table} where tenant = :theirs", theirs=centre.tenant)


async def test_a_write_that_cannot_be_committed_is_not_answered_with_success(centre: Centre) -> None:
    async with centre.database.engine.begin() as connection:
        await connection.exec_driver_sql(
            "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;"
            "create constraint trigger refuse after insert on volunteers deferrable initially deferred"
            f" for each row when (new.tenant = '{centre.tenant}') execute function refuse()"
        )

    answer = await centre.post("volunteers", CITIZEN, YES)

    assert answer.status_code >= 500
    assert await centre.rows("select 1 from outbox") == []
