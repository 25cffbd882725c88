"""Every one of the twenty goals of Odense 2023 moves by the facts it names and by nothing else, through HTTP alone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from shared.clock import DANISH, now, today
from tests.support.system import Json, Staff, System, settled

PLAN = f"odense-{today().year}"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0 "
TWENTY = (
    "1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "5.1", "5.2",
    "6.1", "6.2", "A.1", "A.2", "B.1", "B.2", "K.1", "K.2", "K.3", "K.4",
)  # fmt: skip
UNITS = ("Klima- og Miljøforvaltningen", "Sundhedsforvaltningen")


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def staff(system: System) -> AsyncIterator[Staff]:
    async with system.client() as client:
        yield Staff(client, system.bearer())


class Year:
    """The twenty values as they should be: each step says which it moves, and the others must stay."""

    def __init__(self, staff: Staff, values: dict[str, float | None]) -> None:
        self.staff, self.values = staff, values

    async def moves(self, **by: float) -> None:
        for goal, change in by.items():
            goal = goal.replace("_", ".")
            self.values[goal] = (self.values[goal] or 0) + change
        await settled(self.staff, PLAN, self.values)

    async def becomes(self, **to: float | None) -> None:
        self.values |= {goal.replace("_", "."): value for goal, value in to.items()}
        await settled(self.staff, PLAN, self.values)


@pytest_asyncio.fixture(loop_scope="session")
async def year(staff: Staff) -> Year:
    values = await staff.values(PLAN)
    return Year(staff, {goal: values[goal] for goal in TWENTY})


async def organisation(
    staff: Staff, kind: str = "association", sector: str = "voluntary", name: str = "Café Klare"
) -> str:
    body = {"name": f"{name} {uuid4().hex[:6]}", "kind": kind, "sector": sector, "locality": "Vollsmose", "cvr": None}
    return str((await staff.post("directory/organisations", body))["id"])


async def view(staff: Staff, browser: str, site: str, page: str, unit: str | None = None) -> None:
    body = {"site": site, "page": page} | ({"unit": unit} if unit else {})
    answer = await staff.client.post(
        "/directory/odense/pageviews", json=body, headers={"user-agent": BROWSER + browser}
    )
    assert answer.status_code == 202


async def book(staff: Staff, kind: str, day: int, purpose: str) -> Json:
    """A booking of a slot that is free, as a citizen makes it; each test takes a resource of its own."""
    hours = [{"weekday": weekday, "from": "09:00", "to": "16:00"} for weekday in range(7)]
    resource = await staff.post(
        "booking/resources",
        {
            "kind": kind,
            "name": "Lokale 1",
            "slot_minutes": 30,
            "buffer_minutes": 0,
            "opening_hours": hours,
            "closed_on": [],
        },
    )
    first = today() + timedelta(days=day)
    slots = await staff.get(
        f"booking/resources/{resource['id']}/slots", **{"from": first, "to": first + timedelta(days=1)}
    )
    return await staff.post(
        "booking/bookings",
        {
            "resource_id": resource["id"],
            **slots["items"][0],
            "purpose": purpose,
            "contact": {"name": "Amina Østergård", "email": "amina@example.dk", "language": "da"},
        },
    )


async def test_1_1_needs_an_initiative_with_each_of_the_two_administrations(staff: Staff, year: Year) -> None:
    first, second = [
        (await staff.post("directory/organisations", {"name": unit, "kind": "municipal_unit", "sector": "public"}))[
            "id"
        ]
        for unit in UNITS
    ]

    for _ in range(2):
        await staff.post(
            "directory/initiatives", {"title": "Brobyg", "partner_ids": [first], "started_on": str(today())}
        )
    await year.moves()
    await staff.post("directory/initiatives", {"title": "Brobyg", "partner_ids": [second], "started_on": str(today())})
    await year.moves(**{"1_1": 1})


async def test_1_2_needs_outreach_to_and_use_by_each_of_the_two(staff: Staff, year: Year) -> None:
    for unit in UNITS:
        start = now() - timedelta(hours=2)
        gathering = await staff.post(
            "booking/gatherings",
            {
                "kind": "dialogue_meeting",
                "title": "Oplæg om Socialkompas",
                "organisers": [{"name": "Frivilligcenter Odense", "sector": "voluntary"}],
                "audience_unit": unit,
                "form": "physical",
                "starts_at": start.isoformat(),
                "ends_at": (start + timedelta(hours=1)).isoformat(),
            },
        )
        await staff.post(f"booking/gatherings/{gathering['id']}/hold", {"participants": 17}, 200)
    await year.moves()
    await view(staff, "1.2 a", "socialkompas", "/", UNITS[0])
    await year.moves(**{"2_1": 1})
    await view(staff, "1.2 b", "socialkompas", "/", UNITS[1])
    await year.moves(**{"1_2": 1, "2_1": 1})


async def test_2_1_4_2_5_2_6_2_and_k_1_count_views_and_visitors_once(staff: Staff, year: Year) -> None:
    for _ in range(2):
        await view(staff, "one", "socialkompas", "/aktiviteter")
    await year.moves(**{"2_1": 1})

    await view(staff, "one", "frivilligcenter", "/inspirationspakken")
    await year.moves(**{"4_2": 1, "K_1": 1})
    await view(staff, "one", "frivilligcenter", "/tema/ledelse")
    await year.moves(**{"5_2": 1})
    await view(staff, "two", "frivilligcenter", "/tema/mental-mistrivsel")
    await year.moves(**{"6_2": 1, "K_1": 1})

    await staff.client.post(
        "/directory/odense/pageviews",
        json={"site": "socialkompas", "page": "/"},
        headers={"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    )
    await year.moves()


async def test_2_2_is_a_stock_of_the_voluntary_associations_descriptions(staff: Staff, year: Year) -> None:
    async def published(organisation_id: str) -> str:
        activity = await staff.post(
            "directory/activities",
            {
                "organisation_id": organisation_id,
                "title": "Fællesspisning 🍲",
                "description": "Vi spiser sammen hver tirsdag",
                "themes": ["fællesspisning"],
                "target_groups": ["voksne"],
                "locality": "Vollsmose",
                "languages": ["da"],
            },
        )
        await staff.post(f"directory/activities/{activity['id']}/publish", {}, 200)
        return str(activity["id"])

    voluntary = await published(await organisation(staff))
    await year.moves(**{"2_2": 1})
    await published(await organisation(staff, "municipal_unit", "public", "Sundhedshuset"))
    await year.moves()
    await staff.post(f"directory/activities/{voluntary}/withdraw", {}, 200)
    await year.moves(**{"2_2": -1})


async def test_3_1_counts_companies_whose_first_friendship_ever_started_this_year(staff: Staff, year: Year) -> None:
    company = await organisation(staff, "company", "private", "Firma")
    started = {"organisation_id": company, "kind": "company_friend", "started_on": str(today())}
    membership = await staff.post("directory/memberships", started)
    await year.moves(**{"3_1": 1})

    await staff.post(f"directory/memberships/{membership['id']}/end", {"ended_on": str(today())}, 200)
    await staff.post("directory/memberships", started)
    old = await organisation(staff, "company", "private", "Gammelt firma")
    for year_of in (today().year - 3, today().year):
        again = {"organisation_id": old, "kind": "company_friend", "started_on": f"{year_of}-01-10"}
        friendship = await staff.post("directory/memberships", again)
        await staff.post(f"directory/memberships/{friendship['id']}/end", {"ended_on": f"{year_of}-01-20"}, 200)
    await year.moves()


async def test_3_2_counts_companies_with_a_held_engagement(staff: Staff, year: Year) -> None:
    company = await organisation(staff, "company", "private", "Firma")
    for held in (1, 0):
        engagement = await staff.post("matching/engagements", {"company_id": company, "kind": "corporate_volunteering"})
        await year.moves()
        await staff.post(f"matching/engagements/{engagement['id']}/hold", {"held_on": str(today()), "hours": 6}, 200)
        await year.moves(**{"3_2": held})


async def test_4_1_is_the_share_of_the_register_that_was_exposed(staff: Staff, year: Year) -> None:
    assert (await staff.goals(PLAN))["4.1"]["result"] == "not_started"
    register = {"register": "inspirationspakken", "sector": "public"}

    first = await staff.post("directory/stakeholders", register | {"name": "Plejehjemmet Lysningen"})
    await year.becomes(**{"4_1": 0})
    exposure = {
        "register": "inspirationspakken",
        "stakeholder_id": first["id"],
        "material": "inspirationspakken",
        "channel": "meeting",
        "exposed_on": str(today()),
    }
    await staff.post("notify/exposures", exposure)
    await year.becomes(**{"4_1": 100})
    assert (await staff.goals(PLAN))["4.1"]["result"] == "reached"

    second = await staff.post("directory/stakeholders", register | {"name": "Odense Universitetshospital"})
    await year.becomes(**{"4_1": 50})
    await staff.post(f"directory/stakeholders/{second['id']}/remove", {}, 200)
    await year.becomes(**{"4_1": 100})


async def test_5_1_and_a_2_follow_the_latest_answer_of_each_association(staff: Staff, year: Year) -> None:
    survey = await staff.post(
        "kpi/surveys",
        {
            "slug": f"tal-fra-din-forening-{today().year}",
            "title": "Tal fra din forening",
            "questions": [
                {"key": "help_leadership", "kind": "yes_no", "text": "Har I fået hjælp inden for ledelse?"},
                {"key": "new_volunteers", "kind": "number", "text": "Hvor mange nye frivillige har I fået?"},
            ],
        },
    )
    await staff.post(f"kpi/surveys/{survey['id']}/open", {}, 200)

    async def answers(organisation_id: str, leadership: bool, volunteers: int) -> None:
        body = {
            "organisation_id": organisation_id,
            "answers": {"help_leadership": leadership, "new_volunteers": volunteers},
        }
        await staff.post(f"kpi/surveys/{survey['id']}/responses", body)

    first, second = await organisation(staff), await organisation(staff)
    await answers(first, True, 4)
    await year.moves(**{"5_1": 1, "A_2": 4})
    await answers(second, False, 3)
    await year.moves(A_2=3)
    await answers(first, False, 1)
    await year.moves(**{"5_1": -1, "A_2": -3})


async def test_6_1_and_a_1_count_conversations(staff: Staff, year: Year) -> None:
    seeking = await book(staff, "conversation", 3, "seeking_community")
    await year.moves(**{"6_1": 1, "A_1": 1})
    await book(staff, "conversation", 4, "volunteering")
    await year.moves(A_1=1)
    await staff.post(f"booking/bookings/{seeking['id']}/cancel", {}, 200)
    await year.moves(A_1=-1)


async def test_b_1_is_a_stock_of_member_associations(staff: Staff, year: Year) -> None:
    association = await organisation(staff)
    body = {"organisation_id": association, "kind": "member", "started_on": f"{today().year - 2}-03-01"}
    membership = await staff.post("directory/memberships", body)
    await year.moves(B_1=1)
    company = await organisation(staff, "company", "private", "Firma")
    await staff.post("directory/memberships", body | {"organisation_id": company, "kind": "supporter"})
    await year.moves()
    await staff.post(f"directory/memberships/{membership['id']}/end", {"ended_on": str(today())}, 200)
    await year.moves(B_1=-1)


async def test_b_2_counts_room_bookings_and_cancelled_ones_out(staff: Staff, year: Year) -> None:
    booking = await book(staff, "room", 2, "other")
    await year.moves(B_2=1)
    await staff.post(f"booking/bookings/{booking['id']}/cancel", {}, 200)
    await year.moves(B_2=-1)


@pytest.mark.parametrize(
    ("goal", "series"), [("K_2", "facebook_followers"), ("K_3", "instagram_followers"), ("K_4", "linkedin_followers")]
)
async def test_k_2_to_k_4_take_the_newest_observation_however_late_an_older_one_comes(
    staff: Staff, year: Year, goal: str, series: str
) -> None:
    await staff.post("kpi/observations", {"series": series, "value": 1650, "observed_on": str(today())})
    await year.becomes(**{goal: 1650})
    earlier = str((now().astimezone(DANISH) - timedelta(days=20)).date())
    await staff.post("kpi/observations", {"series": series, "value": 1700, "observed_on": earlier})
    await year.moves()


async def test_every_counted_value_can_be_opened(staff: Staff) -> None:
    goals = await staff.goals(PLAN)
    for id in TWENTY:
        goal = goals[id]
        if id == "4.1" or goal["value"] in (None, 0) or goal["comparison"] == "each_of":
            continue
        evidence = (await staff.get(f"kpi/plans/{PLAN}/goals/{id}/evidence", limit=200))["items"]
        assert evidence, id
        assert {"event_id", "type", "time", "amount"} <= set(evidence[0])
        if not id.startswith("K.") or id == "K.1":
            assert sum(float(row["amount"]) for row in evidence) == float(goal["value"]), id
