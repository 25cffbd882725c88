"""Garbage on a topic is ignored or buried with a reason that tells no value, and the next event is handled at once."""

import pytest
from sqlalchemy import text

from shared.messaging.total_consumer import UNREADABLE
from tests.messaging.stage import Stage, running
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    "unknown",
    [
        b'{"specversion": "1.0", "type": "kompas.test.number.forgotten.v9", "id": "x"}',
        b'{"specversion": "1.0", "type": "dk.somebody.else", "source": "/elsewhere", "id": "1", "data": {"cpr": 1}}',
    ],
    ids=["a type of a later version", "a type of somebody else, without our extensions"],
)
async def test_an_unknown_type_is_counted_and_ignored(stage: Stage, unknown: bytes) -> None:
    async with running(stage.worker().run):
        await stage.put(unknown)
        await stage.put(stage.event(1))
        await eventually(lambda: stage.has_effects(1))

    assert stage.counted("ignored") == 1
    assert await stage.buried() == []
    async with stage.database.transaction("*") as session:
        assert await session.scalar(text("select count(*) from inbox")) == 1


POISON: dict[str, tuple[bytes | None, list[tuple[str, bytes | None]], str]] = {
    "bytes that are no text": (b"\xff\xfe\x00", [], "undecodable"),
    "an empty value": (b"", [], "undecodable"),
    "a tombstone where nothing is compacted": (None, [], "undecodable"),
    "JSON that is no object": (b"[1, 2]", [], "undecodable"),
    "nesting without end": (b"[" * 100_000, [], "undecodable"),
    "900 KB of noise": (b"x" * 900_000, [], "undecodable"),
    "no envelope": (b'{"hello": "world"}', [], "invalid"),
    "a null header and noise": (b"noise", [("traceparent", None)], "undecodable"),
    "a header that is no text and noise": (b"noise", [("name", b"\xff\xfe")], "undecodable"),
}


@pytest.mark.parametrize("poison", POISON)
async def test_poison_is_buried_with_its_reason_and_the_next_event_is_handled(stage: Stage, poison: str) -> None:
    value, headers, kind = POISON[poison]

    async with running(stage.worker().run):
        await stage.put(stage.event(1))
        await eventually(lambda: stage.has_effects(1))
        at = await stage.put(value, headers=headers)
        last = await stage.put(stage.event(2))
        await eventually(lambda: stage.has_effects(1, 2))

    [letter] = await stage.buried()
    assert (letter.kind, letter.offset, letter.payload, letter.attempts) == (kind, at, value, 1)
    assert letter.headers == headers
    assert stage.counted("dead") == 1
    assert await stage.committed() == last + 1


async def test_a_record_that_kafkas_own_client_cannot_read_is_buried_and_the_next_is_handled(stage: Stage) -> None:
    async with running(stage.worker().run):
        await stage.put(stage.event(1))
        at = await stage.put_unreadable()
        await stage.put_unreadable()
        last = await stage.put(stage.event(2))
        await eventually(lambda: stage.has_effects(1, 2))

    letter, _ = await stage.buried()
    assert (letter.kind, letter.offset) == ("undecodable", at)
    assert letter.headers == [UNREADABLE]
    assert await stage.committed() == last + 1


@pytest.mark.parametrize("value", [None, b"\xff\xfe", b""], ids=["null", "no text", "empty"])
async def test_a_strange_header_on_a_good_event_changes_nothing(stage: Stage, value: bytes | None) -> None:
    async with running(stage.worker().run):
        await stage.put(stage.event(1), headers=[("reply_to", value), ("content-type", value)])
        await eventually(lambda: stage.has_effects(1))

    assert await stage.buried() == []


BROKEN = {
    "a field of the wrong type": (b'"n":1', b'"n":"alma@example.dk"', "data.n: int_parsing"),
    "a field missing": (b'"n":1', b'"m":1', "data.n: missing"),
    "a tenant that is no tenant": (
        b'"tenant":"odense"',
        b'"tenant":"Robert\'); --"',
        "tenant: string_pattern_mismatch",
    ),
    "every tenant": (b'"tenant":"odense"', b'"tenant":"*"', "tenant: string_pattern_mismatch"),
    "a time that is no time": (b'"time":"', b'"time":"in May ', "time: "),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_an_event_that_breaks_its_contract_is_buried_and_no_value_of_it_is_told(
    stage: Stage, broken: str
) -> None:
    good, bad, reason = BROKEN[broken]

    async with running(stage.worker().run):
        await stage.put(stage.event(1).replace(good, bad))
        await stage.put(stage.event(2))
        await eventually(lambda: stage.has_effects(2))

    [letter] = await stage.buried()
    assert letter.kind == "invalid"
    assert letter.reason.startswith(reason)
    assert "alma" not in repr(letter._replace(payload=None))
    assert letter.type == stage.noted.TYPE
