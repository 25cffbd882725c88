"""Every goal of the plan against a table of cases: what counts, what does not, and what takes it out again."""

from decimal import Decimal
from typing import Any

import pytest

from services.kpi.counting.fact import Fact
from tests.unit.kpi.cast import KLIMA, SUNDHED, counted, fact, named


def talk(subject: str, on: str, what: str = "confirmed", *, sequence: int = 2, **data: Any) -> Fact:
    told = {"resource_kind": "conversation", "purpose": "seeking_community"} | data
    return fact(f"booking.{what}", subject, on, sequence=sequence, **told)


def visit(page: str, visitor: str, on: str = "2023-05-01", site: str = "socialkompas", **data: Any) -> Fact:
    return fact("page.viewed", visitor, on, site=site, page=page, visitor=visitor, **data)


def friend(company: str, on: str, kind: str = "company_friend") -> Fact:
    return fact("membership.started", f"{company} {on}", on, organisation_id=str(named(company)), kind=kind)


def member(subject: str, on: str, what: str = "started", sequence: int = 1, kind: str = "association") -> Fact:
    return fact(f"membership.{what}", subject, on, sequence=sequence, kind="member", organisation_kind=kind)


def activity(subject: str, on: str, what: str = "published", sequence: int = 1, sector: str = "voluntary") -> Fact:
    data = {"publisher_kind": "association", "publisher_sector": sector}
    return fact(f"activity.{what}", subject, on, sequence=sequence, **data)


def engaged(company: str, on: str, kind: str = "corporate_volunteering") -> Fact:
    return fact("engagement.held", f"{company} {on}", on, company_id=str(named(company)), kind=kind)


def initiative(subject: str, *units: str, on: str = "2023-03-01") -> Fact:
    return fact("initiative.started", subject, on, units=list(units))


def stakeholder(who: str, what: str = "designated", on: str = "2023-01-10", sequence: int = 1) -> Fact:
    return fact(f"stakeholder.{what}", who, on, sequence=sequence, register="inspirationspakken")


def exposed(who: str, on: str = "2023-02-01", register: str = "inspirationspakken") -> Fact:
    return fact("material.exposed", f"{who} {on}", on, register=register, stakeholder_id=str(named(who)))


def answer(organisation: str, on: str, sequence: int = 1, recorded: str = "", **answers: bool | float) -> Fact:
    data: dict[str, Any] = {"organisation_id": str(named(organisation)), "answers": answers, "answered_on": on}
    subject = f"answer of {organisation}"
    return fact("survey.response_submitted", subject, on, sequence=sequence, recorded=recorded, **data)


def followers(subject: str, value: float, on: str, *, recorded: str = "", series: str = "facebook_followers") -> Fact:
    data: dict[str, Any] = {"series": series, "value": value, "observed_on": on}
    return fact("observation.recorded", subject, on, recorded=recorded, **data)


def retracted(subject: str, on: str, observed_on: str) -> Fact:
    data = {"series": "facebook_followers", "observed_on": observed_on}
    return fact("observation.retracted", subject, on, sequence=2, **data)


