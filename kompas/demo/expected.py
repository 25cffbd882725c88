"""What the twenty goals must show after a story: recomputed from its commands in plain words, without KPI's engine."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from kompas.demo.commands import Command, Ref, Story
from kompas.demo.story.draft import UNITS

FIRST, LAST = "2023-01-01", "2023-12-31"


class Facts:
    """A story's commands, by door and by the command whose thing they change."""

    def __init__(self, story: Story) -> None:
        self._by_door: dict[str, list[Command]] = defaultdict(list)
        self.by_key: dict[str, Command] = {}
        for command in story.commands():
            self._by_door[command.path].append(command)
            self.by_key[command.key] = command

    def posts(self, door: str, **where: Any) -> list[Command]:
        return [
            one for one in self._by_door[door] if all(one.body.get(field) == value for field, value in where.items())
        ]

    def changed(self, door: str, step: str) -> dict[str, Command]:
        """The thing's key → the command that did `step` to it."""
        return {one.of: one for one in self._by_door[f"{door}/{{id}}/{step}"] if one.of}

    def of_kind(self, reference: Ref, kind: str) -> bool:
        return bool(self.by_key[reference.key].body["kind"] == kind)


def expected_goals(story: Story) -> dict[str, float]:
    facts = Facts(story)
    return {
        "1.1": min(len(_initiatives_with(facts, unit)) for unit in UNITS),
        "1.2": min(min(len(_outreach(facts, unit)), len(_views(facts, unit=unit))) for unit in UNITS),
        "2.1": len(_views(facts, site="socialkompas")),
        "2.2": _activities(facts),
        "3.1": _new_friends(facts),
        "3.2": _active_companies(facts),
        "4.1": _exposed_share(facts),
        "4.2": len(_views(facts, page="/inspirationspakken")),
        "5.1": sum(bool(answers["help_leadership"]) for answers in _latest_answers(facts)),
        "5.2": len(_visitors(facts, page="/tema/ledelse")),
        "6.1": len(_bookings(facts, "conversation", purpose="seeking_community")),
        "6.2": len(_views(facts, page="/tema/mental-mistrivsel")),
        "A.1": len(_kept(facts, _bookings(facts, "conversation"))),
        "A.2": sum(int(answers["new_volunteers"]) for answers in _latest_answers(facts)),
        "B.1": _members(facts),
        "B.2": len(_kept(facts, _bookings(facts, "room"))),
        "K.1": len(_visitors(facts, site="frivilligcenter")),
        "K.2": _newest(facts, "facebook_followers"),
        "K.3": _newest(facts, "instagram_followers"),
        "K.4": _newest(facts, "linkedin_followers"),
    }


def _initiatives_with(facts: Facts, unit: str) -> list[Command]:
    partners = {one.key for one in facts.posts("directory/organisations", name=unit)}
    return [
        one
        for one in facts.posts("directory/initiatives")
        if FIRST <= one.body["started_on"] <= LAST and partners & {ref.key for ref in one.body["partner_ids"]}
    ]


def _outreach(facts: Facts, unit: str) -> list[Command]:
    held = facts.changed("booking/gatherings", "hold")
    return [one for one in facts.posts("booking/gatherings", audience_unit=unit) if one.key in held]


def _views(facts: Facts, **where: str) -> set[tuple[str, str]]:
    """Page × visitor; robots are nobody."""
    seen = facts.posts("directory/pageviews", **where)
    return {(one.body["page"], one.visitor) for one in seen if one.visitor and "bot" not in one.visitor}


def _visitors(facts: Facts, **where: str) -> set[str]:
    return {visitor for _, visitor in _views(facts, **where)}


def _activities(facts: Facts) -> int:
    published = facts.changed("directory/activities", "publish")
    withdrawn = facts.changed("directory/activities", "withdraw")
    return sum(
        facts.of_kind(one.body["organisation_id"], "association") and one.key in published and one.key not in withdrawn
        for one in facts.posts("directory/activities")
    )


def _new_friends(facts: Facts) -> int:
    first: dict[str, str] = {}
    for one in facts.posts("directory/memberships", kind="company_friend"):
        company, since = one.body["organisation_id"].key, one.body["started_on"]
        first[company] = min(since, first.get(company, since))
    return sum(FIRST <= since <= LAST for since in first.values())


def _active_companies(facts: Facts) -> int:
    held = facts.changed("matching/engagements", "hold")
    agreed = facts.posts("matching/engagements", kind="corporate_volunteering")
    return len({one.body["company_id"].key for one in agreed if one.key in held})


def _exposed_share(facts: Facts) -> float:
    gone = facts.changed("directory/stakeholders", "remove")
    register = {one.key for one in facts.posts("directory/stakeholders")} - gone.keys()
    exposed = {one.body["stakeholder_id"].key for one in facts.posts("notify/exposures")}
    return 100 * len(register & exposed) / len(register)


def _latest_answers(facts: Facts) -> Iterable[dict[str, Any]]:
    latest: dict[str, Command] = {}
    for one in sorted(
        facts.posts("kpi/surveys/{id}/responses"), key=lambda one: date.fromisoformat(one.body["answered_on"])
    ):
        latest[one.body["organisation_id"].key] = one
    return [one.body["answers"] for one in latest.values()]


def _bookings(facts: Facts, kind: str, **where: str) -> list[Command]:
    made = facts.posts("booking/bookings", **where)
    return [
        one
        for one in made
        if facts.of_kind(one.body["resource_id"], kind) and FIRST <= one.body["starts_at"][:10] <= LAST
    ]


def _kept(facts: Facts, bookings: list[Command]) -> list[Command]:
    cancelled = facts.changed("booking/bookings", "cancel")
    return [one for one in bookings if one.key not in cancelled]


def _members(facts: Facts) -> int:
    ended = facts.changed("directory/memberships", "end")
    return sum(one.key not in ended for one in facts.posts("directory/memberships", kind="member"))


def _newest(facts: Facts, series: str) -> float:
    newest = max(facts.posts("kpi/observations", series=series), key=lambda one: str(one.body["observed_on"]))
    return float(newest.body["value"])
