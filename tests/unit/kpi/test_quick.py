"""Events as msgspec reads them and as their classes do: never more, and never otherwise."""

import json
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kpi.ingest.quick import reader
from shared.events import CATALOGUE
from shared.events.envelope import Invalid

SAMPLES = Path(__file__).parents[3] / "shared/events/samples"
# Of these several spellings mean the same number.
LEFT_TO_PYDANTIC = {"kompas.kpi.observation.recorded.v1", "kompas.kpi.survey.response_submitted.v1"}
ODD: list[Any] = [
    None, True, False, 0, 1, 7, -1, 17.0, 17.5, 2**31, 2**70, "", " ", "17", "true", "Vollsmose", "vollsmose\n",
    "en ny slags", "conversation", "a_new_kind", "Åse Sørensen", "\u0660", "1,1", "A.1", "a@b.dk", "x" * 300,
    "01856f8a-1c00-7a10-8a51-3d2f60b7c401", "01856F8A-1C00-7A10-8A51-3D2F60B7C401", "01856f8a1c007a108a513d2f60b7c401",
    "01856f8a-1c00-7a10-8a51-3d2f60b7c401\n", "2023-03-08", "2023-02-30", "2024-02-29", "2023-13-01", "2023-03-08\n",
    "20230308", "2023-03-08T00:00:00", "2023-03-15T09:00:00Z", "2023-03-15T09:00:00z", "2023-03-15T10:00:00+01:00",
    "2023-03-15T09:00:00.120000Z", "2023-03-15T09:00:00.12Z", "2023-03-15T09:00:00.000000Z", "2023-03-15 09:00:00Z",
    "2023-03-15T09:00:00.1234567Z", "2023-03-15T09:00:00.1234560Z", "2023-03-15T09:00:00-00:00",
    "2023-03-15T08:00:00-01:00", "{01856f8a-1c00-7a10-8a51-3d2f60b7c401}", "0001-01-01T00:00:00Z",
    "2023-03-15T24:00:00Z", "2023-03-15T09:00:60Z", "9999-12-31T23:59:59Z", "1650-01-01", [], {}, [None], ["it-hjælp"],
    ["it-hjælp"] * 200, [{"sector": "public"}], [{"sector": "public", "more": 1}], [{"sector": 7}], [{}],
]  # fmt: skip


@st.composite
def told(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A sample of an event, some of its fields replaced, taken away or added."""
    wire = draw(st.sampled_from(sorted(CATALOGUE)))
    data = json.loads((SAMPLES / f"{wire}.json").read_text())["data"]
    names = sorted({field.alias or name for name, field in CATALOGUE[wire].model_fields.items()})
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([*names, "stranger"]))
        if draw(st.integers(0, 4)) == 0:
            data.pop(name, None)
        else:
            data[name] = draw(
                st.sampled_from(ODD)
                | st.text(max_size=10)
                | st.integers()
                | st.floats(allow_nan=False, allow_infinity=False)
            )
    return wire, data


@settings(deadline=None, max_examples=400)
@given(told())
def test_what_is_read_quickly_is_what_the_class_reads(event: tuple[str, dict[str, Any]]) -> None:
    wire, data = event
    read = reader(wire)
    if read is None:
        return
    try:
        found = read(msgspec.Raw(json.dumps(data, allow_nan=False).encode()))
    except msgspec.MsgspecError:
        return
    try:
        wanted = CATALOGUE[wire].read(data).model_dump(mode="json")
    except Invalid as error:
        raise AssertionError(f"the class refuses: {error}") from None
    assert (found, json.dumps(found)) == (wanted, json.dumps(wanted))


def test_every_event_that_is_written_as_we_write_it_is_read_quickly() -> None:
    left = set()
    for wire, event in CATALOGUE.items():
        data = event.read(json.loads((SAMPLES / f"{wire}.json").read_text())["data"])
        # A number may be left out, and is otherwise for the class.
        whole = data.model_dump(mode="json", exclude_none=True, exclude={"hours"})
        read = reader(wire)
        if read is None:
            left.add(wire)
        else:
            assert read(msgspec.Raw(json.dumps(whole).encode())) == data.model_dump(mode="json") | {
                name: None for name in data.model_dump() if name == "hours"
            }
    assert left == LEFT_TO_PYDANTIC
