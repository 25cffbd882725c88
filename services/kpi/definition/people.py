"""Whether a goal counts people: then its number is not everybody's to see exactly (`docs/decisions/0010`)."""

from services.kpi.definition import measures as ways
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Distinct, EachOf, Facts, PerWindow, Ratio, Trend

THINGS = {
    "activity", "agreement", "body", "content", "engagement", "gathering", "goal", "initiative", "material",
    "membership", "milestone", "network", "observation", "opportunity", "organisation", "plan", "premises",
    "publication", "report", "resource", "stakeholder", "status", "survey",
}  # fmt: skip
"""What is no person when it is counted. An event about anything else counts as one about people: a new kind of event
is held back too much rather than too little."""
PLACES = {"room", "equipment"}
"""Who books them is an association; who books a conversation is a citizen."""
PARTIES = {"organisation_id", "company_id", "audience_unit"}
"""Different ones of these are organisations, whoever came from them."""
HEADS = {"participants"}
"""Fields that count people in what is itself no person."""
ANSWERS = "answers."
"""What an association was asked for may be how many people: the plan says so where it is not (`people: false`)."""


def about_people(goal: Goal) -> bool:
    """As the plan says, or else as the events and fields say that it counts."""
    return goal.people if goal.people is not None else _people(goal.measure)


def _people(measure: object) -> bool:
    match measure:
        case Trend():
            return _people(measure.measure)
        case EachOf():
            return any(_people(part) for part in measure.parts.values())
        case PerWindow():
            return _people(measure.count)
        case Ratio():
            # Its members are what it is a share of; what happened to them only picks some of them.
            return _people(measure.register_)
        case ways.Spread():
            return False  # Places are counted, not who is there.
        case Distinct() if set(measure.distinct_by) <= PARTIES:
            return False
        case Facts():
            value = getattr(measure, "value", "")
            return value in HEADS or value.startswith(ANSWERS) or any(_of_people(name, measure) for name in measure.of)
        case ways.Manual() | ways.Milestone() | _:
            # Somebody in the centre writes the number down, and sees what is published.
            return False


def _of_people(name: str, facts: Facts) -> bool:
    noun = name.partition(".")[0]
    if noun == "booking":
        kinds = facts.where.get("resource_kind")
        wanted = kinds if isinstance(kinds, list) else [kinds]
        return not all(kind in PLACES for kind in wanted)
    return noun not in THINGS
