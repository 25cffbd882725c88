"""How facts of merged organisations are read: as if they had always been of the one that stands for both. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.kpi.counting.counter import Counter
from services.kpi.counting.fact import Fact

Merged = Mapping[str, str]
"""Of one centre: from an organisation's id to the id of the one that it was merged into."""

FIELDS = frozenset({"organisation_id", "company_id"})
"""What events call the id of an organisation."""


def asks_for_organisations(counter: Counter) -> bool:
    """Whether it makes a difference to this number that two organisations are one."""
    lists = [each for _, wanted in counter.conditions if isinstance(wanted, tuple) for each in wanted]
    asked = {*counter.key, *counter.asked, *(each.distinct for each in lists)}
    return not FIELDS.isdisjoint(asked)


def as_one(fact: Fact, merged: Merged) -> Fact:
    """The fact as it reads since the merge. Its subject stays: what entered as one thing must leave as that thing."""
    data = {name: _read(name, value, merged) for name, value in fact.data.items()}
    return fact if data == fact.data else msgspec.structs.replace(fact, data=data)


def _read(name: str, value: Any, merged: Merged) -> Any:
    if isinstance(value, list):
        return [_item(each, merged) for each in value]
    return _stands_for(value, merged) if name in FIELDS and isinstance(value, str) else value


def _item(item: Any, merged: Merged) -> Any:
    """A partner or an organiser."""
    if not isinstance(item, dict):
        return item
    return {name: _read(name, value, merged) for name, value in item.items()}


def _stands_for(organisation: str, merged: Merged) -> str:
    """At the end of a chain of merges. Two that were merged into each other by facts out of order stand where they end
    up first.
    """
    passed = {organisation}
    while (into := merged.get(organisation)) is not None and into not in passed:
        passed.add(into)
        organisation = into
    return organisation
