"""Taking a time: who may, when it may be, and what is told to whoever does not get it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.service.booking.centre import AMINA, CITIZEN, Centre, danish, fields_of, in_days, together, utc

TOMORROW = in_days(1)
LONG_AGO = in_days(-200)


async def test_a_citizen_books_a_free_slot_and_is_answered_without_their_name(centre: Centre) -> None:
    resource = await centre.resource(locality="Vollsmose")

    answer = await centre.post(
        "bookings", CITIZEN, centre.wish(resource, danish(TOMORROW, "09:30"), danish(TOMORROW, "10:00"))
    )

    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert answer.headers["etag"] == '"2"'
    assert (body["state"], body["purpose"], body["channel"]) == ("confirmed", "seeking_community", "self")
    assert (body["starts_at"], body["ends_at"]) == (utc(danish(TOMORROW, "09:30")), utc(danish(TOMORROW, "10:00")))
    assert len(body["manage_token"]) >= 40
    assert "amina" not in answer.text.lower()


async def test_fifty_who_ask_for_one_slot_at_once_are_one_who_gets_it_and_49_who_learn_what_is_free(
    centre: Centre,
) -> None:
    resource = await centre.resource()
    wish = centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"))

    answers = await together(centre.post("bookings", CITIZEN, wish) for _ in range(50))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    free = [utc(danish(TOMORROW, clock)) for clock in ("09:30", "10:00", "10:30", "11:00", "11:30")]
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["type"] == "urn:kompas:problem:slot-taken"
            assert [slot["starts_at"] for slot in answer.json()["alternatives"]] == free


async def test_bookings_that_cross_each_other_never_deadlock(centre: Centre) -> None:
    """Long and short ones at once: whoever waits for one may be what another waits for."""
    room = await centre.resource(kind="room", name="Salen")
    clocks = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00"]
    wishes = [
        centre.wish(room, danish(TOMORROW, a), danish(TOMORROW, b))
        for n, a in enumerate(clocks)
        for b in clocks[n + 1 :]
    ]

    answers = await asyncio.gather(*(centre.post("bookings", CITIZEN, wish) for wish in wishes))

    assert {answer.status_code for answer in answers} == {201, 409}
    async with centre.database.transaction(centre.tenant) as session:
        overlaps = await (await session.connection()).execute(
            text(
                "select count(*) from bookings a join bookings b on a.id < b.id and a.during && b.during"
                " and a.resource_no = b.resource_no"
            )
        )
        assert overlaps.scalar() == 0


async def test_the_loser_of_a_long_time_is_offered_times_of_the_same_length(centre: Centre) -> None:
    room = await centre.resource(kind="room", name="Salen", slot_minutes=60, buffer_minutes=15)
    await centre.booking(room, TOMORROW, "10:00", "12:00")

    answer = await centre.post(
        "bookings", CITIZEN, centre.wish(room, danish(TOMORROW, "09:00"), danish(TOMORROW, "11:00"))
    )

    assert answer.status_code == 409
    first = answer.json()["alternatives"][0]
    # Not at 12:00: a quarter of an hour stays between two bookings.
    assert (first["starts_at"], first["ends_at"]) == (utc(danish(TOMORROW, "13:00")), utc(danish(TOMORROW, "15:00")))
    assert len(answer.json()["alternatives"]) == 5


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"starts_at": 1_790_000_000}, "starts_at"),
        ({"starts_at": "1790000000"}, "starts_at"),
        ({"starts_at": "2026-12-01T09:00:00"}, "starts_at"),
        ({"starts_at": "i morgen"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+12:00"}, "starts_at"),
        ({"purpose": "depression"}, "purpose"),
        ({"purpose": None}, "purpose"),
        ({"contact": None}, "contact"),
        ({"contact": {**AMINA, "email": "amina hos example"}}, "contact.email"),
        ({"contact": {**AMINA, "email": "a" * 250 + "@example.com"}}, "contact.email"),
        ({"contact": {**AMINA, "phone": "12"}}, "contact.phone"),
        ({"contact": {**AMINA, "name": "x" * 201}}, "contact.name"),
        ({"contact": {**AMINA, "name": " "}}, "contact.name"),
        ({"contact": {**AMINA, "name": "A\nBcc: b@example.com"}}, "contact.name"),
        ({"contact": {**AMINA, "diagnosis": "x"}}, "contact.diagnosis"),
        ({"resource_id": "samtalen"}, "resource_id"),
        ({"channel": "assisted"}, "channel"),
        ({"note": "jeg er ked af det"}, "note"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_wrong_field_is_named_and_never_repeated(centre: Centre, changed: dict[str, Any], field: str) -> None:
    resource = await centre.resource()
    wish = centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30")) | changed

    answer = await centre.post("bookings", CITIZEN, wish)

    assert answer.status_code == 422, answer.text
    assert fields_of(answer) == [field]
    assert "amina" not in answer.text.lower()


@pytest.mark.parametrize(
    ("day", "clock", "until", "field"),
    [
        (in_days(-1), "09:00", "09:30", "starts_at"),
        (TOMORROW, "08:30", "09:00", "starts_at"),
        (TOMORROW, "16:00", "16:30", "starts_at"),
        (TOMORROW, "09:10", "09:40", "starts_at"),
        (TOMORROW, "09:00", "10:00", "ends_at"),
        (TOMORROW, "09:00", "09:20", "ends_at"),
        (TOMORROW, "10:00", "09:30", "ends_at"),
        (TOMORROW, "09:00", "09:00", "ends_at"),
        (in_days(800), "09:00", "09:30", "starts_at"),
    ],
    ids=["past", "before opening", "after closing", "off the grid", "two slots for one conversation",
         "less than a slot", "backwards", "no time at all", "in years"],
)  # fmt: skip
async def test_a_conversation_is_exactly_one_slot_of_the_opening_hours_to_come(
    centre: Centre, day: Any, clock: str, until: str, field: str
) -> None:
    resource = await centre.resource()

    answer = await centre.post("bookings", CITIZEN, centre.wish(resource, danish(day, clock), danish(day, until)))

    assert answer.status_code == 422, answer.text
    assert fields_of(answer) == [field]


async def test_a_room_takes_several_slots_in_a_row_and_needs_no_purpose(centre: Centre) -> None:
    room = await centre.resource(kind="room", name="Mødelokale Å")
    wish = centre.wish(room, danish(TOMORROW, "09:00"), danish(TOMORROW, "16:00"))
    del wish["purpose"]

    answer = await centre.post("bookings", CITIZEN, wish)

    assert answer.status_code == 201, answer.text
    assert answer.json()["purpose"] == "other"


async def test_staff_record_what_already_happened_off_the_grid_and_without_a_contact(centre: Centre) -> None:
    resource = await centre.resource()
    wish = centre.wish(resource, danish(LONG_AGO, "18:05"), danish(LONG_AGO, "18:50"), channel="assisted")
    del wish["contact"]

    made = await centre.post("bookings", centre.staff, wish)
    twice = await centre.post("bookings", centre.staff, wish)
    by_citizen = await centre.post("bookings", CITIZEN, wish | {"channel": "self", "contact": AMINA})
    by_themselves = await centre.post("bookings", centre.staff, wish | {"channel": "self", "contact": AMINA})

    assert made.status_code == 201, made.text
    assert made.json()["channel"] == "assisted"
    assert (twice.status_code, twice.json()["alternatives"]) == (409, [])
    assert [(a.status_code, fields_of(a)) for a in (by_citizen, by_themselves)] == [(422, ["starts_at"])] * 2


async def test_what_happened_without_air_between_can_be_recorded(centre: Centre) -> None:
    resource = await centre.resource(buffer_minutes=30)

    for clock, until in (("10:00", "10:40"), ("10:40", "11:00"), ("09:30", "10:00")):
        wish = centre.wish(resource, danish(LONG_AGO, clock), danish(LONG_AGO, until), contact=None)
        assert (await centre.post("bookings", centre.staff, wish)).status_code == 201


async def test_staff_on_the_phone_book_a_coming_time_from_the_grid_for_somebody_without_mail(centre: Centre) -> None:
    resource = await centre.resource()
    wish = centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"), contact=None)

    made = await centre.post("bookings", centre.staff, wish)
    off_the_grid = await centre.post(
        "bookings", centre.staff, wish | {"starts_at": danish(TOMORROW, "20:00"), "ends_at": danish(TOMORROW, "20:30")}
    )

    assert (made.status_code, made.json()["channel"]) == (201, "assisted")
    assert (off_the_grid.status_code, fields_of(off_the_grid)) == (422, ["starts_at"])


async def test_an_association_books_for_itself_only(centre: Centre) -> None:
    room = await centre.resource(kind="room", name="Salen")
    ours, theirs = uuid4(), uuid4()
    wish = centre.wish(room, danish(TOMORROW, "09:00"), danish(TOMORROW, "10:00"))

    for_others = await centre.post("bookings", centre.association(ours), wish | {"organisation_id": str(theirs)})
    for_us = await centre.post("bookings", centre.association(ours), wish)

    assert (for_others.status_code, fields_of(for_others)) == (403, ["organisation_id"])
    assert (for_us.status_code, for_us.json()["organisation_id"]) == (201, str(ours))


async def test_what_does_not_exist_here_cannot_be_booked(centre: Centre) -> None:
    elsewhere = Centre(centre.client, centre.database, centre.tenant + "x")
    foreign = await elsewhere.resource()

    answer = await centre.post(
        "bookings", CITIZEN, centre.wish(foreign, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"))
    )

    assert (answer.status_code, fields_of(answer)) == (404, ["resource_id"])


async def test_the_same_key_books_once(centre: Centre) -> None:
    resource = await centre.resource()
    wish = centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30"))
    key = str(uuid4())

    first, second = [await centre.post("bookings", CITIZEN, wish, **{"idempotency-key": key}) for _ in range(2)]

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


async def test_a_lost_race_leaves_the_key_free_for_another_time(centre: Centre) -> None:
    resource = await centre.resource()
    await centre.booking(resource, TOMORROW, "09:00", "09:30")
    key = {"idempotency-key": str(uuid4())}

    lost = await centre.post(
        "bookings", CITIZEN, centre.wish(resource, danish(TOMORROW, "09:00"), danish(TOMORROW, "09:30")), **key
    )
    slot = lost.json()["alternatives"][0]
    won = await centre.post("bookings", CITIZEN, centre.wish(resource, slot["starts_at"], slot["ends_at"]), **key)

    assert (lost.status_code, won.status_code) == (409, 201)


async def test_staff_list_bookings_by_day_state_and_resource(centre: Centre) -> None:
    one, other = await centre.resource(), await centre.resource()
    first = await centre.booking(one, TOMORROW, "09:00", "09:30")
    later = await centre.booking(one, in_days(2), "09:00", "09:30")
    elsewhere = await centre.booking(other, TOMORROW, "09:00", "09:30")
    await centre.post(f"bookings/{later['id']}/cancel", centre.staff)

    async def ids(**query: Any) -> list[str]:
        answer = await centre.get("bookings", centre.staff, **query)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    everything = [first["id"], later["id"], elsewhere["id"]]
    assert await ids() == everything
    assert await ids(resource_id=one["id"]) == everything[:2]
    assert await ids(state="cancelled") == [later["id"]]
    assert await ids(**{"from": TOMORROW, "to": in_days(2)}) == [first["id"], elsewhere["id"]]
    page = (await centre.get("bookings", centre.staff, limit=2)).json()
    assert [each["id"] for each in page["items"]] == everything[:2]
    assert await ids(limit=2, cursor=page["next_cursor"]) == everything[2:]
    assert "amina" not in (await centre.get("bookings", centre.staff)).text.lower()
    for query in ({"from": "i dag"}, {"to": "9999-12-31"}, {"state": "x"}, {"limit": 0}):
        assert (await centre.get("bookings", centre.staff, **query)).status_code == 422
