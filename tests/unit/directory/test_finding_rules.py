"""Finding without a database: how well it finds, how fair its turns are, what is open, and that changes add up."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import numpy as np
import pytest

from services.directory.search.catalogue import SMALL, Catalogue
from services.directory.search.danish import spellings, stem, words_of
from services.directory.search.defaults import DEFAULTS
from services.directory.search.entries import Facet
from services.directory.search.finding import Found, Question, Turned, find
from services.directory.search.meaning import Synonyms
from services.directory.search.opening import open_at, times_of
from services.directory.search.rules import kept_words, mark
from services.directory.search.slips import Alike
from services.directory.search.suggesting import suggest
from shared.errors import Invalid
from tests.support import judging
from tests.support.found import NOON, described, kompas, town

# What is promised of the judged queries in docs/performance.md, all and by kind. Lots fall the same in every run.
PROMISED = {
    "all": (0.90, 0.94),
    "plain": (0.93, 0.96),
    "stem": (0.88, 0.94),
    "compound": (0.83, 0.86),
    "apart": (0.92, 0.88),
    "transcribed": (0.95, 0.98),
    "bare": (0.94, 0.98),
    "misspelled": (0.93, 0.96),
    "synonym": (0.86, 0.93),
    "sentence": (0.78, 0.90),
    "english": (0.85, 0.93),
    "filter": (0.94, 0.98),
    "prefix": (0.50, 0.64),
}


def test_the_judged_queries_are_answered_as_well_as_is_promised() -> None:
    scores = judging.scores(kompas())

    assert set(scores) == set(PROMISED)
    assert scores["all"][2] >= 120
    short = {
        kind: (round(gain, 3), round(recall, 3))
        for kind, (gain, recall, _) in scores.items()
        if (gain, recall) < PROMISED[kind] or recall < PROMISED[kind][1]
    }
    assert short == {}


def keys_of(found: Found) -> list[str]:
    return [entry.answer.decode() for entry in found.entries]


def test_changes_one_by_one_come_to_the_same_as_reading_everything() -> None:
    draw = Random(7)
    catalogue, truth = Catalogue(), dict[UUID, judging.Json]()
    catalogue.synonyms = Synonyms.of(DEFAULTS)
    everything = list(judging.activities())

    async def play() -> None:
        for _ in range(60):
            some = draw.sample(everything, draw.randrange(1, 12))
            gone = draw.sample(sorted(truth), min(len(truth), draw.randrange(4)))
            some = [{**each, "title": draw.choice(everything)["title"]} for each in some if each["id"] not in gone]
            await catalogue.take([described(each) for each in some], set(gone))
            truth.update({each["id"]: each for each in some})
            for id in gone:
                truth.pop(id)
            # What words mean is remembered between changes, and must not outlive them.
            for judged in draw.sample(judging.queries(), 5):
                find(catalogue, Question(q=judged.typed), limit=1, now=NOON, after=None)

    asyncio.run(play())
    anew = Catalogue()
    anew.synonyms = catalogue.synonyms
    anew.fill(described(each) for each in truth.values())

    assert len(catalogue) == len(anew) == len(truth)
    assert len(catalogue.parts) == 2, "both parts are to be tried"
    for judged in judging.queries():
        filters = tuple(Facet(name, value) for name, value in judged.filters.items())
        question = Question(q=judged.typed or None, filters=filters)
        one, other = (find(each, question, limit=200, now=NOON, after=None) for each in (catalogue, anew))
        assert (one.count, one.facets, one.partly) == (other.count, other.facets, other.partly), judged
        assert Counter(keys_of(one)) == Counter(keys_of(other)), judged


def test_while_somebody_types_words_that_are_used_are_suggested_and_titles_that_say_them() -> None:
    catalogue = town()
    begun, more, slip = (suggest(catalogue, each, NOON.date()) for each in ("strik", "gåtur for æl", "fælespisning"))

    assert begun[0][0] == "strik"
    assert all(words_of(title)[0].startswith("strik") for title in begun[1][:2]), "it weighs most in titles"
    assert more[0][0] == "gåtur for ældre"
    assert more[1], "of what says both"
    assert slip[0][0] == "fællesspisning"
    assert suggest(catalogue, "strik xqvwz", NOON.date()) == ([], [])
    assert suggest(Catalogue(), "strik", NOON.date()) == ([], [])


def test_words_alike_differ_by_few_letters() -> None:
    known = Alike(("frivillig", "kørsel", "korsel", "forening"))

    assert dict(known.like("frivilig", 1)) == {"frivillig": 1}
    assert dict(known.like("rfivillig", 1)) == {"frivillig": 1}
    assert dict(known.like("korsel", 1)) == {"kørsel": 0, "korsel": 0}
    assert dict(known.like("foreming", 1)) == {"forening": 1}
    assert dict(known.like("klub", 2)) == {}


def test_a_large_change_is_taken_too() -> None:
    catalogue = Catalogue()
    copies = [
        replace(described(each), id=UUID(int=each["id"].int + copy))
        for each in judging.activities()
        for copy in range(2)
    ]
    asyncio.run(catalogue.take(copies[: SMALL // 2], ()))
    asyncio.run(catalogue.take(copies, ()))

    assert len(catalogue) == len(copies)
    assert find(catalogue, Question(), limit=1, now=NOON, after=None).count == len(copies)


def test_pages_hold_everything_once_in_the_same_order_all_day() -> None:
    catalogue = town()
    for question in (Question(), Question(q="samvær"), Question(near=(55.4, 10.4)), Question(q="gåtur for ældre")):
        whole = find(catalogue, question, limit=200, now=NOON, after=None)
        seen, after = list[UUID](), None
        while True:
            later = NOON + timedelta(hours=14)  # The day ends while somebody turns the pages.
            page = find(catalogue, question, limit=7, now=later if after else NOON, after=after)
            seen += [entry.id for entry in page.entries]
            if page.following is None:
                break
            after = Turned.at(page.following.cursor())
        assert seen[:200] == [entry.id for entry in whole.entries]
        assert len(seen) == len(set(seen)) == whole.count


def test_a_cursor_that_nobody_gave_is_refused() -> None:
    for cursor in ("", "AAAA", "æ", "A" * 27):
        with pytest.raises(Invalid):
            Turned.at(cursor)


def test_every_association_is_as_likely_to_stand_first_however_many_entries_it_has() -> None:
    one, many = UUID(int=1), UUID(int=2)
    draw = Random(3)
    each = judging.activities()[0]

    def entry(owner: UUID) -> judging.Json:
        return {**each, "id": UUID(int=draw.getrandbits(128)), "organisation_id": owner, "key": str(owner.int)}

    catalogue = Catalogue()
    catalogue.fill(described(entry(owner)) for owner in [one, *[many] * 64])
    days = [NOON + timedelta(days=day) for day in range(400)]
    first = Counter(keys_of(find(catalogue, Question(), limit=1, now=day, after=None))[0] for day in days)

    # 200 each is expected; without turns it would be 6 of 400. The draw is the same in every run.
    assert 160 <= first["1"] <= 240
    same_day = {tuple(keys_of(find(catalogue, Question(), limit=65, now=NOON, after=None))) for _ in range(3)}
    assert len(same_day) == 1


@pytest.mark.parametrize(
    ("schedule", "at", "expected"),
    [
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "week"}, "2026-11-23 10:00", True),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "week"}, "2026-11-23 12:00", False),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "week"}, "2026-11-24 11:00", False),
        ({"weekday": 4, "from": "20:00", "to": "02:00", "every": "week"}, "2026-11-28 01:00", True),
        ({"weekday": 4, "from": "20:00", "to": "02:00", "every": "week"}, "2026-11-27 01:00", False),
        ({"date": "2026-11-23", "from": "10:00", "to": "12:00"}, "2026-11-23 11:00", True),
        ({"date": "2026-11-23", "from": "10:00", "to": "12:00"}, "2026-11-30 11:00", False),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "week", "valid_to": "2026-11-22"},
         "2026-11-23 11:00", False),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "two_weeks", "valid_from": "2026-11-09"},
         "2026-11-23 11:00", True),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "two_weeks", "valid_from": "2026-11-09"},
         "2026-11-30 11:00", False),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "month_first"}, "2026-12-07 11:00", True),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "month_first"}, "2026-12-14 11:00", False),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "month_last"}, "2026-11-30 11:00", True),
        ({"weekday": 0, "from": "10:00", "to": "12:00", "every": "month_last"}, "2026-11-23 11:00", False),
    ],
)  # fmt: skip
def test_what_is_open_now(schedule: dict[str, object], at: str, expected: bool) -> None:
    times = np.array(times_of([schedule]), np.int32)

    assert open_at(times, datetime.fromisoformat(at)).tolist() == [expected]


def test_danish_letters_and_stems() -> None:
    assert words_of("CAFÉ-hygge på Ærø!") == ["cafe", "hygge", "på", "ærø"]
    assert words_of("ga\u030atur") == ["gåtur"]
    assert spellings("faellesspisning") == ("faellesspisning", "fællesspisning")
    assert stem("fællesspisningerne") == stem("fællesspisning")


def test_words_that_may_name_somebody_are_not_kept() -> None:
    assert kept_words("Padel tennis", ["padel", "tennis"]) == "padel tennis"
    assert kept_words("bo@example.dk", ["bo", "example", "dk"]) is None
    assert kept_words("20 12 34 56", ["20", "12", "34", "56"]) is None
    assert kept_words("x" * 61, ["x" * 61]) is None
    same = {"address": "192.0.2.1", "user_agent": "Firefox"}
    assert mark(b"k", tenant="a", words="x", **same) == mark(b"k", tenant="a", words="x", **same)
    assert mark(b"k", tenant="a", words="x", **same) != mark(b"k", tenant="a", words="y", **same)


def test_tomorrow_the_turns_are_others() -> None:
    catalogue = town()
    orders = {
        tuple(entry.id for entry in find(catalogue, Question(q="frivillige"), limit=9, now=day, after=None).entries)
        for day in (NOON, NOON + timedelta(days=1), NOON + timedelta(days=2))
    }

    assert len(orders) == 3
