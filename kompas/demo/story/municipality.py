"""Chapter: what the centre does together with the municipality's two new administrations, and other gatherings."""

from datetime import date
from typing import Any

from kompas.demo.commands import Chapter, Command, Ref, at
from kompas.demo.story import names
from kompas.demo.story.draft import UNITS, Draft

CENTRE = {"name": "Frivilligcenter Odense", "sector": "voluntary"}
INITIATIVES: tuple[tuple[str, str, tuple[int, ...], date], ...] = (
    ("Grønne fællesskaber i boligområderne", "klima", (0,), date(2023, 2, 20)),
    ("Vejen fra sygehus til forening", "sundhed", (1,), date(2023, 4, 3)),
    ("Natur som medicin", "sundhed", (0, 1), date(2023, 9, 1)),
)
GATHERINGS = (("dialogue_meeting", 4), ("workshop", 14), ("network_meeting", 6), ("course", 8))


def chapter(draft: Draft) -> Chapter:
    begun = [
        Command(
            f"initiative/{number}",
            "directory/initiatives",
            {
                "title": title,
                "partner_ids": [Ref(draft.cast.units[unit]) for unit in units]
                + [Ref(draft.random.choice(draft.cast.associations))],
                "area": area,
                "started_on": started.isoformat(),
            },
        )
        for number, (title, area, units, started) in enumerate(INITIATIVES)
    ]
    scheduled: list[Command] = []
    held: list[Command] = []
    for number, (kind, unit) in enumerate(_kinds(draft)):
        key = f"gathering/{number}"
        scheduled.append(_gathering(draft, key, kind, unit))
        if number % 8 == 7:
            held.append(Command(f"{key}/cancelled", "booking/gatherings/{id}/cancel", {}, of=key))
        else:
            participants = {"participants": draft.random.randint(5, 40)}
            held.append(Command(f"{key}/held", "booking/gatherings/{id}/hold", participants, of=key))
    return Chapter("Samarbejdet med Odense Kommune", [begun, scheduled, held])


def _kinds(draft: Draft) -> list[tuple[str, str | None]]:
    """Outreach in both administrations first, then the centre's own gatherings."""
    outreach: list[tuple[str, str | None]] = [("info_meeting", unit) for unit in UNITS for _ in range(draft.some(3))]
    return outreach + [(kind, None) for kind, count in GATHERINGS for _ in range(draft.some(count))]


def _gathering(draft: Draft, key: str, kind: str, unit: str | None) -> Command:
    day = draft.weekday(date(2023, 1, 9), date(2023, 12, 15))
    organisers: list[dict[str, Any]] = [CENTRE]
    if kind == "dialogue_meeting":
        organisers.append({"organisation_id": Ref(draft.random.choice(draft.cast.units)), "name": "Odense Kommune",
                           "sector": "public"})  # fmt: skip
    body = {
        "kind": kind,
        "title": f"Socialkompas i {unit}" if unit else f"{draft.random.choice(sorted(names.THEMES.values()))}: møde",
        "topic": "socialkompas" if unit else "frivillighed",
        "organisers": organisers,
        "audience_unit": unit,
        "locality": draft.random.choice(names.LOCALITIES),
        "form": draft.random.choice(("physical", "physical", "digital")),
        "starts_at": at(day, 13),
        "ends_at": at(day, 15),
        "capacity": 40,
    }
    return Command(key, "booking/gatherings", body)
