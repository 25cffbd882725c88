"""A small town's activities, and what people type to find them, judged by hand before any engine was asked."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

HERE = Path(__file__).resolve().parent / "judged"
NAMESPACE = UUID("0198c6a4-7d30-7c11-9a52-6f1b7c0e5d43")
LOCALITIES = (
    "Vollsmose", "Bolbro", "Dalum", "Tarup", "Korup", "Næsby", "Bellinge", "Højby", "Seden", "Agedrup", "Sanderum",
    "Hjallese", "Munkebo", "Fangel", "Stige", "Skibhus", "Åsum", "Tornbjerg", "Holluf Pile", "Søhus",
)  # fmt: skip
ORGANISATIONS = (
    "Røde Kors Odense", "Ældre Sagen", "Settlementet", "Folkekirken", "Beboerforeningen", "DGI Fyn", "KFUM",
    "Aftenskolen", "Bydelsmødrene", "Kulturhuset", "Foreningen Broen", "Frivilligcentret", "Kirkens Korshær",
    "Lokalrådet",
)  # fmt: skip
Json = dict[str, Any]
DEPTH = 10


@dataclass(frozen=True)
class Judged:
    typed: str
    kind: str
    grades: Mapping[str, int]
    filters: Mapping[str, str]


@cache
def activities() -> tuple[Json, ...]:
    """Every activity in two or three places, as the directory would describe it; `key` is what it is judged as."""
    made: list[Json] = []
    for number, (key, title, description, themes, groups, more) in enumerate(_lines("activities.txt", 6)):
        said = dict(part.split("=") for part in more.split())
        for copy in range(2 + number % 2):
            at = len(made)
            made.append(
                {
                    "key": key,
                    "id": uuid5(NAMESPACE, f"{key}/{copy}"),
                    "organisation": ORGANISATIONS[at * 5 % len(ORGANISATIONS)],
                    "organisation_id": uuid5(NAMESPACE, ORGANISATIONS[at * 5 % len(ORGANISATIONS)]),
                    "title": title,
                    "description": description,
                    "themes": _listed(themes),
                    "target_groups": _listed(groups),
                    "languages": _listed(said.get("lang", "da")),
                    "locality": LOCALITIES[at * 7 % len(LOCALITIES)],
                    "form": said.get("form", "physical"),
                    "price": int(said["price"]) if "price" in said else None,
                    "accessibility": _listed(said.get("access", "")),
                    "schedules": [{"weekday": int(said["day"]), "from": "16:00", "to": "18:00", "every": "week"}]
                    if "day" in said
                    else [],
                }
            )
    return tuple(made)


@cache
def queries() -> tuple[Judged, ...]:
    found = []
    for typed, kind, grades, *filters in _lines("queries.txt", 3):
        graded = {key: int(grade) for key, grade in (each.split("=") for each in grades.split())}
        chosen = dict(each.split("=") for each in " ".join(filters).split())
        found.append(Judged(typed, kind, graded, chosen))
    known = {each["key"] for each in activities()}
    assert all(set(each.grades) <= known for each in found), "a query is judged by an activity that does not exist"
    return tuple(found)


def gain(found: Sequence[str], judged: Judged) -> float:
    """nDCG@10: 1 when the best stand first; an entry that nobody judged counts as wrong."""
    each = {key: sum(one["key"] == key for one in activities()) for key in judged.grades}
    best = sorted((grade for key, grade in judged.grades.items() for _ in range(each[key])), reverse=True)[:DEPTH]
    return _summed([judged.grades.get(key, 0) for key in found[:DEPTH]]) / _summed(best)


def recall(found: Sequence[str], judged: Judged) -> float:
    """How much of what was judged good (2 or 3) stands among the first twenty, at most as much as fits there."""
    good = {key for key, grade in judged.grades.items() if grade >= 2}
    there = sum(one["key"] in good for one in activities())
    return sum(key in good for key in found[:20]) / min(there, 20)


def scores(search: Callable[[Judged], Sequence[str]]) -> dict[str, tuple[float, float, int]]:
    """Mean nDCG@10 and recall@20 of each kind of query and of all: what `search` gives are keys, best first."""
    results = [(judged.kind, gain(found := search(judged), judged), recall(found, judged)) for judged in queries()]
    kinds = {kind: [(g, r) for k, g, r in results if k == kind] for kind in sorted({kind for kind, _, _ in results})}
    kinds["all"] = [(g, r) for _, g, r in results]
    return {
        kind: (sum(g for g, _ in those) / len(those), sum(r for _, r in those) / len(those), len(those))
        for kind, those in kinds.items()
    }


def _summed(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _lines(name: str, least: int) -> list[list[str]]:
    lines = [line for line in (HERE / name).read_text().splitlines() if line.strip() and not line.startswith("#")]
    split = [[part.strip() for part in line.split("|")] for line in lines]
    assert all(len(each) >= least for each in split)
    return split


def _listed(written: str) -> list[str]:
    return [each.strip() for each in written.split(",") if each.strip()]
