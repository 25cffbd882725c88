"""Two entries of the directory turn out to be one organisation: every number is as if they had always been one."""

from uuid import UUID, uuid4

from services.kpi.worker import create_worker
from shared.events.directory import MembershipStarted
from shared.events.merging import OrganisationMerged, OrganisationUnmerged
from tests.messaging.stage import running
from tests.messaging.test_kpi_receipts import MEMBERS, ORGANISATIONS, Kpi, an_empty_kpi, kpi
from tests.service.kpi.test_versions import town
from tests.support.waiting import eventually

__all__ = ["an_empty_kpi", "kpi"]


def joined(organisation: UUID) -> MembershipStarted:
    facts = {"organisation_id": organisation, "organisation_kind": "association", "kind": "member"}
    return MembershipStarted.model_validate(facts | {"started_on": "2023-05-01"})


async def test_merged_organisations_count_once_from_the_first_fact_and_apart_again_when_it_is_undone(kpi: Kpi) -> None:
    double, stands, other = uuid4(), uuid4(), uuid4()

    async def joins(organisation: UUID) -> None:
        membership = uuid4()
        told = kpi.wrapped(joined(organisation), membership)
        await kpi.tell(told, topic="directory.events", key=str(membership))

    async def merge(sequence: int, *, undone: bool = False) -> None:
        event = (OrganisationUnmerged if undone else OrganisationMerged)(merged_into=stands)
        told = kpi.wrapped(event, double, sequence)
        await kpi.tell(told, topic="directory.events", key=str(double))

    async with running(create_worker(kpi.settings).run):
        await kpi.put(town(ORGANISATIONS, MEMBERS))
        for organisation in (double, stands, other):
            await joins(organisation)
        await kpi.says("3.2", 3)
        report = await kpi.post("/reports", {"reporting_date": "2023-12-31"})

        await merge(3)
        await kpi.says("3.2", 2)

        async def told() -> None:
            (changed,) = [
                each for each in (await kpi.get(f"/reports/{report['id']}"))["restatements"] if each["goal"] == "3.2"
            ]
            assert (changed["before"], changed["after"], changed["causes"]) == (3, 2, ["merge"])

        await eventually(told)
        await joins(double)
        await kpi.says("3.1", 4)
        await kpi.says("3.2", 2)
        assert (await kpi.recount("3.2"))["equal"]

        await merge(4, undone=True)
        await kpi.says("3.2", 3)
        # The merge once more, redriven after it was taken back: the newer one stands.
        await merge(3)
        await joins(uuid4())
        await kpi.says("3.2", 4)
        assert (await kpi.recount("3.2"))["equal"]
