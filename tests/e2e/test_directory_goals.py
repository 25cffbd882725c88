"""Every goal that rests on the directory moves by what is done there, and only by that, through HTTP alone.

The twenty of Odense stand in `test_twenty_goals.py`; here are its others, and those of Slagelse, Kalundborg and Faxe.
A plan's deeds are done in one go and awaited once: waiting is what takes time.
"""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from shared.clock import today
from tests.support.system import Json, Staff, System, settled
from tests.support.waiting import eventually

LAST_YEAR = today().year - 1
BEFORE = f"{LAST_YEAR}-03-01"


class Centre:
    """What the staff of a centre do in the directory; each thing is a new one."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff

    async def organisation(self, kind: str = "association", sector: str = "voluntary", **more: str) -> str:
        body = {"name": f"Klare {uuid4().hex[:6]}", "kind": kind, "sector": sector} | more
        return str((await self.staff.post("directory/organisations", body))["id"])

    async def activity(self, organisation_id: str | None = None, on: str | None = None, **more: object) -> str:
        """Published, by a new association if by nobody else."""
        owner = organisation_id or await self.organisation()
        made = await self.staff.post("directory/activities", {"organisation_id": owner, "title": "Spis"} | more)
        await self.staff.post(f"directory/activities/{made['id']}/publish", {"published_on": on} if on else {}, 200)
        return str(made["id"])

    async def page(self, kind: str, slug: str = "") -> str:
        body = {"kind": kind, "slug": slug or f"side-{uuid4().hex[:8]}x".translate(LETTERS), "title": "Side"}
        made = await self.staff.post("directory/content", body)
        await self.staff.post(f"directory/content/{made['id']}/publish", {}, 200)
        return str(made["id"])

    async def initiative(self, *partners: tuple[str, str], area: str | None = None, on: str | None = None) -> None:
        ids = [await self.organisation(kind, sector) for kind, sector in partners or [("association", "voluntary")]]
        body = {"title": "Sammen", "partner_ids": ids, "area": area, "started_on": on or str(today())}
        await self.staff.post("directory/initiatives", body)

    async def membership(self, on: str | None = None) -> None:
        body = {"organisation_id": await self.organisation(), "kind": "member", "started_on": on or str(today())}
        await self.staff.post("directory/memberships", body)

    async def agreement(self, kind: str, *partners: tuple[str, str], **more: str) -> str:
        ids = [await self.organisation(*each) for each in partners or [("company", "private")]]
        body = {"kind": kind, "title": "Aftale", "party_ids": ids} | more
        return str((await self.staff.post("directory/agreements", body))["id"])

    async def body(self, kind: str, slug: str, **more: str) -> str:
        body = {"kind": kind, "slug": slug, "name": slug.capitalize()} | more
        return str((await self.staff.post("directory/bodies", body))["id"])

    async def appointment(self, role: str, **more: str) -> str:
        body = {"role": role, "name": "Åse Sørensen"} | more
        return str((await self.staff.post("directory/appointments", body))["id"])

    async def over(self, thing: str, step: str = "end", body: Json | None = None) -> None:
        await self.staff.post(f"directory/{thing}/{step}", body, 200)


# A slug may end in digits, but a chance word of both letters and digits need not be one.
LETTERS = str.maketrans("0123456789", "ghijklmnop")


async def test_slagelses_goals_follow_the_directory(system: System) -> None:
    async with system.client() as client:
        staff = Staff(client, system.bearer(tenant="slagelse"), "slagelse")
        centre, plan = Centre(staff), f"slagelse-{today().year}"
        wanted = {
            "S2.2.1": 0.0, "S3.1.1": 0.0, "S4.0": -69.0, "S4.1.1": 0.0, "S6.1.1": 0.0, "S6.2.2": 0.0, "S8.3.1": 0.0,
            "S5.1.1-t": None, "S5.3.1-t": None, "S6.1.2-t": None, "S6.0b": None,
        }  # fmt: skip
        await settled(staff, plan, wanted)

        groups = [await centre.body(kind, kind.replace("_", "-")) for kind in ("steering_group", "think_tank")]
        await centre.body("steering_group", "styregruppe-to")
        network = await centre.organisation("network", life="facilitated")
        for life in ("semi_facilitated", "independent"):
            answer = await client.patch(
                f"/directory/slagelse/organisations/{network}", json={"life": life}, headers=staff.bearer
            )
            assert answer.status_code == 200
        board = await centre.body("board", "bestyrelse", established_on=f"{LAST_YEAR}-01-01")
        await centre.appointment("chair", body_id=board, locality="Slagelse", started_on=BEFORE)
        await centre.appointment("member", body_id=board, locality="Korsør")
        leaving = await centre.appointment("member", body_id=board, locality="Skælskør")
        other = await centre.body("board", "menighedsrådet")
        await centre.appointment("member", body_id=other, locality="Rude")
        await centre.appointment("anchor_person", locality="Bisserup")
        anchors = [await centre.appointment("anchor_person", locality="Dalmose") for _ in range(2)]
        for place in ("Korsør", "Korsør", "Slagelse"):
            await centre.agreement("cooperation", locality=place)
        rested = await centre.agreement("cooperation", locality="Skælskør", concluded_on=BEFORE)
        await centre.agreement("funding", ("funder", "public"))
        await centre.membership(on=BEFORE)
        for _ in range(2):
            await centre.membership()
            await centre.page("guide")
            await centre.initiative(area="flere-ind-i-fællesskaber")
        await centre.initiative(area="flere-ind-i-fællesskaber", on=BEFORE)
        await centre.activity(on=BEFORE)
        await centre.activity()
        await settled(
            staff,
            plan,
            {
                "S2.2.1": 2, "S3.1.1": 1, "S4.0": -66, "S4.1.1": 2, "S6.1.1": 2, "S6.2.2": 2, "S8.3.1": 1,
                "S5.1.1-t": 1, "S5.3.1-t": 0, "S6.1.2-t": 1, "S6.0b": 2,
            },
        )  # fmt: skip

        await centre.over(f"bodies/{groups[1]}", "dissolve")
        await centre.over(f"appointments/{leaving}")
        for each in anchors:
            await centre.over(f"appointments/{each}")
        await centre.over(f"agreements/{rested}")
        await settled(staff, plan, {"S2.2.1": 1, "S6.0b": 1, "S4.1.1": 1, "S6.1.1": 1, "S3.1.1": 1, "S8.3.1": 1})
        places = (await staff.goals(plan))["S6.1.1"]["per_dimension"]
        assert {place: parts["value"] for place, parts in places.items()} == {"Korsør": 2, "Skælskør": 0}


async def test_kalundborgs_goals_follow_the_directory(system: System) -> None:
    async with system.client() as client:
        staff = Staff(client, system.bearer(tenant="kalundborg"), "kalundborg")
        centre, plan = Centre(staff), f"kalundborg-{today().year}"
        wanted: dict[str, float | None] = dict.fromkeys(("KAL4.1", "KAL4.2", "KAL4.3", "KAL5.2", "KAL6.1", "KAL6.3"), 0)
        await settled(staff, plan, wanted | {"KAL5.1": None})

        await centre.initiative(("association", "voluntary"), ("school", "public"))
        await centre.initiative(area="frivilligmiljøer")
        held = await centre.agreement("cooperation", ("association", "voluntary"))
        await centre.agreement("partnership", ("association", "voluntary"), concluded_on=BEFORE)
        await centre.agreement("premises")
        story = await centre.page("story")
        await centre.page("story")
        both = await centre.organisation()
        await centre.activity(both, languages=["da", "en"])
        await centre.activity(both, on=BEFORE, languages=["da", "en"])
        await centre.activity(await centre.organisation("company", "private"), languages=["da", "uk"])
        await staff.post("directory/premises", {"organisation_id": both, "name": "Salen"})
        await staff.post("directory/premises", {"organisation_id": await centre.organisation(), "name": "Huset"})
        await staff.post("directory/premises", {"name": "Centrets eget"})
        await settled(
            staff,
            plan,
            {"KAL4.1": 1, "KAL4.2": 2, "KAL4.3": 1, "KAL5.1": 1, "KAL5.2": 1, "KAL6.1": 2, "KAL6.3": 2},
        )

        await centre.over(f"agreements/{held}")
        await centre.over(f"content/{story}", "withdraw")
        await settled(staff, plan, {"KAL4.2": 1, "KAL6.1": 1})


async def test_faxes_goals_follow_the_directory(system: System) -> None:
    async with system.client() as client:
        staff = Staff(client, system.bearer(tenant="faxe"), "faxe")
        centre, plan = Centre(staff), f"faxe-{today().year}"
        await settled(staff, plan, {"FAX1.2": 0, "FAX1.4": 0, "FAX4.1": 0, "FAX5.1": None})

        await centre.page("story")
        await centre.body("joint_council", "frivilligt-samråd")
        await centre.body("council", "ældreråd")
        handbook = await centre.page("handbook", "håndbog-til-samarbejde-med-frivillige")
        await centre.page("page", "forsikringsordning")
        await centre.page("page", "noget-andet")
        await centre.initiative(area="åben-skole", on=BEFORE)
        for area in ("åben-skole", "åben-skole", "integration", "noget-andet"):
            await centre.initiative(area=area)
        await settled(staff, plan, {"FAX1.2": 1, "FAX1.4": 1, "FAX4.1": 2, "FAX5.1": 1})

        await centre.over(f"content/{handbook}", "withdraw")
        await settled(staff, plan, {"FAX4.1": 1})


async def test_the_rest_of_odenses_goals_follow_the_directory(system: System) -> None:
    plan = f"odense-{today().year}"
    both = (("municipal_unit", "public"), ("region", "public"))
    async with system.client() as client:
        staff = Staff(client, system.bearer())
        centre, before = Centre(staff), await staff.values(plan)

        for kind, slug in (
            ("page", "virksomheder"),
            ("material", "inspirationspakken"),
            ("theme_page", "ledelse"),
            ("theme_page", "mental-mistrivsel"),
            ("story", ""),
        ):
            await centre.page(kind, slug)
        await centre.initiative(area="virksomhedsnetværk")
        await centre.initiative(area="inklusion")
        await centre.initiative(both[0], area="inspirationspakken")
        await centre.initiative(*both, area="inspirationspakken")
        await centre.agreement("cooperation", *both, area="inspirationspakken")
        await centre.agreement("cooperation", both[1], area="inspirationspakken")

        by = {"M.07": 1, "M.08": 1, "M.09": 1, "M.10": 2, "M.12": 1, "M.14": 1, "M.24": 1, "M.29": 1}
        await settled(staff, plan, {id: (before[id] or 0) + moved for id, moved in by.items()})


async def test_odenses_trends_have_a_year_before_and_rise(system: System) -> None:
    """Other tests of the same centre may move them as well, so they are only asked to rise."""
    plan = f"odense-{today().year}"
    async with system.client() as client:
        staff = Staff(client, system.bearer())
        centre = Centre(staff)
        await centre.activity(on=BEFORE)

        async def take_up() -> float:
            value = (await staff.values(plan))["2.t2"]
            assert value is not None
            return value

        async def companies() -> int:
            evidence = await staff.get(f"kpi/plans/{plan}/goals/3.t1/evidence", limit=200)
            return len(evidence["items"])

        async def rose() -> None:
            assert await take_up() > first
            assert await companies() > known

        first, known = (await eventually(lambda: _once(take_up)))[0], await companies()
        for _ in range(2):
            await centre.activity()
            await centre.organisation("company", "private")
        await eventually(rose)


async def _once(look: Callable[[], Awaitable[float]]) -> tuple[float]:
    """Zero is an answer, too."""
    return (await look(),)
