"""Chapter: citizens talk with the centre, and some of them are looking for a community."""

from datetime import date, timedelta

from kompas.demo.commands import Chapter, Command, Ref, at
from kompas.demo.story.draft import FIRST, LAST, Draft

CONSULTANTS = ("Samtale i Vindegade", "Samtale i Vollsmose")
HOURS = range(9, 16)
OTHER_PURPOSES = ("volunteering", "volunteering", "volunteering", "consultancy", "other")


def chapter(draft: Draft) -> Chapter:
    """No contact details: what is recorded afterwards needs nobody's address."""
    resources = [_resource(number, name) for number, name in enumerate(CONSULTANTS)]
    count, seeking, regretted = draft.some(106), draft.some(33), draft.some(4)
    free = [(number, day, hour) for number in range(len(CONSULTANTS)) for day in _working_days() for hour in HOURS]
    purposes = ["seeking_community"] * seeking
    purposes += [draft.random.choice(OTHER_PURPOSES) for _ in range(count - seeking)]
    booked = [
        Command(
            f"conversation/{number}",
            "booking/bookings",
            {
                "resource_id": Ref(f"consultant/{consultant}"),
                "starts_at": at(day, hour),
                "ends_at": at(day, hour + 1),
                "purpose": purpose,
                "channel": "assisted",
            },
        )
        for number, ((consultant, day, hour), purpose) in enumerate(
            zip(draft.random.sample(free, count), purposes, strict=True)
        )
    ]
    # Every second one that is cancelled was asked for by somebody who seeks community: the request counts all the same.
    cancelled = [
        Command(f"{booking.key}/cancelled", "booking/bookings/{id}/cancel", {}, of=booking.key)
        for booking in (booked[: (regretted + 1) // 2] + booked[seeking:])[:regretted]
    ]
    return Chapter("Samtaler", [resources, booked, cancelled])


def _working_days() -> list[date]:
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    return [day for day in days if day.weekday() < 5]


def _resource(number: int, name: str) -> Command:
    body = {
        "kind": "conversation",
        "name": name,
        "slot_minutes": 60,
        "buffer_minutes": 0,
        "opening_hours": [{"weekday": day, "from": "09:00", "to": "16:00"} for day in range(5)],
        "locality": ("Bolbro", "Vollsmose")[number],
    }
    return Command(f"consultant/{number}", "booking/resources", body)
