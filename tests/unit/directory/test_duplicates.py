"""Which names are one name, and which only look like it."""

from uuid import UUID, uuid4

import pytest

from services.directory.duplicates.rules import Named, Why, alike
from services.directory.names import core, plain

PLACES = frozenset({"odense", "vollsmose"})


def named(name: str, cvr: str | None = None, postcode: str | None = None, locality: str | None = None) -> Named:
    return Named(uuid4(), name, core(name, PLACES), cvr, postcode, locality)


def found(*known: Named) -> list[tuple[str, int, Why]]:
    names: dict[UUID, str] = {each.id: each.name for each in known}
    return [(" | ".join(sorted((names[p.one], names[p.other]))), p.score, p.why) for p in alike(known)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café Klare", "CAFE KLARE"),
        ("Ældre Æbler på Ærø", "Aeldre Aebler paa Aeroe"),
        ("Børn & Unge", "Børn og Unge"),
        ("Spis-Sammen!", "spis sammen"),
        ("Åben Dør", "Åben Dør"),
    ],
)
def test_how_a_name_is_written_counts_for_nothing(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Foreningen Åben Dør", "Aaben Doer"),
        ("Åben Dør v/ Inger Holm", "Åben Dør"),
        ("Skakklubben i Odense", "Skakklubben"),
        ("Kræftens Bekæmpelse, Odense Lokalforening", "Kræftens Bekæmpelse Lokalforening Odense"),
        ("Ældre Sagen Odense", "Ældresagen"),
        ("Tømrer Sørensen ApS", "Tømrer Sørensen A/S"),
    ],
)
def test_form_place_and_who_is_behind_it_make_no_other_association(one: str, other: str) -> None:
    [(_, score, why)] = found(named(one, postcode="5000"), named(other, postcode="5000"))

    assert (87 <= score <= 99, why) == (True, Why.SIMILAR)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Odense Boldklub", "Odense Bokseklub"),
        ("Lokalforening 1", "Lokalforening 2"),
        ("Odense Skakklub", "Odense Skakforening"),
        ("Røde Kors", "Dansk Flygtningehjælp"),
        ("Odense", "Vollsmose"),
    ],
)
def test_two_that_only_look_alike_are_two(one: str, other: str) -> None:
    assert found(named(one, postcode="5000"), named(other, postcode="5000")) == []


def test_a_cvr_number_tells_more_than_a_name() -> None:
    same_number = [named("Åben Dør", cvr="13585628"), named("Noget helt andet", cvr="13585628", postcode="5000")]
    other_numbers = [named("Åben Dør", cvr="13585628"), named("Åben Dør", cvr="25313763")]

    assert [(score, why) for _, score, why in found(*same_number)] == [(100, Why.CVR)]
    assert found(*other_numbers) == []


def test_names_are_compared_within_a_place() -> None:
    assert found(named("Åben Dør", postcode="5000"), named("Åben Dør", postcode="4200")) == []
    assert found(named("Åben Dør", locality="Vollsmose"), named("Åben Dør", locality="Bolbro")) == []
    assert found(named("Åben Dør", postcode="5240", locality="Vollsmose"), named("Åben dør", locality="vollsmose")) == [
        ("Åben Dør | Åben dør", 100, Why.NAME)
    ]


def test_each_two_are_told_once_and_the_surest_come_first() -> None:
    known = [
        named("Ældre Sagen", postcode="5000", locality="Odense"),
        named("Ældresagen", postcode="5000", locality="Odense"),
        named("Café Klare", cvr="13585628", postcode="5000", locality="Odense"),
        named("Cafe Klare", cvr="13585628", postcode="5000", locality="Odense"),
    ]

    assert [(score == 100, why) for _, score, why in found(*known)] == [(True, Why.CVR), (False, Why.SIMILAR)]
