"""Laws of the fold: whatever the order across things, the repeats and the batches, the numbers and receipts agree."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.kpi.counting.fact import Fact
from tests.unit.kpi.cast import KLIMA, SUNDHED, Memory, fact, named, odense, registry
from tests.unit.kpi.ways import every_way, organiser, plan_of_ways, reading, seen, step, step_back, unseen

DAYS = [
    date(2021, 3, 1),
    date(2022, 12, 31),
    *(date(2023, 1, 1) + timedelta(days=61 * n) for n in range(6)),
    date(2024, 1, 1),
]
DAY = st.sampled_from([day.isoformat() for day in DAYS])
FEW = st.integers(0, 3)


def story(subject: str, steps: Sequence[tuple[str, str]], data: dict[str, Any]) -> list[Fact]:
    """One thing's life: its facts in order of their sequence, each on its day."""
    return [fact(short, subject, on, sequence=n + 1, **data) for n, (short, on) in enumerate(steps)]


Kinds = Mapping[str, Callable[[st.DrawFn, str], list[Fact]]]


@st.composite
def stories(draw: st.DrawFn, kinds: Kinds) -> list[Fact]:
    """The life of one thing of any kind that the plan hears of."""
    kind = draw(st.sampled_from(sorted(kinds)))
    return kinds[kind](draw, f"{kind} {draw(FEW)}")


def booking(draw: st.DrawFn, name: str) -> list[Fact]:
    data = {"resource_kind": "room" if name.endswith("0") else "conversation", "purpose": "seeking_community"}
    steps = [("booking.requested", draw(DAY)), ("booking.confirmed", draw(DAY)), ("booking.cancelled", draw(DAY))]
    return story(name, steps[: draw(st.integers(1, 3))], data)


def activity(draw: st.DrawFn, name: str) -> list[Fact]:
    data = {"publisher_kind": "association", "publisher_sector": "voluntary"}
    steps = [("activity.published", draw(DAY)), ("activity.withdrawn", draw(DAY)), ("activity.published", draw(DAY))]
    return story(name, steps[: draw(st.integers(1, 3))], data)


def membership(draw: st.DrawFn, name: str) -> list[Fact]:
    kind = draw(st.sampled_from(["member", "company_friend"]))
    data = {"organisation_id": str(named(draw(FEW))), "organisation_kind": "association", "kind": kind}
    steps = [("membership.started", draw(DAY)), ("membership.ended", draw(DAY))]
    return story(f"{name} {kind} {data}", steps[: draw(st.integers(1, 2))], data)


def engagement(draw: st.DrawFn, name: str) -> list[Fact]:
    data = {"company_id": str(named(draw(FEW))), "kind": "corporate_volunteering"}
    return story(f"{name} {data}", [("engagement.held", draw(DAY))], data)


def initiative(draw: st.DrawFn, name: str) -> list[Fact]:
    units = draw(st.lists(st.sampled_from([KLIMA, SUNDHED, "Kulturforvaltningen"]), unique=True))
    return story(f"{name} {units}", [("initiative.started", draw(DAY))], {"units": units})


def page(draw: st.DrawFn, name: str) -> list[Fact]:
    visitor, site = f"visitor {draw(FEW)}", draw(st.sampled_from(["socialkompas", "frivilligcenter"]))
    path = draw(st.sampled_from(["/", "/tema/ledelse", "/inspirationspakken", "/tema/mental-mistrivsel"]))
    unit = draw(st.sampled_from([KLIMA, SUNDHED]))
    return [fact("page.viewed", visitor, draw(DAY), site=site, page=path, visitor=visitor, unit=unit)]


def designation(draw: st.DrawFn, name: str) -> list[Fact]:
    steps = [("stakeholder.designated", draw(DAY)), ("stakeholder.removed", draw(DAY))]
    return story(name, steps[: draw(st.integers(1, 2))], {"register": "inspirationspakken"})


def exposure(draw: st.DrawFn, name: str) -> list[Fact]:
    data = {"register": "inspirationspakken", "stakeholder_id": str(named(f"designation {draw(FEW)}"))}
    return story(f"{name} {data}", [("material.exposed", draw(DAY))], data)


def answer(draw: st.DrawFn, name: str) -> list[Fact]:
    organisation, facts = str(named(draw(FEW))), []
    for sequence in range(1, draw(st.integers(2, 4))):
        answers = {"help_leadership": draw(st.booleans()), "new_volunteers": draw(st.integers(0, 9))}
        on = draw(DAY)
        data: dict[str, Any] = {"organisation_id": organisation, "answers": answers, "answered_on": on}
        facts.append(fact("survey.response_submitted", f"{name} {organisation}", on, sequence=sequence, **data))
    return facts


def observation(draw: st.DrawFn, name: str) -> list[Fact]:
    on = draw(DAY)
    data: dict[str, Any] = {"series": "facebook_followers", "observed_on": on}
    facts = [fact("observation.recorded", f"{name} {on}", on, value=draw(FEW), **data)]
    retraction = fact("observation.retracted", f"{name} {on}", draw(DAY), sequence=2, **data)
    return facts + [retraction] * draw(st.booleans())


