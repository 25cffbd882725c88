"""The job that is measured: nine page views to one domain fact, of ten centres with a plan of twenty goals each."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from services.kpi.definition.plan import Plan
from shared.events.bookings import BookingCancelled, BookingConfirmed
from shared.events.envelope import Event, wrap
from shared.events.gatherings import GatheringHeld
from shared.events.matching import EngagementHeld, OpportunityPosted
from shared.events.web import PageViewed

TENANTS = tuple(f"center-{number}" for number in range(10))
PAGES = tuple(f"/side-{number}" for number in range(20))
VISITORS = 1_000
"""All centres' visitors of one day: some 20,000 different page views, and every further one a repeat."""
FACTS_OF_TEN = 1
PURPOSES = ("volunteering", "seeking_community", "consultancy", "other")
KINDS = ("workshop", "course", "network_meeting", "dialogue_meeting", "bridge_meeting", "advice_session")
LOCALITIES = ("Vollsmose", "Bolbro", "Dalum")
UNIT = "Sundhedsforvaltningen"
IN_MAY = datetime(2023, 5, 1, 6, tzinfo=UTC)

MEASURES: tuple[dict[str, Any], ...] = (
    {"kind": "unique", "of": "page.viewed", "where": {"site": "socialkompas"}, "unique": ["page", "visitor"]},
    {
        "kind": "each_of",
        "members": [UNIT],
        "parts": {"use": {"kind": "unique", "of": "page.viewed", "unique": ["page", "visitor"], "by": "unit"}},
    },
    {"kind": "count", "of": "booking.confirmed", "minus": "booking.cancelled"},
    *(
        {"kind": "count", "of": "booking.confirmed", "minus": "booking.cancelled", "where": {"purpose": each}}
        for each in PURPOSES
    ),
    {"kind": "count", "of": "booking.confirmed", "by": "locality"},
    *({"kind": "count", "of": "gathering.held", "where": {"kind": each}} for each in KINDS),
    {"kind": "sum", "of": "gathering.held", "value": "participants"},
    {"kind": "count", "of": "gathering.held", "by": "audience_unit"},
    {"kind": "distinct", "of": "engagement.held", "distinct_by": "company_id"},
    {"kind": "distinct", "of": "engagement.held", "distinct_by": "company_id", "first": True},
    {"kind": "count", "of": "opportunity.posted"},
    {"kind": "count", "of": "opportunity.posted", "where": {"kind": "task"}},
)
TWO = (1, 3)
"""Where a centre has two goals only: unique page views, and bookings that stand."""


def plan(tenants: Sequence[str] = TENANTS, goals: int = len(MEASURES)) -> Plan:
    """Twenty goals of the kinds that Odense's plan has: two of them hear page views. Of two, one hears them.

    More than twenty ask for other pages, places and kinds of the same events, as the goals of a longer plan do.
    """
    measures = dict(enumerate([*MEASURES, *(_other(number) for number in range(goals - len(MEASURES)))], 1))
    written = [
        {
            "id": f"B.{number}",
            "theme": "B",
            "statement": "Et mål",
            "statement_en": "A goal",
            "target": 1_000,
            "comparison": "each_of" if measure["kind"] == "each_of" else "at_least",
            "unit": "ting",
            "unit_en": "things",
            "source": "live",
            "period": {"start": "2023-01-01", "end": "2023-12-31"},
            "measure": measure,
        }
        for number, measure in measures.items()
        if goals > len(TWO) or number in TWO
    ]
    return Plan.model_validate(
        {
            "plan": "benchmark",
            "year": 2023,
            "tenants": list(tenants),
            "title": "Målt",
            "title_en": "Measured",
            "themes": {"B": "B"},
            "goals": written,
        }
    )


def _other(number: int) -> dict[str, Any]:
    match number % 4:
        case 0:
            where = {"page": f"/tema/emne-{number}"}
            return {"kind": "unique", "of": "page.viewed", "where": where, "unique": ["page", "visitor"]}
        case 1:
            where = {"locality": f"By {'abcdefghij'[number // 4 % 10]}{'abcdefghij'[number // 40 % 10]}"}
            return {"kind": "count", "of": "booking.confirmed", "where": where, "minus": "booking.cancelled"}
        case 2:
            return {"kind": "count", "of": "gathering.held", "where": {"topic": f"emne-{number}"}}
    return {"kind": "count", "of": "opportunity.posted", "where": {"locality": f"By {'abcdefghij'[number // 4 % 10]}"}}


class Mix:
    """The events, the same every time, and what must come of them. A visitor of tomorrow is another one."""

    def __init__(self, tenants: Sequence[str] = TENANTS, events_a_day: int = 1_000_000) -> None:
        self._random, self.tenants, self._events_a_day = Random(11), tenants, events_a_day
        self._booked: dict[str, list[UUID]] = {tenant: [] for tenant in tenants}
        self.views: set[tuple[str, str, str]] = set()
        self.bookings = 0

    def events(self, number: int) -> Iterator[tuple[str, bytes, bytes]]:
        """Topic, key and bytes of each."""
        for position in range(number):
            tenant, (day, place) = self._random.choice(self.tenants), divmod(position, self._events_a_day)
            time = IN_MAY + timedelta(days=day, milliseconds=place)
            is_fact = self._random.randrange(10) < FACTS_OF_TEN
            event, subject, sequence = self._fact(tenant, time) if is_fact else self._view(tenant, day)
            told = wrap(
                event, tenant=tenant, subject=subject, sequence=sequence, time=time, recorded=time, id=self._id()
            )
            yield event.TOPIC, str(subject).encode(), told.to_bytes()

    def _id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def _view(self, tenant: str, day: int) -> tuple[Event, str, int]:
        visitor = (
            f"{self.tenants.index(tenant):08x}{day:08x}{self._random.randrange(VISITORS // len(self.tenants)):016x}"
        )
        page, unit = self._random.choice(PAGES), UNIT if self._random.randrange(50) == 0 else None
        self.views.add((tenant, page, visitor))
        return PageViewed(site="socialkompas", page=page, visitor=visitor, unit=unit), visitor, 1

    def _fact(self, tenant: str, time: datetime) -> tuple[Event, UUID, int]:
        random, subject, held = self._random, self._id(), {"starts_at": time, "ends_at": time + timedelta(hours=1)}
        company = UUID(int=random.randrange(1, 40), version=4)
        match random.randrange(10):
            case 0 | 1 | 2 | 3 | 4 | 5:
                booked: dict[str, Any] = held | {
                    "resource_id": UUID(int=7, version=4),
                    "resource_kind": "conversation",
                    "purpose": random.choice(PURPOSES),
                    "channel": "self",
                    "locality": random.choice(LOCALITIES),
                }
                if self._booked[tenant] and random.randrange(6) == 0:
                    self.bookings -= 1
                    return BookingCancelled(**booked, cancelled_by="citizen"), self._booked[tenant].pop(), 2
                self.bookings += 1
                self._booked[tenant].append(subject)
                return BookingConfirmed(**booked), subject, 1
            case 6 | 7:
                kind, people = random.choice(KINDS), random.randrange(40)
                by = [{"sector": "voluntary"}]
                return GatheringHeld(**held, kind=kind, organisers=by, form="both", participants=people), subject, 1
            case 8:
                return EngagementHeld(company_id=company, kind="pro_bono", held_on=time.date()), subject, 1
        return OpportunityPosted(organisation_id=company, kind="task", skills=["it-hjælp"]), subject, 1
