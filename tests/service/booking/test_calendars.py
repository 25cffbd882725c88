"""Calendars that behave, read by another library than the one that wrote them, and the page that everybody reads."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
import vobject

from shared.clock import DANISH
from tests.service.booking.centre import AMINA, CITIZEN, Centre, Json, danish, fields_of, in_days

ZONE = "Europe/Copenhagen"


async def feed(centre: Centre, path: str = "calendar.ics", **query: Any) -> Any:
    answer = await centre.get(path, **query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8"), answer.text
    return vobject.readOne(answer.text)


def events(calendar: Any) -> list[Any]:
    return list(getattr(calendar, "vevent_list", []))


async def test_a_public_gathering_is_a_public_event_without_attendees(centre: Centre) -> None:
    gathering = await centre.gathering(
        kind="workshop",
        place="Østerbro 12, 2. sal",
        locality="Vollsmose",
        description="Tag din nabo med;\nog kage, gerne",
    )
    await centre.post(
        f"gatherings/{gathering['id']}/signups", CITIZEN, {"contact": {"name": "Amina", "email": "amina@example.com"}}
    )

    calendar = await feed(centre)

    [event] = events(calendar)
    assert calendar.method.value == "PUBLISH"
    assert (event.uid.value, event.sequence.value) == (f"{gathering['id']}@{centre.tenant}.kompas", "0")
    assert (event.summary.value, event.location.value) == (gathering["title"], "Østerbro 12, 2. sal, Vollsmose")
    assert event.description.value.startswith("Tag din nabo med;\nog kage, gerne")
    assert event.dtstart.value == datetime.fromisoformat(gathering["starts_at"])
    assert event.status.value == "CONFIRMED"
    assert "attendee" not in event.contents
    assert "amina" not in (await centre.get("calendar.ics")).text.lower()


async def test_three_moves_and_a_cancellation_are_one_event_whose_sequence_rises(centre: Centre) -> None:
    gathering = await centre.gathering()
    path, seen = f"gatherings/{gathering['id']}", []

    async def look() -> None:
        [event] = events(await feed(centre))
        seen.append((event.uid.value, int(event.sequence.value), event.status.value, event.dtstart.value.day))

    await look()
    for days in (21, 22, 23):
        moved = {"starts_at": danish(in_days(days), "17:00"), "ends_at": danish(in_days(days), "19:00")}
        assert (await centre.call("PATCH", path, centre.staff, moved)).status_code == 200
        await look()
    await centre.post(f"{path}/cancel", centre.staff)
    await look()

    uid = f"{gathering['id']}@{centre.tenant}.kompas"
    assert seen == [
        (uid, 0, "CONFIRMED", in_days(20).day), (uid, 1, "CONFIRMED", in_days(21).day),
        (uid, 2, "CONFIRMED", in_days(22).day), (uid, 3, "CONFIRMED", in_days(23).day),
        (uid, 4, "CANCELLED", in_days(23).day),
    ]  # fmt: skip


async def test_seven_in_the_evening_stays_seven_on_both_sides_of_the_clock_s_change(centre: Centre) -> None:
    year = in_days(365).year
    summer, winter = date(year, 7, 1), date(year, 12, 1)
    for day in (summer, winter):
        await centre.gathering(starts_at=danish(day, "19:00"), ends_at=danish(day, "21:00"))

    calendar = await feed(centre)

    assert [zone.tzid.value for zone in calendar.vtimezone_list] == [ZONE]
    starts = [event.dtstart for event in events(calendar)]
    assert [start.params["X-VOBJ-ORIGINAL-TZID"] for start in starts] == [[ZONE], [ZONE]]
    assert [start.value.replace(tzinfo=None).hour for start in starts] == [19, 19]
    # By the rules that the feed brings along, not by those of this machine.
    assert [start.value.astimezone(UTC).hour for start in starts] == [17, 18]
    assert [start.value.astimezone(DANISH).hour for start in starts] == [19, 19]


async def test_a_series_has_its_own_feed_and_internal_ones_have_none(centre: Centre) -> None:
    relay = [await centre.gathering(series="Fællesskabsstafetten", title=host) for host in ("Café Klare", "Kirken")]
    await centre.gathering(title="Et andet")
    await centre.gathering(series="Fællesskabsstafetten", internal=True, title="Kun for os")

    calendar = await feed(centre, series="fællesskabsstafetten")

    assert [event.summary.value for event in events(calendar)] == [each["title"] for each in relay]
    assert len(events(await feed(centre))) == 3
    assert events(await feed(centre, series="ukendt")) == []


async def test_a_resource_s_feed_is_secret_says_when_and_not_who(centre: Centre) -> None:
    adviser = await centre.resource(name="Samtale med Åse", locality="Bolbro")
    kept = await centre.booking(adviser, in_days(1), "09:00", "09:30")
    given_back = await centre.booking(adviser, in_days(1), "10:00", "10:30")
    await centre.cancel_with(given_back)

    path = await address(centre, adviser)
    calendar = await feed(centre, path)

    assert [(e.uid.value, e.status.value, e.sequence.value) for e in events(calendar)] == [
        (f"{kept['id']}@{centre.tenant}.kompas", "CONFIRMED", "0"),
        (f"{given_back['id']}@{centre.tenant}.kompas", "CANCELLED", "1"),
    ]
    text = (await centre.get(path)).text.lower()
    assert not any(word in text for word in ("amina", "example.com", "seeking", "attendee"))


async def test_a_new_address_ends_the_old_one_and_a_guess_opens_nothing(centre: Centre) -> None:
    adviser, other = await centre.resource(), await centre.resource()
    old = await address(centre, adviser)
    new = await address(centre, adviser)
    token = new.split("/")[2]

    assert [(await centre.get(path)).status_code for path in (old, new)] == [404, 200]
    assert (await centre.get(f"resources/{other['id']}/{token}/calendar.ics")).status_code == 404
    assert (await centre.get(f"resources/{adviser['id']}/guess/calendar.ics")).status_code == 404
    assert (await centre.post(f"resources/{adviser['id']}/calendar", CITIZEN)).status_code == 401
    assert (await centre.post(f"resources/{uuid4()}/calendar", centre.staff)).status_code == 404
    assert (await centre.call("DELETE", f"resources/{adviser['id']}/calendar", centre.staff)).status_code == 204
    assert (await centre.get(new)).status_code == 404


async def test_the_page_shows_what_is_to_come_and_finds_it(centre: Centre) -> None:
    day = in_days(20)
    near = await centre.gathering(title="Spis <sammen>", kind="workshop", locality="Vollsmose", capacity=3)
    far = await centre.gathering(
        title="Årsmøde", kind="general_meeting", topic="Forening",
        starts_at=danish(in_days(90), "19:00"), ends_at=danish(in_days(90), "21:00"),
    )  # fmt: skip
    await centre.gathering(title="Kun for os", internal=True)
    await centre.gathering(title="Forbi", starts_at=danish(in_days(-9), "17:00"), ends_at=danish(in_days(-9), "19:00"))

    async def shown(**query: Any) -> list[str]:
        page = await centre.get("calendar", **query)
        assert page.status_code == 200, page.text
        return [each["id"] for each in (near, far) if f'id="{each["id"]}"' in page.text]

    page = await centre.get("calendar")
    assert "Spis &lt;sammen&gt;" in page.text
    assert "17.00–19.00" in page.text
    assert "Med tilmelding: 3 ledige pladser" in page.text
    assert "Kun for os" not in page.text
    assert "Forbi" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert await shown() == [near["id"], far["id"]]
    assert await shown(month=f"{day:%Y-%m}", q="") == [near["id"]]
    assert await shown(locality="Vollsmose", kind="", topic="") == [near["id"]]
    assert (
        await shown(kind="general_meeting") == await shown(topic="forening") == await shown(q="årsmøder") == [far["id"]]
    )
    assert await shown(q="findes ikke") == []
    assert 'lang="en"' in (await centre.get("calendar", language="en")).text
    assert [fields_of(await centre.get("calendar", **wrong)) for wrong in ({"month": "maj"}, {"kind": "x"})] == [
        ["month"], ["kind"],
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["calendar", "calendar.ics"])
async def test_an_empty_calendar_is_a_calendar(centre: Centre, path: str) -> None:
    assert (await centre.get(path)).status_code == 200


async def test_a_weekly_booking_from_february_to_november_keeps_its_wall_clock_in_the_feed(centre: Centre) -> None:
    salen = await centre.resource(
        kind="room", name="Salen", slot_minutes=60, opening_hours=[{"weekday": 0, "from": "10:00", "to": "11:00"}]
    )
    path = await address(centre, salen)
    taken = {"resource_id": salen["id"], "contact": AMINA}
    with time_machine.travel("2026-11-23T09:00:00Z"):
        await centre.post("bookings", centre.staff, taken | hour(date(2027, 3, 29)))
        season = {**taken, **hour(date(2027, 2, 1)), "rule": "FREQ=WEEKLY;BYDAY=MO;UNTIL=20271129"}
        made = await centre.post("series", CITIZEN, season)
        calendar = await feed(centre, path)

    assert (made.status_code, made.json()["booked"]) == (201, 43), made.text
    [zone] = calendar.vtimezone_list
    starts = [event.dtstart for event in events(calendar)]
    assert (zone.tzid.value, len(starts)) == (ZONE, 44)
    assert {start.params["X-VOBJ-ORIGINAL-TZID"][0] for start in starts} == {ZONE}
    assert {f"{start.value:%a %H:%M}" for start in starts} == {"Mon 10:00"}
    # By the rules that the feed brings along: winter, summer from 28 March, winter again from 31 October.
    summer = {start.value.date() for start in starts if start.value.astimezone(UTC).hour == 8}
    assert (min(summer), max(summer)) == (date(2027, 3, 29), date(2027, 10, 25))
    assert {start.value.astimezone(UTC).hour for start in starts} == {8, 9}
    [told] = await centre.stated(made.json()["id"])
    assert (told["data"]["weekdays"], told["data"]["confirmed"]) == ([1], 43)
    assert told["data"]["refusals"] == [{"starts_at": "2027-03-29T08:00:00Z", "cause": "taken"}]
    assert told["data"]["first_ends_at"] == "2027-02-01T10:00:00Z"


def hour(day: date) -> Json:
    return {"starts_at": danish(day, "10:00"), "ends_at": danish(day, "11:00")}


async def address(centre: Centre, resource: Json) -> str:
    """Of the resource's feed, after the tenant."""
    made = await centre.post(f"resources/{resource['id']}/calendar", centre.staff)
    assert made.status_code == 201, made.text
    prefix = f"https://kompas.example/booking/{centre.tenant}/"
    assert made.json()["url"].startswith(prefix)
    return str(made.json()["url"].removeprefix(prefix))