def gathering(draw: st.DrawFn, name: str) -> list[Fact]:
    """Held, corrected to another day or size, called off."""
    kind, locality = draw(st.sampled_from(["dialogue_meeting", "course"])), draw(st.sampled_from(["Korsør", None]))
    organisers = [organiser(who, who[:6]) for who in draw(st.sets(st.sampled_from(["public a", "privat b"])))]
    data: dict[str, Any] = {"kind": kind, "locality": locality, "organisers": organisers}
    scheduled = fact("gathering.scheduled", name, draw(DAY), **data)
    held = [
        fact("gathering.held", name, draw(DAY), sequence=sequence, participants=draw(FEW), **data)
        for sequence in range(2, draw(st.integers(3, 5)))
    ]
    return [scheduled, *held] + [fact("gathering.cancelled", name, draw(DAY), sequence=9, **data)] * draw(st.booleans())


def content(draw: st.DrawFn, name: str) -> list[Fact]:
    steps = [("content.published", draw(DAY)), ("content.withdrawn", draw(DAY)), ("content.published", draw(DAY))]
    return story(name, steps[: draw(st.integers(1, 3))], {"kind": "theme_page"})


def taken(draw: st.DrawFn, name: str) -> list[Fact]:
    on, goal = draw(DAY), draw(st.sampled_from(["step", "other"]))
    return [step(name, on, goal), *[step_back(name, on, goal)] * draw(st.booleans())]


def posts(draw: st.DrawFn, name: str) -> list[Fact]:
    on, series = draw(DAY), draw(st.sampled_from(["posts", "f"]))
    subject = f"{name} {on}"
    return [seen(subject, draw(FEW), on, series), *[unseen(subject, on, on, series)] * draw(st.booleans())]


KINDS: Kinds
KINDS = {each.__name__: each for each in (booking, activity, membership, engagement, initiative, page, designation)}
KINDS |= {each.__name__: each for each in (exposure, answer, observation)}
WAYS: Kinds = {each.__name__: each for each in (gathering, content, taken, posts, membership)}


def one_life_each(lives: list[list[Fact]]) -> list[list[Fact]]:
    """Two draws of one thing would contradict each other; the first is its life. A visitor's views add up."""
    found: dict[str, list[Fact]] = {}
    for life in lives:
        if life[0].type.endswith("page.viewed.v1"):
            found.setdefault(life[0].subject, []).extend(life)
        else:
            found.setdefault(life[0].subject, life)
    return list(found.values())


def shuffled(draw: st.DrawFn, lives: list[list[Fact]]) -> list[Fact]:
    """Any interleaving of the lives that keeps each in order, as Kafka does."""
    turns = draw(st.permutations([n for n, life in enumerate(lives) for _ in life]))
    waiting = [iter(life) for life in lives]
    return [next(waiting[n]) for n in turns]


@st.composite
def tellings(draw: st.DrawFn, kinds: Kinds = KINDS) -> tuple[list[Fact], list[list[Fact]]]:
    """The plain list of facts, and the same as a troubled night delivers them: interleaved, repeated, in batches."""
    lives = one_life_each(draw(st.lists(stories(kinds), min_size=1, max_size=14)))
    plain = [each for life in lives for each in life]
    told = shuffled(draw, lives)
    for _ in range(draw(st.integers(0, 3))):
        # A relay or consumer that lost its place tells a stretch of what was already told once more.
        start = draw(st.integers(0, len(told) - 1))
        stretch = told[start : draw(st.integers(start, len(told)))]
        at = draw(st.integers(start + len(stretch), len(told)))
        told = told[:at] + stretch + told[at:]
    cuts = sorted(draw(st.sets(st.integers(0, len(told)), max_size=5)))
    edges = [0, *cuts, len(told)]
    return plain, [told[a:b] for a, b in pairwise(edges)]


@settings(deadline=None, max_examples=300)
@given(tellings())
def test_numbers_and_receipts_are_those_of_a_plain_fold_of_the_distinct_facts(
    telling: tuple[list[Fact], list[list[Fact]]],
) -> None:
    plain, batches = telling
    wanted, found = Memory(registry()), Memory(registry())

    for each in plain:
        wanted.hear([each])
    for batch in batches:
        found.hear(batch)

    for goal in odense().goals:
        assert found.read(goal.id) == wanted.read(goal.id), goal.id
    assert {key: receipt.amount for key, receipt in found.receipts.items()} == {
        key: receipt.amount for key, receipt in wanted.receipts.items()
    }


@settings(deadline=None, max_examples=300)
@given(tellings(WAYS))
def test_windows_caps_steps_and_trends_are_those_of_a_plain_fold_of_the_distinct_facts(
    telling: tuple[list[Fact], list[list[Fact]]],
) -> None:
    plain, batches = telling
    wanted, found = Memory(every_way()), Memory(every_way())

    for each in plain:
        wanted.hear([each])
    for batch in batches:
        found.hear(batch)

    for goal in plan_of_ways().goals:
        assert reading(found, goal.id) == reading(wanted, goal.id), goal.id
    assert {key: receipt.amount for key, receipt in found.receipts.items()} == {
        key: receipt.amount for key, receipt in wanted.receipts.items()
    }
    for tally, number in found.tallies.items():
        receipts = [receipt.amount for key, receipt in found.receipts.items() if key.tally == tally]
        assert sum(receipts) == number.value, tally
