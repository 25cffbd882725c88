"""A plan with codes, and with words that want to be more than words, adopted and counted."""

from typing import Any
from uuid import uuid4

from services.kpi.adoption import adopt
from services.kpi.definition.parse import parse_plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.repository import backfilling, change_version, set_live
from shared.events.bookings import BookingConfirmed
from tests.service.kpi.centre import Centre

PLAN = "town-2023"
TEXT = """
plan: town
year: 2023
tenants: [odense]
title: Byens <b>plan</b>
title_en: The town's plan
themes: {"1": "Samtaler & møder", "2": "Synlighed", "3": "Ingen mål"}
goals:
  - id: "1.1"
    theme: "1"
    statement: "11.000 bookede samtaler"
    statement_en: "11,000 conversations booked"
    target: 11000
    unit: "samtaler"
    unit_en: "conversations"
    measured_by: "bookingsystem"
    source: live
    codes: {R: [G, V], K: ["1,1"], V: [3]}
    period: {start: 2023-01-01, end: 2023-12-31}
    measure: {kind: count, of: booking.confirmed, where: {resource_kind: conversation}, minus: booking.cancelled}
  - id: "1.2"
    theme: "1"
    statement: "Op til 2-3 lån af lokaler"
    statement_en: "Up to 2-3 loans of rooms"
    target: 3
    target_min: 2
    comparison: between
    unit: "lån"
    unit_en: "loans"
    measured_by: "bookingsystem"
    source: live
    codes: {R: [G]}
    period: {start: 2023-01-01, end: 2023-12-31}
    measure: {kind: count, of: booking.confirmed, where: {resource_kind: room}, minus: booking.cancelled}
  - id: "2.1"
    theme: "2"
    statement: "=HYPERLINK(\\"http://x\\";\\"følgere\\") <script>alert(1)</script>"
    statement_en: "@followers"
    target: 1900
    unit: "følgere"
    unit_en: "followers"
    measured_by: "aflæsning"
    source: observation
    due: 2023-12-31
    measure: {kind: manual, series: facebook_followers}
  - id: "2.2"
    theme: "2"
    statement: "Alle interessenter er nået"
    statement_en: "Every stakeholder is reached"
    target: 100
    comparison: all_of
    unit: "%"
    unit_en: "%"
    measured_by: "oversigt"
    source: live
    period: {start: 2023-01-01, end: 2023-12-31}
    measure:
      kind: ratio
      register: {of: stakeholder.designated, minus: stakeholder.removed}
      having: {of: material.exposed, key: stakeholder_id}
"""


def booked(kind: str = "conversation") -> BookingConfirmed:
    told: dict[str, Any] = {"purpose": "seeking_community", "channel": "self", "resource_kind": kind}
    times = {"starts_at": "2023-05-02T09:00:00Z", "ends_at": "2023-05-02T09:30:00Z"}
    return BookingConfirmed(resource_id=str(uuid4()), **told, **times)


async def follow(centre: Centre) -> None:
    """Adopt the plan; three conversations and four loans of rooms, and followers observed twice."""
    plan = parse_plan(TEXT, spoken(), name="town.yaml")
    async with centre.database.transaction(centre.tenant) as session:
        await adopt(session, centre.tenant, plan, 2023)
        await set_live(session, await backfilling(session))
        await change_version(session)
    log = centre.log()
    days = ["2023-01-31", "2023-03-26", "2023-03-27"]
    records = [log.put(centre.told(booked(), subject=uuid4(), on=day, sequence=2)) for day in days]
    records += [log.put(centre.told(booked("room"), subject=uuid4(), sequence=2)) for _ in range(4)]
    await centre.ingest().take(records)
    for value, day in ((1650.5, "2023-06-30"), (1600, "2023-02-10")):
        body = {"series": "facebook_followers", "value": value, "observed_on": day}
        answer = await centre.post("observations", body)
        assert answer.status_code == 201, answer.text
    await centre.count_own_facts()
