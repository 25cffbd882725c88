"""Facts of organisations that are one are read as facts of one, wherever the event names an organisation."""

from typing import Any

import pytest

from services.kpi.merged.rules import FIELDS, as_one
from shared.events import CATALOGUE
from shared.events.envelope import Part
from tests.unit.kpi.cast import fact

Json = dict[str, Any]
MERGED = {"a": "b", "b": "c", "x": "y", "y": "x"}


@pytest.mark.parametrize(
    ("data", "read"),
    [
        ({"organisation_id": "a"}, {"organisation_id": "c"}),
        ({"company_id": "b", "kind": "a"}, {"company_id": "c", "kind": "a"}),
        ({"organisation_id": None}, {"organisation_id": None}),
        ({"organisation_id": "d", "themes": ["a"]}, {"organisation_id": "d", "themes": ["a"]}),
        (
            {"partners": [{"organisation_id": "a", "sector": "public"}, "a"]},
            {"partners": [{"organisation_id": "c", "sector": "public"}, "a"]},
        ),
        ({"organisation_id": "x"}, {"organisation_id": "y"}),
    ],
)
def test_an_organisation_reads_as_the_one_that_stands_for_it(data: Json, read: Json) -> None:
    told = fact("membership.started", "m", "2023-05-01", **data)

    found = as_one(told, MERGED)

    assert (found.data, found.subject, found.id) == (read, told.subject, told.id)


def test_every_event_calls_organisations_by_these_names() -> None:
    named = {name for event in [*CATALOGUE.values(), *Part.__subclasses__()] for name in event.model_fields}
    assert {name for name in named if name.endswith(("organisation_id", "company_id"))} == FIELDS
