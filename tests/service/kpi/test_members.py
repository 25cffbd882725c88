"""Asking the member associations: KPI knows by the directory's events who they are, and by staff where they are."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from services.kpi.members import consumers
from shared.clock import now, today
from shared.database import Database
from shared.events.directory import MembershipEnded, MembershipStarted
from shared.ids import uuid7
from shared.messaging.consume import Received
from tests.service.kpi.asking import SURVEY, association, contacts
from tests.service.kpi.centre import Centre, Json
from tests.support.people import fresh_tenant


@pytest.fixture
def centre(client: httpx2.AsyncClient, database: Database) -> Centre:
    """It goes by no plan; nothing is counted here."""
    return Centre(client, database, fresh_tenant())


async def hears(
    centre: Centre, organisation: UUID, *, membership: UUID | None = None, sequence: int = 1, **fields: Any
) -> UUID:
    """As the consumer's door does it, without Kafka."""
    subject = membership or uuid7()
    data = {"organisation_id": organisation, "organisation_kind": "association", "kind": "member"} | fields
    ended = "ended_on" in data
    event = (MembershipEnded if ended else MembershipStarted).model_validate(
        data if ended else {"started_on": today(), **data}
    )
    received = Received(uuid7(), event.TYPE, centre.tenant, str(subject), now(), now(), sequence, event)
    async with centre.database.transaction(centre.tenant) as session:
        await (consumers.membership_ended if ended else consumers.membership_started)(session, received)
    return subject


async def opened_for_members(centre: Centre, **opening: Any) -> tuple[Any, list[Json]]:
    survey = (await centre.post("surveys", SURVEY)).json()
    answer = await centre.post(f"surveys/{survey['id']}/open", {"members": True} | opening)
    found = await centre.get(f"surveys/{survey['id']}/invitations", centre.staff)
    return answer, found["items"]


async def test_every_association_that_is_a_member_is_invited_and_who_has_an_address_is_mailed(centre: Centre) -> None:
    chess, choir, guest = association(centre), association(centre, "Kor"), association(centre, "Gæst")
    for organisation in (chess.organisation, choir.organisation):
        await hears(centre, organisation)

    answer, found = await opened_for_members(centre, invitations=[chess.listed, guest.listed])

    assert answer.json()["invited"] == 3
    assert {(each["organisation_id"], each["name"], each["email"] is None) for each in found} == {
        (str(chess.organisation), chess.name, False),
        (str(choir.organisation), None, True),
        (str(guest.organisation), guest.name, False),
    }
    assert len(await contacts(centre)) == 2


async def test_an_address_that_is_given_later_is_mailed_a_link(centre: Centre) -> None:
    choir = association(centre, "Kor")
    await hears(centre, choir.organisation)
    answer, _ = await opened_for_members(centre)

    made = await centre.post(f"surveys/{answer.json()['id']}/invitations", {"invitations": [choir.listed]})

    assert made.json() == {"invited": 1, "mailed": 1, "without_address": 0}
    assert (await choir.answers(new_volunteers=1)).status_code == 200


async def test_companies_supporters_and_those_who_have_left_are_not_members(centre: Centre) -> None:
    stays, left = uuid4(), uuid4()
    await hears(centre, stays)
    await hears(centre, uuid4(), organisation_kind="company")
    await hears(centre, uuid4(), kind="supporter")
    membership = await hears(centre, left)
    await hears(centre, left, membership=membership, sequence=2, ended_on=today())
    # Redriven from the dead letters, long after.
    await hears(centre, left, membership=membership, sequence=1)

    _, found = await opened_for_members(centre)

    assert [each["organisation_id"] for each in found] == [str(stays)]


async def test_an_association_with_two_memberships_is_asked_once_and_another_centre_s_not_at_all(
    centre: Centre,
) -> None:
    ours = uuid4()
    for _ in range(2):
        await hears(centre, ours)
    neighbour = Centre(centre.client, centre.database, f"{centre.tenant}x")
    await hears(neighbour, uuid4())

    _, found = await opened_for_members(centre)

    assert [each["organisation_id"] for each in found] == [str(ours)]