CASES: list[tuple[str, str, list[Fact], float | None]] = [
    ("A.1", "a confirmed conversation", [talk("a", "2023-03-01")], 1),
    ("A.1", "a room is no conversation", [talk("a", "2023-03-01", resource_kind="room")], 0),
    ("A.1", "a request is no booking", [talk("a", "2023-03-01", "requested", sequence=1)], 0),
    ("A.1", "told twice", [talk("a", "2023-03-01")] * 2, 1),
    ("A.1", "cancelled", [talk("a", "2023-03-01"), talk("a", "2023-03-02", "cancelled", sequence=3)], 0),
    ("A.1", "cancelled years later", [talk("a", "2023-03-01"), talk("a", "2026-03-02", "cancelled", sequence=3)], 0),
    ("A.1", "the day before the year", [talk("a", "2022-12-31T22:59:59")], 0),
    ("A.1", "the first Danish second of the year", [talk("a", "2022-12-31T23:00:00")], 1),
    ("A.1", "the last Danish second of the year", [talk("a", "2023-12-31T22:59:59")], 1),
    ("A.1", "the first Danish second of the next", [talk("a", "2023-12-31T23:00:00")], 0),
    (
        "A.1",
        "the whole story told again, and its beginning after its end",
        [
            talk("a", "2023-03-01"),
            talk("a", "2023-03-02", "cancelled", sequence=3),
            talk("a", "2023-03-01"),
            talk("a", "2023-03-02", "cancelled", sequence=3),
        ],
        0,
    ),
    (
        "A.1",
        "a cancellation that overtook its booking",
        [talk("a", "2023-03-02", "cancelled", sequence=3), talk("a", "2023-03-01")],
        0,
    ),
    ("6.1", "a request by somebody who seeks community", [talk("a", "2023-03-01", "requested", sequence=1)], 1),
    ("6.1", "for another purpose", [talk("a", "2023-03-01", "requested", sequence=1, purpose="volunteering")], 0),
    (
        "6.1",
        "cancelled, and still asked for",
        [talk("a", "2023-03-01", "requested", sequence=1), talk("a", "2023-03-02", "cancelled", sequence=3)],
        1,
    ),
    ("B.2", "a room", [talk("a", "2023-03-01", resource_kind="room", purpose="other")], 1),
    (
        "B.2",
        "three occurrences, one cancelled",
        [talk(each, "2023-03-01", resource_kind="room") for each in "abc"]
        + [talk("b", "2023-03-02", "cancelled", sequence=3, resource_kind="room")],
        2,
    ),
    ("2.1", "two pages, the same visitor", [visit("/", "v"), visit("/om", "v")], 2),
    ("2.1", "one page, the same visitor, twice", [visit("/", "v"), visit("/", "v", "2023-05-02")], 1),
    ("2.1", "one page, two visitors", [visit("/", "v"), visit("/", "w")], 2),
    ("2.1", "another site", [visit("/", "v", site="frivilligcenter")], 0),
    ("K.1", "two pages of the centre's site", [visit(page, "v", site="frivilligcenter") for page in ("/", "/om")], 1),
    ("K.1", "the portal is another site", [visit("/", "v")], 0),
    ("4.2", "the page on both sites, one visitor", [visit("/inspirationspakken", "v", site=s) for s in "ab"], 1),
    ("5.2", "two visitors, one of them twice", [visit("/tema/ledelse", v) for v in "vwv"], 2),
    ("6.2", "the theme page and another", [visit("/tema/mental-mistrivsel", "v"), visit("/tema/ledelse", "v")], 1),
    ("6.2", "a view the year before", [visit("/tema/mental-mistrivsel", "v", "2022-05-01")], 0),
    ("2.2", "published before the year", [activity("a", "2021-05-01")], 1),
    ("2.2", "published after it is due", [activity("a", "2024-01-02")], 0),
    ("2.2", "withdrawn", [activity("a", "2023-05-01"), activity("a", "2023-06-01", "withdrawn", 2)], 0),
    (
        "2.2",
        "withdrawn after it was due",
        [activity("a", "2023-05-01"), activity("a", "2024-02-01", "withdrawn", 2)],
        1,
    ),
    (
        "2.2",
        "withdrawn and published again",
        [
            activity("a", "2023-05-01"),
            activity("a", "2023-06-01", "withdrawn", 2),
            activity("a", "2023-07-01", sequence=3),
        ],
        1,
    ),
    (
        "2.2",
        "merged into another one after the year, as of the day on which it was published",
        [activity("a", "2023-05-01"), activity("b", "2023-06-01"), activity("b", "2023-06-01", "withdrawn", 2)],
        1,
    ),
    (
        "2.2",
        "merged into another one, and taken back",
        [
            activity("a", "2023-05-01"),
            activity("b", "2023-06-01"),
            activity("b", "2023-06-01", "withdrawn", 2),
            activity("b", "2023-06-01", sequence=3),
        ],
        2,
    ),
    ("2.2", "a municipal entry", [activity("a", "2023-05-01", sector="public")], 0),
    (
        "2.2",
        "withdrawn by a publisher that is now something else",
        [activity("a", "2023-05-01"), activity("a", "2023-06-01", "withdrawn", 2, sector="public")],
        0,
    ),
    (
        "2.2",
        "hidden because nobody assured it",
        [activity("a", "2023-05-01"), activity("a", "2023-11-01", "expired", 2)],
        0,
    ),
    (
        "2.2",
        "hidden and brought back, which is the same one",
        [
            activity("a", "2023-05-01"),
            activity("a", "2023-09-01", "expired", 2),
            activity("a", "2023-11-01", "confirmed", 3),
        ],
        1,
    ),
    (
        "2.2",
        "confirmed twice",
        [
            activity("a", "2023-05-01"),
            activity("a", "2023-06-01", "confirmed", 2),
            activity("a", "2023-07-01", "confirmed", 3),
        ],
        1,
    ),
    (
        "B.1",
        "members that join and leave",
        [member("a", "2019-01-01"), member("b", "2023-01-02"), member("a", "2023-10-01", "ended", 2)],
        1,
    ),
    ("B.1", "a company is no member association", [member("a", "2023-01-01", kind="company")], 0),
    ("3.1", "a new friend", [friend("Albani", "2023-03-01")], 1),
    ("3.1", "the same friend twice in the year", [friend("Albani", "2023-03-01"), friend("Albani", "2023-09-01")], 1),
    ("3.1", "one who comes back is not new", [friend("Albani", "2021-03-01"), friend("Albani", "2023-03-01")], 0),
    ("3.1", "its first time is told last", [friend("Albani", "2023-03-01"), friend("Albani", "2021-03-01")], 0),
    ("3.1", "a supporter is no friend", [friend("Albani", "2023-03-01", "supporter")], 0),
    ("3.2", "two engagements, one company", [engaged("Albani", "2023-03-01"), engaged("Albani", "2023-04-01")], 1),
    ("3.2", "two companies", [engaged("Albani", "2023-03-01"), engaged("Fynsværket", "2023-04-01")], 2),
    ("3.2", "another kind of engagement", [engaged("Albani", "2023-03-01", "donation")], 0),
    ("3.2", "the year after", [engaged("Albani", "2024-03-01")], 0),
    ("1.1", "two with one administration are not one with each", [initiative("a", KLIMA), initiative("b", KLIMA)], 0),
    ("1.1", "one with each", [initiative("a", KLIMA), initiative("b", SUNDHED)], 1),
    ("1.1", "one shared by both", [initiative("a", KLIMA, SUNDHED, "By- og Kulturforvaltningen")], 1),
    ("1.1", "an administration the goal does not name", [initiative("a", KLIMA, "By- og Kulturforvaltningen")], 0),
    (
        "1.2",
        "communicated to both, used by one",
        [
            fact("gathering.held", "a", "2023-03-01", audience_unit=KLIMA),
            fact("gathering.held", "b", "2023-03-01", audience_unit=SUNDHED),
            visit("/", "v", unit=KLIMA),
        ],
        0,
    ),
    (
        "1.2",
        "communicated to both and used by both",
        [
            fact("gathering.held", "a", "2023-03-01", audience_unit=KLIMA),
            fact("gathering.held", "b", "2023-03-01", audience_unit=SUNDHED),
            visit("/", "v", unit=KLIMA),
            visit("/", "w", unit=SUNDHED),
        ],
        1,
    ),
    ("1.2", "a view of another site is no use of the portal", [visit("/", "v", site="frivilligcenter", unit=KLIMA)], 0),
    ("4.1", "an empty register is not 100 %", [exposed("A")], None),
    ("4.1", "nobody exposed", [stakeholder("A")], 0),
    ("4.1", "one of two", [stakeholder("A"), stakeholder("B"), exposed("A")], 50),
    (
        "4.1",
        "exposed twice counts once",
        [stakeholder("A"), stakeholder("B"), exposed("A"), exposed("A", "2023-03-01")],
        50,
    ),
    ("4.1", "exposed before designated", [exposed("A"), stakeholder("A")], 100),
    ("4.1", "a new stakeholder un-reaches it", [stakeholder("A"), exposed("A"), stakeholder("B")], 50),
    (
        "4.1",
        "one who leaves is out of both",
        [stakeholder("A"), stakeholder("B"), exposed("A"), stakeholder("A", "removed", "2023-05-01", 2)],
        0,
    ),
    ("4.1", "exposed the year before", [stakeholder("A"), exposed("A", "2022-05-01")], 0),
    ("4.1", "exposed to other material", [stakeholder("A"), exposed("A", register="andet")], 0),
    ("5.1", "a yes", [answer("A", "2023-11-01", help_leadership=True)], 1),
    (
        "5.1",
        "a yes and a no",
        [answer("A", "2023-11-01", help_leadership=True), answer("B", "2023-11-01", help_leadership=False)],
        1,
    ),
    (
        "5.1",
        "a yes that becomes a no",
        [answer("A", "2023-11-01", help_leadership=True), answer("A", "2023-11-02", 2, help_leadership=False)],
        0,
    ),
    ("5.1", "a survey that did not ask", [answer("A", "2023-11-01", new_volunteers=4)], 0),
    (
        "A.2",
        "the sum of two",
        [answer("A", "2023-11-01", new_volunteers=4), answer("B", "2023-11-02", new_volunteers=6)],
        10,
    ),
    (
        "A.2",
        "a newer answer replaces",
        [answer("A", "2023-11-01", new_volunteers=4), answer("A", "2023-11-05", 2, new_volunteers=9)],
        9,
    ),
    (
        "A.2",
        "an older answer that arrives later",
        [answer("A", "2023-11-05", new_volunteers=9), answer("A", "2023-11-01", 2, new_volunteers=4)],
        9,
    ),
    (
        "A.2",
        "the same day, recorded later",
        [answer("A", "2023-11-05", new_volunteers=9), answer("A", "2023-11-05", 2, new_volunteers=4)],
        4,
    ),
    (
        "A.2",
        "an answer that leaves it out changes nothing",
        [answer("A", "2023-11-01", new_volunteers=4), answer("A", "2023-11-05", 2, help_leadership=True)],
        4,
    ),
    ("A.2", "an answer of the year after", [answer("A", "2024-01-01", new_volunteers=4)], 0),
    ("K.2", "no observation is no number", [followers("a", 1, "2023-05-01", series="instagram_followers")], None),
    ("K.2", "the newest wins", [followers("a", 1600, "2023-05-01"), followers("b", 1650, "2023-06-30")], 1650),
    (
        "K.2",
        "however late the older arrives",
        [followers("b", 1650, "2023-06-30"), followers("a", 1600, "2023-05-01", recorded="2023-12-01")],
        1650,
    ),
    ("K.2", "it can fall", [followers("a", 1600, "2023-05-01"), followers("b", 1500, "2023-06-30")], 1500),
    (
        "K.2",
        "a day corrected",
        [
            followers("a", 1600, "2023-05-01", recorded="2023-05-01"),
            followers("b", 1601, "2023-05-01", recorded="2023-05-02"),
        ],
        1601,
    ),
    ("K.2", "one before the year", [followers("a", 1400, "2022-05-01")], 1400),
    ("K.2", "one after it is due", [followers("a", 1400, "2022-05-01"), followers("b", 2000, "2024-01-01")], 1400),
    (
        "K.2",
        "the newest taken back",
        [
            followers("a", 1600, "2023-05-01"),
            followers("b", 9999, "2023-06-30"),
            retracted("b", "2023-07-01", "2023-06-30"),
        ],
        1600,
    ),
    (
        "K.2",
        "the only one taken back, next year",
        [followers("a", 1600, "2023-05-01"), retracted("a", "2024-07-01", "2023-05-01")],
        None,
    ),
]


