"""The directory's rules as tables of cases."""

from datetime import date

import pytest

from services.directory.activities.rules import search_for
from services.directory.memberships.rules import suitable
from services.directory.organisations.rules import designation
from services.directory.rules import (
    AlreadyEnded,
    AlreadyPublished,
    NotPublished,
    State,
    day_of_fact,
    not_ended,
    publishable,
    withdrawable,
)
from shared.errors import Invalid
from shared.events.directory import MembershipKind
from shared.events.kinds import OrganisationKind

YESTERDAY, TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)


@pytest.mark.parametrize(
    ("given", "may_backdate", "not_before", "day"),
    [
        pytest.param(None, False, None, TODAY, id="no day is today"),
        pytest.param(TODAY, False, TODAY, TODAY, id="today, on the day it began"),
        pytest.param(YESTERDAY, True, None, YESTERDAY, id="the past, for staff"),
        pytest.param(YESTERDAY, True, YESTERDAY, YESTERDAY, id="the very day it began"),
        pytest.param(YESTERDAY, False, None, None, id="the past, for others"),
        pytest.param(TOMORROW, True, None, None, id="the future, even for staff"),
        pytest.param(YESTERDAY, True, TODAY, None, id="before it began"),
        pytest.param(None, True, TOMORROW, None, id="today, before it began"),
    ],
)
def test_the_day_of_a_fact(given: date | None, may_backdate: bool, not_before: date | None, day: date | None) -> None:
    def decide() -> date:
        return day_of_fact("on", given, today=TODAY, may_backdate=may_backdate, not_before=not_before)

    if day:
        assert decide() == day
        return
    with pytest.raises(Invalid) as refused:
        decide()
    assert [error.field for error in refused.value.errors] == ["on"]


@pytest.mark.parametrize(
    ("state", "can_publish", "can_withdraw"),
    [(State.DRAFT, True, False), (State.PUBLISHED, False, True), (State.WITHDRAWN, True, False)],
)
def test_what_is_published_is_withdrawn_and_what_is_not_is_published(
    state: State, can_publish: bool, can_withdraw: bool
) -> None:
    for rule, refusal, allowed in (
        (publishable, AlreadyPublished, can_publish),
        (withdrawable, NotPublished, can_withdraw),
    ):
        if allowed:
            rule(state)
        else:
            with pytest.raises(refusal):
                rule(state)


def test_what_has_ended_does_not_end_again() -> None:
    not_ended(None)

    with pytest.raises(AlreadyEnded):
        not_ended(YESTERDAY)


@pytest.mark.parametrize("kind", OrganisationKind)
def test_only_a_company_is_a_company_friend(kind: OrganisationKind) -> None:
    suitable(MembershipKind.MEMBER, kind)
    suitable(MembershipKind.SUPPORTER, kind)

    if kind is OrganisationKind.COMPANY:
        suitable(MembershipKind.COMPANY_FRIEND, kind)
    else:
        with pytest.raises(Invalid):
            suitable(MembershipKind.COMPANY_FRIEND, kind)


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("Klima- og Miljøforvaltningen", OrganisationKind.MUNICIPAL_UNIT, "Klima- og Miljøforvaltningen"),
        ("Region Syddanmark", OrganisationKind.REGION, "Region Syddanmark"),
        ("Sundhedshuset, ring 20 12 34 56", OrganisationKind.MUNICIPAL_UNIT, None),
        ("aase@example.com", OrganisationKind.MUNICIPAL_UNIT, None),
        ("Café Klare", OrganisationKind.ASSOCIATION, None),
        ("Åse Sørensen", OrganisationKind.COMPANY, None),
    ],
)
def test_only_public_bodies_are_named(name: str, kind: OrganisationKind, said: str | None) -> None:
    assert designation(name, kind) == said


@pytest.mark.parametrize(
    ("typed", "words", "pieces"),
    [
        ("Spis sammen", "spis & sammen:*", ("spis", "sammen")),
        ("  på   Ærø ", "på & ærø:*", ("ærø",)),
        ("a & b | !c:*", "a & b & c:*", ()),
        ("strik_klub", "strik & klub:*", ("strik", "klub")),
        ("65+", "65:*", ()),
        ("x " * 50, " & ".join(["x"] * 10) + ":*", ()),
    ],
)
def test_what_is_typed_becomes_words_without_operators(typed: str, words: str, pieces: tuple[str, ...]) -> None:
    search = search_for(typed)

    assert search is not None
    assert (search.words, search.pieces) == (words, pieces)


@pytest.mark.parametrize("typed", [None, "", "  ", "!?&|", "🍲", "\x00"])
def test_no_words_are_no_search(typed: str | None) -> None:
    assert search_for(typed) is None
