"""Who may do what: every door, tried with every caller, and with another centre's things."""

import pytest

from tests.service.directory.centre import CAFE, CITIZEN, MEAL, NOBODY, Centre, Json
from tests.support.people import bearer

DAY = {"ended_on": None}
STAFF_ONLY = {
    "POST organisations": CAFE,
    f"POST organisations/{NOBODY}/close": {},
    "POST memberships": {"organisation_id": NOBODY, "kind": "member"},
    "GET memberships": None,
    f"GET memberships/{NOBODY}": None,
    f"POST memberships/{NOBODY}/end": {},
    "POST content": {"kind": "guide", "slug": "x", "title": "x"},
    f"PATCH content/{NOBODY}": {"title": "x"},
    f"POST content/{NOBODY}/publish": {},
    f"POST content/{NOBODY}/withdraw": {},
    "POST initiatives": {"title": "x", "partner_ids": [NOBODY]},
    "GET initiatives": None,
    f"GET initiatives/{NOBODY}": None,
    f"POST initiatives/{NOBODY}/end": {},
    "POST stakeholders": {"register": "x", "name": "x", "sector": "public"},
    "GET stakeholders": None,
    f"GET stakeholders/{NOBODY}": None,
    f"POST stakeholders/{NOBODY}/remove": {},
    "POST localities": {"name": "x", "kind": "town"},
    "POST localities/begin": {"municipality": "odense"},
    f"PATCH localities/{NOBODY}": {"kind": "town"},
    f"DELETE localities/{NOBODY}": None,
    "PUT review": {"wanted": True},
    "POST agreements": {"kind": "funding", "title": "x", "party_ids": [NOBODY]},
    "GET agreements": None,
    f"POST agreements/{NOBODY}/end": {},
    "POST bodies": {"kind": "board", "slug": "x", "name": "x"},
    "GET bodies": None,
    f"POST bodies/{NOBODY}/dissolve": {},
    "POST appointments": {"role": "ambassador", "name": "x"},
    "GET appointments": None,
    f"GET appointments/{NOBODY}": None,
    f"POST appointments/{NOBODY}/end": {},
    "POST funding-deadlines": {"organisation_id": NOBODY, "title": "x", "due_on": "2027-01-01"},
    f"PATCH funding-deadlines/{NOBODY}": {"title": "x"},
    f"DELETE funding-deadlines/{NOBODY}": None,
    f"GET content/{NOBODY}/versions": None,
    f"POST content/{NOBODY}/restore": {"version": 1},
    f"POST changes/{NOBODY}/approve": None,
    f"POST changes/{NOBODY}/return": {"reason": "x"},
}
ASSOCIATIONS_TOO = {
    "POST activities": MEAL | {"organisation_id": NOBODY},
    f"PATCH activities/{NOBODY}": {"title": "x"},
    f"POST activities/{NOBODY}/publish": {},
    f"POST activities/{NOBODY}/withdraw": {},
    f"GET activities/{NOBODY}/hints": None,
    f"PATCH organisations/{NOBODY}": {"name": "x"},
    f"GET organisations/{NOBODY}/contacts": None,
    f"POST organisations/{NOBODY}/contacts": {"role": "editor", "name": "x", "email": "x@example.dk"},
    f"POST organisations/{NOBODY}/contacts/{NOBODY}/end": {},
    f"POST organisations/{NOBODY}/contacts/{NOBODY}/link": None,
    f"POST organisations/{NOBODY}/editor-links/{NOBODY}/revoke": None,
    "POST premises": {"name": "x", "organisation_id": NOBODY},
    f"PATCH premises/{NOBODY}": {"name": "x"},
    f"POST premises/{NOBODY}/close": {},
    f"POST organisations/{NOBODY}/changes": {"name": "x"},
    f"POST activities/{NOBODY}/changes": {"title": "x"},
    f"POST premises/{NOBODY}/changes": {"name": "x"},
    f"GET changes/{NOBODY}": None,
    f"POST changes/{NOBODY}/submit": None,
    f"POST changes/{NOBODY}/drop": None,
    f"GET activities/{NOBODY}/versions": None,
    f"POST activities/{NOBODY}/restore": {"version": 1},
}
EVERYBODY = ["organisations", f"organisations/{NOBODY}", "activities", f"activities/{NOBODY}", "content",
             f"content/{NOBODY}", "content/by-slug/x"]  # fmt: skip


