"""Which department a view is of: staff's word, or a name that is known to be one."""

import pytest

from services.directory.pageviews.rules import ASKED_ABOUT, unit_of
from services.kpi.adoption import bundled_plans
from services.kpi.definition.measures import EachOf

LISTED = {"Kulturforvaltningen"}


@pytest.mark.parametrize(
    ("claimed", "by_link", "unit"),
    [
        (None, None, None),
        ("Kulturforvaltningen", None, "Kulturforvaltningen"),
        ("Sundhedsforvaltningen", None, "Sundhedsforvaltningen"),
        ("Anna Hansen", None, None),
        ("Anna Hansen", "Teknik", "Teknik"),
        ("Kulturforvaltningen", "Teknik", "Teknik"),
    ],
)
def test_a_name_must_be_listed_and_a_link_is_believed(claimed: str | None, by_link: str | None, unit: str) -> None:
    assert unit_of(claimed, by_link, LISTED) == unit


def test_what_plans_ask_about_by_name_counts_from_the_first_day() -> None:
    asked = {
        member
        for plan in bundled_plans()
        for goal in plan.goals
        if isinstance(goal.measure, EachOf) and any("page.viewed" in part.of for part in goal.measure.parts.values())
        for member in goal.measure.members
    }

    assert asked == ASKED_ABOUT
