"""Chapter: the associations borrow the centre's rooms, the same evening every week for most of them."""

from datetime import date, timedelta

from kompas.demo.commands import Chapter, Command, Ref, at
from kompas.demo.story.draft import FIRST, LAST, Draft

# Name, locality, hours a booking takes; all rooms are open every day from 8 to 22.
ROOMS = (
    ("Store sal", "Bolbro", 2), ("Mødelokale Åen", "Bolbro", 2), ("Køkkenet", "Vollsmose", 3),
    ("Værkstedet", "Vollsmose", 3), ("Mødelokale Æblet", "Dalum", 1), ("Musiklokalet", "Næsby", 2),
)  # fmt: skip
OPENS, CLOSES = 8, 22
HOLIDAYS = (28, 29, 30, 52)  # ISO weeks in which nobody meets.
SEASONS = (12, 20, 34, 44)  # How many weeks a group keeps its evening.

Evening = tuple[int, int, int]
"""A room, a weekday and the hour at which it begins: whoever has it meets nobody else there."""


def chapter(draft: Draft) -> Chapter:
    rooms = [_room(number, *room) for number, room in enumerate(ROOMS)]
    booked = _bookings(draft, draft.some(1_020))
    cancelled = [
        Command(f"{each.key}/cancelled", "booking/bookings/{id}/cancel", {"reason": "Gruppen er syg"}, of=each.key)
        for each in draft.random.sample(booked, draft.some(14))
    ]
    return Chapter("Lokalebooking", [rooms, booked, cancelled])


def _bookings(draft: Draft, count: int) -> list[Command]:
    """No two overlap: each evening belongs to one association for the whole year."""
    evenings: list[Evening] = [
        (room, weekday, hour)
        for room, (_, _, hours) in enumerate(ROOMS)
        for weekday in range(7)
        for hour in range(OPENS, CLOSES - hours + 1, hours)
    ]
    draft.random.shuffle(evenings)
    booked: list[Command] = []
    for room, weekday, hour in evenings:
        association = draft.random.choice(draft.cast.associations)
        weeks = [day for day in _days(weekday) if day.isocalendar().week not in HOLIDAYS]
        first = draft.random.randrange(len(weeks) // 2)
        for day in weeks[first : first + draft.random.choice(SEASONS)]:
            if len(booked) == count:
                return booked
            booked.append(_booking(f"room-booking/{len(booked)}", room, association, day, hour))
    raise ValueError(f"The rooms have no place for {count} bookings.")


def _days(weekday: int) -> list[date]:
    first = FIRST + timedelta(days=(weekday - FIRST.weekday()) % 7)
    return [first + timedelta(weeks=week) for week in range((LAST - first).days // 7 + 1)]


def _booking(key: str, room: int, association: str, day: date, hour: int) -> Command:
    body = {
        "resource_id": Ref(f"room/{room}"),
        "starts_at": at(day, hour),
        "ends_at": at(day, hour + ROOMS[room][2]),
        "purpose": "other",
        "organisation_id": Ref(association),
        "channel": "assisted",
    }
    return Command(key, "booking/bookings", body)


def _room(number: int, name: str, locality: str, hours: int) -> Command:
    body = {
        "kind": "room",
        "name": name,
        "capacity": 12 * hours,
        "slot_minutes": 60 * hours,
        "buffer_minutes": 0,
        "opening_hours": [{"weekday": day, "from": f"{OPENS:02}:00", "to": f"{CLOSES:02}:00"} for day in range(7)],
        "locality": locality,
    }
    return Command(f"room/{number}", "booking/resources", body)