@pytest.mark.parametrize(
    ("goal", "facts", "value"), [(g, f, v) for g, _, f, v in CASES], ids=[f"{g} {t}" for g, t, _, _ in CASES]
)
def test_a_goal_counts_what_its_measure_says(goal: str, facts: list[Fact], value: float | None) -> None:
    memory = counted(goal, facts)

    reading = memory.read(goal)

    assert reading.value == (None if value is None else Decimal(str(value)))


SUMS = [case for case in CASES if case[0] not in ("1.1", "1.2", "4.1")]


@pytest.mark.parametrize(
    ("goal", "facts", "value"), [(g, f, v) for g, _, f, v in SUMS], ids=[f"{g} {t}" for g, t, _, _ in SUMS]
)
def test_the_receipts_of_a_number_add_up_to_it(goal: str, facts: list[Fact], value: float | None) -> None:
    memory = counted(goal, facts)

    assert memory.sum_of_receipts(goal) == Decimal(str(value or 0))


def test_a_page_views_receipt_does_not_name_the_visitor() -> None:
    memory = counted("2.1", [visit("/", "0c1d2e")])

    assert [receipt.subject for receipt in memory.receipts.values()] == [None]


def test_what_was_read_last_is_the_date_of_a_series_even_when_the_newest_is_taken_back() -> None:
    facts = [
        followers("a", 1600, "2023-05-01"),
        followers("b", 9999, "2023-06-30"),
        retracted("b", "2023-07-01", "2023-06-30"),
    ]

    reading = counted("K.2", facts).read("K.2")

    assert reading.as_of == facts[0].time


def test_each_member_and_each_part_can_be_seen() -> None:
    reading = counted("1.1", [initiative("a", KLIMA, SUNDHED), initiative("b", KLIMA)]).read("1.1")

    one, two = Decimal(1), Decimal(2)
    assert reading.per_dimension == {
        KLIMA: {"initiatives": two, "value": two}, SUNDHED: {"initiatives": one, "value": one},
    }  # fmt: skip


def test_the_same_plan_of_another_year_counts_that_year() -> None:
    assert counted("A.1", [talk("a", "2026-03-01")], 2026).read("A.1", 2026).value == 1
    assert counted("A.1", [talk("a", "2023-03-01")], 2026).read("A.1", 2026).value == 0
