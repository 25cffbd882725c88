"""Which facts a measure hears, and the events that no goal hears, each with the reason why it is published."""

from collections.abc import Iterator

from services.kpi.definition import measures as ways
from services.kpi.definition.measures import Facts

WITHOUT_A_GOAL = {
    "contact.shared": "notify hears it: it is how a person is reached, and nothing is ever counted of it",
    "activity.updated": "partners that show our activities must know how one is now; a change is not one more",
    "organisation.updated": "partners that show our directory must know how an entry is now",
    "organisation.merged": "KPI hears it beside the counting: the two are counted as one from the first fact ever",
    "organisation.unmerged": "KPI hears it beside the counting: the two are counted apart again",
    "organisation.confirmed": "any plan may ask how fresh its register is (a ratio); no source's does",
    "premises.confirmed": "partners that show our premises must know how fresh that is; no source's plan asks",
    "assurance.requested": "notify hears it: the owner of entries is asked whether they still hold",
    "assurance.reminded": "notify hears it: an owner who has not answered is asked once more",
    "assurance.lapsed": "notify hears it: an owner is told that entries are hidden, and how to bring them back",
    "funding.announced": "notify hears it: an association is mailed which deadlines of funders come near",
    "search.performed": "partners that offer what is missing, and the follow-up of what is looked for in vain",
    "initiative.ended": "partners that show what goes on; that something was begun is what the goals ask for",
    "premises.closed": "partners that show where associations can be; that they were shown is what the goal asks for",
    "editor.invited": "notify hears it: an editor is mailed the link by which an association keeps its entries",
    "decision.announced": "notify hears it: an editor is mailed what the centre decided about what they sent in",
    "booking.declined": "notify tells the citizen; a goal counts what was asked for and what was confirmed",
    "booking.rescheduled": "notify tells the citizen; a booking that moves is not one more",
    "booking.completed": "the centre's own follow-up of who came; the plans count what was booked",
    "booking.no_show": "the centre's own follow-up of who came; the plans count what was booked",
    "series.decided": "notify tells who asked; each booking of it counts by its own events",
    "time.offered": "notify tells who waits; what becomes of an offer is a booking or nothing",
    "gathering.scheduled": "partners' calendars; a goal counts what was held",
    "gathering.updated": "partners' calendars; a goal counts what was held",
    "gathering.cancelled": "partners' calendars; what is cancelled was never held",
    "signup.confirmed": "notify tells who signed up; a goal counts who came, not who wanted to",
    "signup.waitlisted": "notify tells who waits",
    "signup.offered": "notify tells whoever waited that a seat is held for them",
    "signup.rescheduled": "notify tells who signed up that it was moved",
    "signup.cancelled": "notify tells who had signed up",
    "attendance.recorded": "partners and operations: how it was counted; the number itself is in gathering.held",
    "opportunity.closed": "partners that show what volunteers are looked for; a goal counts what was offered",
    "message.sent": "operations: whether what people were promised by mail went out",
    "message.failed": "operations: whether what people were promised by mail went out",
    "message.suppressed": "operations: whether what people were promised by mail went out",
    "plan.adopted": "partners and the archive: since when a centre goes by a plan; no goal may count itself",
    "survey.closed": "notify drops what waits to be sent; partners that ask their associations to answer: no longer",
    "survey.invited": "notify hears it: an association is mailed its own link to a survey",
    "survey.reminded": "notify hears it: an association that has not answered is mailed once more",
    "status.set": "partners and the archive: what a board was told stands beside what was counted",
    "status.withdrawn": "partners and the archive: what was decided about a goal stands no longer",
}
"""Every event type that no goal listens to. A new one is added here with its reason, or a goal is."""


def facts_of(measure: object) -> Iterator[Facts]:
    match measure:
        case ways.Manual():
            yield ways.OBSERVED
        case ways.Milestone():
            yield ways.TAKEN
        case ways.Ratio():
            yield measure.register_
            yield measure.having
        case ways.EachOf():
            yield from measure.parts.values()
        case ways.PerWindow():
            yield measure.count
        case ways.Trend():
            yield from facts_of(measure.measure)
        case Facts():
            yield measure


def heard(facts: Facts) -> Iterator[str]:
    yield from facts.of
    yield from getattr(facts, "minus", None) or ()
