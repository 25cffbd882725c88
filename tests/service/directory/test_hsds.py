"""HSDS as other machines read it, judged by validators that are not ours against the schemas that HSDS publishes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from openapi_spec_validator import validate

from tests.service.directory.centre import Centre, fields_of
from tests.service.directory.town import Town
from tests.support import hsds
from tests.support.hsds import Json

# What each list and each single answer must be, by HSDS's own schemas.
LISTS = {
    "services": ("compiled/service_list.json", "compiled/service.json"),
    "organizations": ("compiled/organization_list.json", "compiled/organization.json"),
    "locations": ("location.json", "location.json"),
    "service_at_locations": ("compiled/service_at_location_list.json", "compiled/service_at_location.json"),
    "taxonomies": ("taxonomy.json", "taxonomy.json"),
    "taxonomy_terms": ("taxonomy_term.json", "taxonomy_term.json"),
}
# Parameters that change what an answer looks like, and not only how much is in it.
SHAPES = ("full", "minimal", "full_service")
FEW = 4


@pytest.fixture(autouse=True)
def _published() -> None:
    hsds.required()


@pytest_asyncio.fixture
async def town(centre: Centre) -> Town:
    return await Town(centre).stand()


def errors(document: Any, name: str, *, strict: bool = True) -> list[str]:
    validator = Draft202012Validator(
        hsds.schema(name, strict=strict), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


async def answered(town: Town, path: str, **query: Any) -> Any:
    answer = await town.centre.get(f"hsds/{path}".rstrip("/"), **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def contents(town: Town, noun: str, **query: Any) -> list[Json]:
    return list((await answered(town, noun, per_page=500, **query))["contents"])


async def names(town: Town, **query: Any) -> set[str]:
    return {each["name"] for each in await contents(town, "services", **query)}


async def lines(town: Town, noun: str, **query: Any) -> list[Json]:
    answer = await town.centre.get(f"hsds/{noun}", format="ndjson", **query)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("noun", LISTS)
async def test_every_list_and_every_single_answer_is_what_hsds_publishes_and_nothing_else(
    town: Town, noun: str
) -> None:
    listed, single = LISTS[noun]
    found = await contents(town, noun)
    each = {one["id"]: await answered(town, f"{noun}/{one['id']}") for one in found}

    assert found
    assert [problem for one in found for problem in errors(one, listed)] == []
    for one in each.values():
        one.pop("services", None)  # HSDS's OpenAPI and its example have them; its schema of an organization does not.
        if noun == "service_at_locations":
            assert errors(one, "compiled/service.json", strict=False) == []
            del one["name"], one["status"], one["service"]
    assert [problem for one in each.values() for problem in errors(one, single)] == []
    assert await lines(town, noun) == found


@pytest.mark.parametrize(("noun", "schema"), [(noun, single) for noun, (_, single) in list(LISTS.items())[:2]])
async def test_full_lists_hold_what_the_single_answers_hold(town: Town, noun: str, schema: str) -> None:
    for one in await contents(town, noun, full="true"):
        assert errors(one, schema) == []
        single = await answered(town, f"{noun}/{one['id']}")
        assert {**single, "services": None} == {**one, "services": None}


async def test_an_openapi_validator_finds_no_error_in_any_answer_to_any_question(town: Town) -> None:
    base = f"http://directory/directory/{town.centre.tenant}/hsds"
    # HSDS's document is as it is: whether it is valid is not asked here, for that takes longer than all the rest.
    api = OpenAPI.from_dict(hsds.openapi(base), config=Config(spec_validator_cls=None))  # type: ignore[arg-type]
    term = next(each for each in await contents(town, "taxonomy_terms") if each["code"] == "bevægelse")
    values = {
        "search": "spis", "page": "2", "per_page": "2", "format": "json", "taxonomy_term_id": term["id"],
        "taxonomy_id": term["taxonomy_id"], "organization_id": str(town.cafe.id), "minimal": "true", "full": "true",
        "modified_after": "2026-01-01T00:00:00Z", "full_service": "true", "postcode": "5000", "proximity": "900",
        "top_only": "true", "parent_id": term["id"],
    }  # fmt: skip
    asked = 0
    for path, operations in hsds.openapi(base)["paths"].items():
        noun = path.split("/")[1]
        ids = [one["id"] for one in await contents(town, noun)][:FEW] if path.endswith("{id}") else [""]
        parameters = {each["name"]: values[each["name"]] for each in operations["get"].get("parameters", ())}
        alone = [{name: parameters.pop(name)} for name in SHAPES if name in parameters]
        for called in [path.replace("{id}", id) for id in ids]:
            for query in [{}, parameters, *alone]:
                answer = await town.centre.get(f"hsds{called}", **query)
                assert answer.status_code == 200, (called, query, answer.text)
                api.validate_response(
                    MockRequest(f"{base}{called}", "get", "", args=query), MockResponse(answer.content, 200)
                )
                asked += 1
    assert asked > 40
    with pytest.raises(OpenAPIError):
        api.validate_response(MockRequest(f"{base}/services", "get", ""), MockResponse(b'{"contents": [{}]}', 200))


async def test_its_own_description_is_valid_and_says_where_it_is(town: Town) -> None:
    root = await answered(town, "")
    assert root["version"] == "3.0"
    assert errors(root["openapi_url"], "attribute.json") != []  # The validator is not asleep.

    described = (await town.centre.client.get(root["openapi_url"].split("8000")[1])).json()

    validate(hsds.without_what_is_published(described))
    published = hsds.openapi("http://x")["paths"]
    assert set(published) <= set(described["paths"])
    for path, operations in published.items():
        ours = {each["name"] for each in described["paths"][path]["get"]["parameters"]}
        assert {each["name"] for each in operations["get"].get("parameters", ())} <= ours, path


async def test_every_reference_leads_to_something(town: Town) -> None:
    organizations = {one["id"] for one in await contents(town, "organizations")}
    locations = {one["id"] for one in await contents(town, "locations")}
    services = {one["id"]: one for one in await contents(town, "services", full="true")}
    terms = {one["id"]: one for one in await contents(town, "taxonomy_terms")}
    taxonomies = {one["id"] for one in await contents(town, "taxonomies")}
    meetings = {one["id"]: one for one in await contents(town, "service_at_locations")}

    everything = [*services.values(), *(await contents(town, "organizations", full="true")), *meetings.values()]
    assert {each["taxonomy_id"] for each in terms.values()} <= taxonomies
    for reference, known in (
        ("organization_id", organizations), ("location_id", locations), ("service_id", services.keys()),
        ("taxonomy_term_id", terms.keys()), ("taxonomy_id", taxonomies),
    ):  # fmt: skip
        assert set(_values(everything, reference)) <= set(known), reference
    assert {each["id"] for one in services.values() for each in one["service_at_locations"]} == set(meetings)
    for attribute in _objects(everything, "attributes"):
        if "taxonomy_term" in attribute:
            assert attribute["taxonomy_term"] == terms[attribute["taxonomy_term_id"]]
    for place in _objects(everything, "service_at_locations"):
        assert place["location"] == await answered(town, f"locations/{place['location_id']}")


def _values(node: Any, name: str) -> list[Any]:
    if isinstance(node, list):
        return [value for each in node for value in _values(each, name)]
    if isinstance(node, dict):
        return [*([node[name]] if name in node else []), *_values(list(node.values()), name)]
    return []


def _objects(node: Any, name: str) -> list[Json]:
    return [each for among in _values(node, name) for each in among]


async def test_ids_are_unique_among_things_of_a_kind(town: Town) -> None:
    services = await contents(town, "services", full="true")
    for kind in ("schedules", "languages", "cost_options", "service_areas", "service_at_locations"):
        ids = [each["id"] for one in services for each in one[kind]]
        assert len(ids) == len(set(ids)), kind


async def test_only_what_is_public_is_there(town: Town) -> None:
    await town.centre.run(
        "insert into contact_roles (tenant, id, version, organisation_id, role, contact_id, name, email, phone)"
        f" values ('{town.centre.tenant}', '{uuid4()}', 1, '{town.cafe.id}', 'chair', '{uuid4()}', 'Åse Sørensen',"
        " 'aase@example.dk', '+4511111111')"
    )
    everything = json.dumps([await contents(town, noun, full="true") for noun in LISTS], ensure_ascii=False)

    assert await names(town) == {one.title for one in town.shown}
    for hidden in (town.draft, town.withdrawn, town.merged, town.of_closed, town.closed, town.shed):
        assert str(hidden.id) not in everything
    for secret in ("Åse", "aase@example.dk", "+4511111111"):
        assert secret not in everything
    for noun, hidden_one in (("services", town.draft), ("organizations", town.closed), ("locations", town.shed)):
        assert (await town.centre.get(f"hsds/{noun}/{hidden_one.id}")).status_code == 404
    elsewhere = await town.centre.neighbour().get("hsds/services")
    assert elsewhere.json()["contents"] == []


async def test_an_activity_says_when_where_for_whom_and_for_how_much(town: Town) -> None:
    meal = await answered(town, f"services/{town.meal.id}")

    assert meal["assured_date"] == "2026-10-01"
    assert meal["url"] == "https://klare.dk/%C3%A6%C3%B8%C3%A5?q=1"
    assert meal["alternate_name"] == "Eat together"
    assert [(each["amount"], each["currency"]) for each in meal["cost_options"]] == [(25, "DKK")]
    assert {each["name"] for each in meal["languages"]} == {"dansk", "arabisk"}
    weekly, fortnightly, monthly, first, once = meal["schedules"]
    assert (weekly["freq"], weekly["byday"], weekly["opens_at"], weekly["timezone"]) == (
        "WEEKLY",
        "TU",
        "17:00+02:00",
        2,
    )
    assert (fortnightly["interval"], fortnightly["dtstart"], fortnightly["opens_at"]) == (
        2,
        "2026-01-04",
        "10:00+01:00",
    )
    assert (monthly["freq"], monthly["byday"], monthly["until"]) == ("MONTHLY", "-1TH", "2027-06-30")
    assert first["byday"] == "1MO"
    assert (once["dtstart"], once["count"], "freq" in once) == ("2026-07-14", 1, False)
    (there,) = meal["service_at_locations"]
    assert there["location"]["id"] == str(town.hall.id)
    assert {each["description"] for each in there["location"]["accessibility"]} == {"adgang uden trin", "teleslynge"}
    assert [each["postal_code"] for each in there["location"]["addresses"]] == ["5000"]
    words = {(each["link_type"], each["value"]) for each in meal["attributes"]}
    assert {("theme", "fællesspisning"), ("target_group", "familier"), ("accessibility", "guide_dog"),
            ("condition", "companion_welcome"), ("condition", "volunteers_wanted")} <= words  # fmt: skip
    assert (await answered(town, f"services/{town.online.id}"))["service_at_locations"][0]["location"] == {
        "id": str(town.online.id), "location_type": "virtual", "name": "Skrivecafé",
        "organization_id": str(town.cafe.id), "url": "https://meet.example/rum",
    }  # fmt: skip


async def test_lists_are_filtered_as_asked(town: Town) -> None:
    terms = {each["code"]: each for each in await contents(town, "taxonomy_terms")}
    before = datetime.now(UTC) - timedelta(hours=1)

    assert await names(town, search="gåture") == {"Gåtur"}
    assert await names(town, text="skrivecafé") == {"Skrivecafé"}
    assert await names(town, taxonomy_term_id=terms["natur"]["id"]) == {"Gåtur"}
    assert await names(town, taxonomy_term_id=terms["companion_welcome"]["id"]) == {"Spis sammen"}
    assert await names(town, taxonomy_term_id=terms["public"]["id"]) == set()
    assert len(await names(town, taxonomy_term_id=terms["association"]["id"])) == len(town.shown)
    assert "Telefonven" not in await names(town, taxonomy_id=terms["voksne"]["taxonomy_id"])
    assert await names(town, taxonomy_term_id=str(uuid4())) == await names(town, taxonomy_id="nej") == set()
    assert await names(town, organization_id=str(town.unit.id)) == set()
    assert len(await names(town, modified_after=before.isoformat())) == len(town.shown)
    assert await names(town, modified_after="2099-01-01T00:00:00") == set()
    assert fields_of(await town.centre.get("hsds/services", modified_after="i går")) == ["modified_after"]
    assert {each["code"] for each in await contents(town, "taxonomy_terms", search="natur")} == {"natur"}


async def test_places_are_found_by_postcode_and_by_metres_from_its_middle(town: Town) -> None:
    async def found(**query: Any) -> set[str]:
        return {one["service"]["name"] for one in await contents(town, "service_at_locations", **query)}

    assert await found(postcode="5240") == {"Gåtur"}
    assert await found(postcode="5000", proximity=460) == {"Spis sammen"}
    assert await found(postcode="5000", proximity=440) == set()
    assert await found(postcode="9990", proximity=1_000_000) == set()


async def test_pages_follow_one_another_and_say_how_many_there_are(town: Town) -> None:
    pages = [await answered(town, "services", per_page=2, page=number) for number in (1, 2, 3, 4)]

    assert [page["size"] for page in pages] == [2, 2, 1, 0]
    assert [(page["first_page"], page["last_page"], page["empty"]) for page in pages] == [
        (True, False, False), (False, False, False), (False, True, False), (False, True, True),
    ]  # fmt: skip
    assert {(page["total_items"], page["total_pages"]) for page in pages} == {(5, 3)}
    assert [one["id"] for page in pages for one in page["contents"]] == [
        one["id"] for one in await contents(town, "services")
    ]
    places = [await answered(town, "locations", per_page=2, page=number) for number in (1, 2, 3)]
    assert [one["id"] for page in places for one in page["contents"]] == [
        one["id"] for one in await contents(town, "locations")
    ]


async def test_minimal_tells_of_all_services_on_one_page(town: Town) -> None:
    page = await answered(town, "services", minimal="true")

    assert (page["size"], page["total_items"], page["last_page"]) == (5, 5, True)
    for one in page["contents"]:
        assert set(one) == {"id", "name", "status", "last_modified", "modified_date"}
        assert errors(one, "compiled/service_list.json", strict=False) == []
    assert (await answered(town, "services", minimal="true", per_page=2))["size"] == 2


async def test_an_organization_brings_its_services_when_asked(town: Town) -> None:
    plain = await answered(town, f"organizations/{town.cafe.id}")
    whole = await answered(town, f"organizations/{town.cafe.id}", full_service="true")
    (listed,) = [one for one in await contents(town, "organizations", full_service="true") if "phones" in one
                 and one["id"] == str(town.cafe.id)]  # fmt: skip

    assert {one["name"] for one in plain["services"]} == {one.title for one in town.shown}
    assert plain["phones"][0]["number"] == "+4520123456"
    assert plain["website"] == "https://xn--klar-epa.dk/spis%20sammen"
    assert "website" not in await answered(town, f"organizations/{town.unit.id}")
    assert whole == listed
    assert [problem for one in whole["services"] for problem in errors(one, "compiled/service.json")] == []


async def test_a_browser_of_another_site_may_read_it_and_every_answer_names_its_licence(town: Town) -> None:
    async def asked(method: str, path: str, **headers: str) -> httpx2.Response:
        return await town.centre.call(method, path, {}, headers={"origin": "https://anden.example", **headers})

    for path in (
        "hsds/services",
        "hsds/services?format=ndjson",
        "hsds",
        "feeds/activities",
        f"hsds/services/{uuid4()}",
    ):
        answer = await asked("GET", path)
        assert answer.headers["access-control-allow-origin"] == "*", path
        assert 'rel="license"' in answer.headers["link"], path
    preflight = await asked("OPTIONS", "hsds/services", **{"access-control-request-method": "GET"})
    assert preflight.headers["access-control-allow-methods"] == "GET"
    assert (await asked("OPTIONS", "hsds/services", **{"access-control-request-method": "POST"})).status_code == 400
    assert "access-control-allow-origin" not in (await asked("GET", "organisations")).headers
