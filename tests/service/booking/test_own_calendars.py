"""Calendars of one's own: a person's by their links, an organisation's, a network's; read by another library."""

from typing import Any
from uuid import uuid4

import vobject

from tests.service.booking.centre import AMINA, CITIZEN, Centre, Json, danish, in_days

DAY = in_days(3)


def thing(kind: str, made: Json) -> Json:
    return {"kind": kind, "id": made["id"], "token": made["manage_token"]}


async def read(centre: Centre, made: Json) -> dict[str, Any]:
    """The entries by summary."""
    answer = await centre.get(made["url"].removeprefix(f"https://kompas.example/booking/{centre.tenant}/"))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
    assert "amina" not in answer.text.lower()
    calendar = vobject.readOne(answer.text)
    assert calendar.method.value == "PUBLISH"
    return {event.summary.value: event for event in getattr(calendar, "vevent_list", [])}


async def seat_at(centre: Centre, gathering: Json, **fields: Any) -> Json:
    answer = await centre.post(f"gatherings/{gathering['id']}/signups", CITIZEN, {"contact": AMINA, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_person_s_calendar_has_what_they_hold_the_links_to_and_says_no_more_than_a_mail(
    centre: Centre,
) -> None:
    talk = await centre.resource(name="Samtale om ensomhed", locality="Vollsmose")
    hall = await centre.resource(kind="room", name="Salen", locality="Bolbro")
    booked = await centre.booking(talk, DAY, "09:00", "09:30")
    times = {"starts_at": danish(DAY, "10:00"), "ends_at": danish(DAY, "10:30")}
    season = {**times, "resource_id": hall["id"], "rule": "FREQ=DAILY;COUNT=2", "contact": AMINA}
    series = (await centre.post("series", CITIZEN, season)).json()
    gathering = await centre.gathering(title="Kursus")
    seat = await seat_at(centre, gathering)
    await centre.booking(hall, DAY, "12:00", "12:30")

    made = (await centre.post("own-calendars", CITIZEN, {"things": [thing("booking", booked)]})).json()
    more = [thing("series", series), thing("seat", seat)]
    again = await centre.post("own-calendars", CITIZEN, {"things": more, "calendar": made["calendar"]})

    assert (again.status_code, again.json()) == (201, made)
    found = await read(centre, made)
    assert set(found) == {"Aftale", "Salen", "Kursus"}
    assert found["Aftale"].uid.value == f"{booked['id']}@{centre.tenant}.kompas"
    assert (found["Salen"].location.value, found["Aftale"].location.value) == ("Bolbro", "Vollsmose")
    await centre.cancel_with(booked)
    await centre.post(f"signups/{seat['id']}/cancel", {"x-manage-token": seat["manage_token"]})
    found = await read(centre, made)
    assert [(found[each].status.value, found[each].sequence.value) for each in ("Aftale", "Kursus")] == [
        ("CANCELLED", "1"), ("CANCELLED", "1"),
    ]  # fmt: skip


async def test_a_wrong_link_opens_no_calendar_and_a_calendar_opens_nothing_else(centre: Centre) -> None:
    mine = await centre.booking(await centre.resource(), DAY, "09:00", "09:30")
    other = await centre.booking(await centre.resource(), DAY, "09:00", "09:30")
    made = (await centre.post("own-calendars", CITIZEN, {"things": [thing("booking", mine)]})).json()
    crossed = {**thing("booking", other), "token": mine["manage_token"]}
    id, _, token = made["calendar"].partition(".")

    for body in (
        {"things": [crossed]},
        {"things": [{**thing("booking", mine), "id": str(uuid4())}]},
        {"things": [thing("booking", mine)], "calendar": f"{id}.x"},
        {"things": [thing("booking", mine)], "calendar": "nonsense"},
    ):
        assert (await centre.post("own-calendars", CITIZEN, body)).status_code == 404
    assert (await centre.get(f"own-calendars/{id}/x/calendar.ics")).status_code == 404
    assert (await centre.get(f"own-calendars/{uuid4()}/{token}/calendar.ics")).status_code == 404
    assert (await centre.get(f"bookings/{mine['id']}", {"x-manage-token": token})).status_code == 404
    removed = await centre.call("DELETE", "own-calendars", {"x-manage-token": made["calendar"]})
    assert removed.status_code == 204
    assert (await centre.get(f"own-calendars/{id}/{token}/calendar.ics")).status_code == 404


async def test_whoever_is_forgotten_has_no_calendar_any_more(centre: Centre) -> None:
    booked = await centre.booking(await centre.resource(), DAY, "09:00", "09:30")
    made = (await centre.post("own-calendars", CITIZEN, {"things": [thing("booking", booked)]})).json()
    [contact] = (await centre.post("contacts/find", centre.staff, {"email": AMINA["email"]})).json()["items"]

    erased = await centre.call("DELETE", f"contacts/{contact}", centre.staff)

    assert erased.status_code == 204
    assert (await centre.get(f"own-calendars/{made['calendar'].replace('.', '/')}/calendar.ics")).status_code == 404


async def test_an_organisation_s_calendar_has_what_it_arranges_and_what_it_has_booked(centre: Centre) -> None:
    network, other = uuid4(), uuid4()
    host = {"organisation_id": str(network), "name": "Netværket", "sector": "voluntary"}
    with_another = [{"organisation_id": str(other), "name": "Andre", "sector": "public"}, host]
    await centre.gathering(title="Netværksmøde", organisers=[host])
    await centre.gathering(title="Internt", organisers=with_another, internal=True)
    await centre.gathering(title="Ikke deres")
    hall = await centre.resource(kind="room", name="Salen")
    wish = centre.wish(hall, danish(DAY, "09:00"), danish(DAY, "09:30"))
    await centre.post("bookings", centre.association(network), wish)
    path = f"organisations/{network}/calendar"

    made = (await centre.post(path, centre.association(network))).json()
    public = await centre.get("calendar.ics", organiser=str(network))

    assert set(await read(centre, made)) == {"Netværksmøde", "Internt", "Salen"}
    assert [event.summary.value for event in vobject.readOne(public.text).vevent_list] == ["Netværksmøde"]
    listed = (await centre.get("gatherings", organiser=str(network))).json()["items"]
    assert [each["title"] for each in listed] == ["Netværksmøde"]
    renewed = (await centre.post(path, centre.staff)).json()
    assert (await centre.get(f"own-calendars/{made['calendar'].replace('.', '/')}/calendar.ics")).status_code == 404
    assert len(await read(centre, renewed)) == 3
    assert (await centre.post(path, centre.association(other))).status_code == 403
    assert (await centre.post(path, CITIZEN)).status_code == 401
    await centre.call("DELETE", path, centre.association(network))
    assert (await centre.get(f"own-calendars/{renewed['calendar'].replace('.', '/')}/calendar.ics")).status_code == 404