@pytest.mark.parametrize(
    ("door", "body"), (STAFF_ONLY | ASSOCIATIONS_TOO).items(), ids=[*STAFF_ONLY, *ASSOCIATIONS_TOO]
)
async def test_a_door_that_is_not_public_is_shut(centre: Centre, door: str, body: Json | None) -> None:
    method, path = door.split(" ")
    callers = {
        "nobody": CITIZEN,
        "a citizen": bearer(centre.tenant, "citizen"),
        "a partner": bearer(centre.tenant, "partner"),
        "an association": centre.association(NOBODY),
        "staff next door": centre.neighbour().staff,
        "forged": {"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."},
        "another scheme": {"authorization": "Basic eDp4"},
    }

    answers = {who: (await centre.call(method, path, token, body)).status_code for who, token in callers.items()}

    association = answers.pop("an association")
    assert answers == {
        "nobody": 401, "a citizen": 401, "a partner": 403, "staff next door": 404, "forged": 401, "another scheme": 401,
    }  # fmt: skip
    assert association == 403 if door in STAFF_ONLY else association in (404, 422)


@pytest.mark.parametrize("path", EVERYBODY)
async def test_a_public_door_is_open_to_all_but_a_bad_token(centre: Centre, path: str) -> None:
    open_to = [CITIZEN, centre.staff, centre.association(NOBODY), centre.neighbour().staff]

    answers = {(await centre.get(path, who)).status_code for who in open_to}

    assert answers == {404 if NOBODY in path or path.endswith("/x") else 200}
    assert (await centre.get(path, {"authorization": "Bearer x"})).status_code == 401


async def test_what_lives_in_another_centre_is_not_there(centre: Centre) -> None:
    theirs = centre.neighbour()
    cafe = await theirs.organisation()
    activity = await theirs.activity(cafe)
    page = await theirs.made("content", {"kind": "guide", "slug": "guide", "title": "x"})
    await theirs.done(f"content/{page['id']}/publish")
    membership = await theirs.made("memberships", {"organisation_id": cafe["id"], "kind": "member"})
    initiative = await theirs.made("initiatives", {"title": "x", "partner_ids": [cafe["id"]]})
    stakeholder = await theirs.made("stakeholders", {"register": "x", "name": "x", "sector": "public"})
    doors: list[tuple[str, str, Json | None]] = [
        ("GET", f"organisations/{cafe['id']}", None),
        ("PATCH", f"organisations/{cafe['id']}", {"name": "x"}),
        ("POST", f"organisations/{cafe['id']}/close", {}),
        ("GET", f"memberships/{membership['id']}", None),
        ("POST", f"memberships/{membership['id']}/end", {}),
        ("GET", f"activities/{activity['id']}", None),
        ("PATCH", f"activities/{activity['id']}", {"title": "x"}),
        ("POST", f"activities/{activity['id']}/withdraw", {}),
        ("GET", f"content/{page['id']}", None),
        ("GET", "content/by-slug/guide", None),
        ("PATCH", f"content/{page['id']}", {"title": "x"}),
        ("POST", f"content/{page['id']}/withdraw", {}),
        ("GET", f"initiatives/{initiative['id']}", None),
        ("POST", f"initiatives/{initiative['id']}/end", {}),
        ("GET", f"stakeholders/{stakeholder['id']}", None),
        ("POST", f"stakeholders/{stakeholder['id']}/remove", {}),
    ]

    answers = {
        f"{method} {path}": (await centre.call(method, path, centre.staff, body)).status_code
        for method, path, body in doors
    }

    assert set(answers.values()) == {404}, answers
    for path in ("organisations", "memberships", "activities", "content", "initiatives", "stakeholders"):
        assert await centre.found(path, centre.staff) == []


@pytest.mark.parametrize("path", ["organisations/1", "organisations/x", "content/1", "memberships/æ"])
async def test_what_is_no_id_is_told_so(centre: Centre, path: str) -> None:
    assert (await centre.get(path, centre.staff)).status_code == 422
