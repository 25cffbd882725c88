"""The way a booking goes in few questions: nothing that it leaves out may be missed."""

from sqlalchemy import text

from tests.service.booking.centre import CITIZEN, Centre, danish, in_days, together

TOMORROW = in_days(1)


async def test_a_change_of_the_resource_binds_the_very_next_booking(centre: Centre) -> None:
    """What a process remembers of a resource is what the last transaction wrote, whoever wrote it."""
    resource = await centre.resource(slot_minutes=30)
    await centre.booking(resource, TOMORROW, "09:00", "09:30")

    await centre.call("PATCH", f"resources/{resource['id']}", centre.staff, {"slot_minutes": 60})
    short = await centre.post("bookings", CITIZEN, centre.wish(resource, *_times("10:00", "10:30")))
    whole = await centre.post("bookings", CITIZEN, centre.wish(resource, *_times("10:00", "11:00")))
    async with centre.database.transaction(centre.tenant) as session:
        # As a migration would: the version stays.
        closing = text("update resources set state = 'closed' where id = cast(:id as uuid)")
        await (await session.connection()).execute(closing, {"id": resource["id"]})
    closed = await centre.post("bookings", CITIZEN, centre.wish(resource, *_times("11:00", "12:00")))

    assert (short.status_code, whole.status_code) == (422, 201)
    assert (closed.status_code, closed.json()["type"]) == (409, "urn:kompas:problem:resource-closed")


async def test_of_those_who_get_nothing_nobody_is_kept_and_nothing_is_told(centre: Centre) -> None:
    resource = await centre.resource()
    wish = centre.wish(resource, *_times("09:00", "09:30"))

    answers = await together(centre.post("bookings", CITIZEN, wish) for _ in range(5))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 4
    async with centre.database.transaction(centre.tenant) as session:
        connection = await session.connection()
        kept = (await connection.execute(text("select id, contact_id from bookings"))).one()
        contacts = (await connection.execute(text("select id from contacts"))).scalars().all()
        told = (
            await connection.execute(text("select key from outbox where topic <> 'contacts' order by id"))
        ).scalars()
        shared = (await connection.execute(text("select key from outbox where topic = 'contacts'"))).scalars().all()
        assert contacts == [kept.contact_id]
        assert shared == [str(kept.contact_id)]
        assert [key for key in told if key != resource["id"]] == [str(kept.id)] * 2


def _times(begin: str, end: str) -> tuple[str, str]:
    return danish(TOMORROW, begin), danish(TOMORROW, end)
