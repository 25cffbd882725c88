"""A seeded load of staff's daily work, with a plain recomputation of what the counters must show for it."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

Json = dict[str, Any]
Answers = dict[str, Json]


@dataclass(frozen=True)
class Command:
    """One write. Its body may need ids from earlier answers, which is why chains run in order and beside each other."""

    key: str
    path: Callable[[Answers], str]
    body: Callable[[Answers], Json]
    status: int = 201


@dataclass
class Load:
    """`setup` runs first, then the chains, each in its own order. `expected` is a fold over what was asked for."""

    setup: list[Command] = field(default_factory=list)
    chains: list[list[Command]] = field(default_factory=list)
    expected: Counter[str] = field(default_factory=Counter)

    def commands(self) -> int:
        return len(self.setup) + sum(len(chain) for chain in self.chains)


ROOMS, ADVISERS = 6, 2
START = datetime(2023, 1, 2, 8, tzinfo=UTC)


def seeded(seed: int, commands: int) -> Load:
    """At least `commands` writes of 2023, all recorded afterwards."""
    rng = random.Random(seed)
    load = Load()
    for number in range(ROOMS + ADVISERS):
        kind = "room" if number < ROOMS else "conversation"
        load.setup.append(post(f"resource-{number}", "booking/resources", resource(kind, number)))
    slots = {number: slots_of_a_year() for number in range(ROOMS + ADVISERS)}
    observed: list[tuple[date, int]] = []
    while load.commands() < commands:
        number = len(load.chains)
        draw = rng.random()
        if draw < 0.6:
            chain = booking(rng, load, number, slots)
        elif draw < 0.8:
            chain = member(rng, load, number)
        elif draw < 0.95:
            chain = activity(rng, load, number)
        else:
            day = date(2023, 1, 1) + timedelta(days=rng.randrange(360))
            if any(day == earlier for earlier, _ in observed):
                continue  # Two figures of one day have no order that a reader could recompute.
            observed.append((day, rng.randrange(1000, 2500)))
            body = {"series": "facebook_followers", "value": observed[-1][1], "observed_on": str(day)}
            chain = [post(f"observation-{number}", "kpi/observations", body)]
        load.chains.append(chain)
    load.expected["K.2"] = max(observed)[1]
    return load


def post(key: str, path: str, body: Json, status: int = 201) -> Command:
    return Command(key, lambda _: path, lambda _: body, status)


def after(key: str, path: str, first: str, body: Json, status: int = 200) -> Command:
    """A command on what the command `first` made."""
    return Command(key, lambda answers: path.format(id=answers[first]["id"]), lambda _: body, status)


def about(key: str, path: str, name: str, first: str, body: Json) -> Command:
    """A command whose body names what the command `first` made."""
    return Command(key, lambda _: path, lambda answers: {name: answers[first]["id"], **body})


def resource(kind: str, number: int) -> Json:
    hours = [{"weekday": 0, "from": "09:00", "to": "16:00"}]
    return {
        "kind": kind,
        "name": f"{kind} {number}",
        "slot_minutes": 30,
        "buffer_minutes": 0,
        "opening_hours": hours,
        "closed_on": [],
    }


def slots_of_a_year() -> Iterator[datetime]:
    for day in range(350):
        for half_hour in range(16):
            yield START + timedelta(days=day, minutes=30 * half_hour)


def booking(rng: random.Random, load: Load, number: int, slots: dict[int, Iterator[datetime]]) -> list[Command]:
    which = rng.randrange(ROOMS + ADVISERS)
    conversation = which >= ROOMS
    purpose = rng.choice(["seeking_community", "volunteering"]) if conversation else "other"
    starts = next(slots[which])
    body = {
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(minutes=30)).isoformat(),
        "purpose": purpose,
        "channel": "assisted",
    }
    chain = [about(f"booking-{number}", "booking/bookings", "resource_id", f"resource-{which}", body)]
    kept = rng.random() > 0.2
    if not kept:
        chain.append(after(f"cancel-{number}", "booking/bookings/{id}/cancel", f"booking-{number}", {}))
    load.expected["A.1" if conversation else "B.2"] += kept
    load.expected["6.1"] += purpose == "seeking_community"
    return chain


def association(number: int) -> Command:
    body = {"name": f"Forening {number} æøå", "kind": "association", "sector": "voluntary", "locality": "Odense"}
    return post(f"organisation-{number}", "directory/organisations", body)


def member(rng: random.Random, load: Load, number: int) -> list[Command]:
    body = {"kind": "member", "started_on": "2023-02-01"}
    chain = [
        association(number),
        about(f"member-{number}", "directory/memberships", "organisation_id", f"organisation-{number}", body),
    ]
    stays = rng.random() > 0.15
    if not stays:
        ended = {"ended_on": "2023-10-01"}
        chain.append(after(f"leave-{number}", "directory/memberships/{id}/end", f"member-{number}", ended))
    load.expected["B.1"] += stays
    return chain


def activity(rng: random.Random, load: Load, number: int) -> list[Command]:
    body = {
        "title": "Fællesspisning",
        "description": "Vi spiser sammen",
        "themes": ["fællesspisning"],
        "target_groups": ["voksne"],
        "locality": "Odense",
        "languages": ["da"],
    }
    made = f"activity-{number}"
    chain = [
        association(number),
        about(made, "directory/activities", "organisation_id", f"organisation-{number}", body),
        after(f"publish-{number}", "directory/activities/{id}/publish", made, {"published_on": "2023-03-01"}),
    ]
    stays = rng.random() > 0.2
    if not stays:
        withdrawn = {"withdrawn_on": "2023-09-01"}
        chain.append(after(f"withdraw-{number}", "directory/activities/{id}/withdraw", made, withdrawn))
    load.expected["2.2"] += stays
    return chain
