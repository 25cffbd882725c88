"""The rules of matching, as tables."""

from datetime import date
from uuid import uuid4

import pytest

from services.matching.engagements.rules import day_held, helped
from services.matching.opportunities.rules import AlreadyClosed, OpportunityState, closable, speaks_for
from services.matching.volunteers.rules import may_manage
from services.matching.volunteers.vocabulary import INTERESTS, PLACES, publishable_interests, publishable_place
from shared.errors import Forbidden, Invalid, NotFound, Problem, Unauthenticated
from shared.events.matching import VolunteerRegistered
from shared.links import hashed

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("held_on", "accepted"),
    [
        (date(2026, 11, 21), True),
        (date(2026, 11, 20), True),
        (date(2000, 1, 1), True),
        (date(2026, 11, 22), False),
        (date(1999, 12, 31), False),
        (date(203, 3, 15), False),
    ],
    ids=["today", "yesterday", "the earliest day", "tomorrow", "before the earliest day", "a slip of the finger"],
)
def test_help_is_held_on_a_day_up_to_today(held_on: date, accepted: bool) -> None:
    if accepted:
        assert day_held(held_on, today=TODAY) == held_on
    else:
        with pytest.raises(Invalid):
            day_held(held_on, today=TODAY)


def test_a_company_helps_others() -> None:
    company = uuid4()

    helped(company, None)
    helped(company, uuid4())
    with pytest.raises(Invalid):
        helped(company, company)


def test_what_is_closed_is_not_closed_again() -> None:
    closable(OpportunityState.OPEN)
    with pytest.raises(AlreadyClosed):
        closable(OpportunityState.CLOSED)
    with pytest.raises(Forbidden):
        speaks_for(False)


@pytest.mark.parametrize(
    ("is_staff", "signed_in", "token", "refusal"),
    [
        (True, True, None, None),
        (False, False, "right", None),
        (False, True, "right", None),
        (False, False, "wrong", NotFound),
        (False, True, "wrong", NotFound),
        (False, False, None, Unauthenticated),
        (False, True, None, Forbidden),
    ],
    ids=[
        "staff",
        "holder",
        "holder who is signed in",
        "guesser",
        "guesser who is signed in",
        "passer-by",
        "association",
    ],
)
def test_staff_and_the_holder_of_the_token_manage_a_registration(
    is_staff: bool, signed_in: bool, token: str | None, refusal: type[Problem] | None
) -> None:
    def ask() -> None:
        may_manage(is_staff=is_staff, signed_in=signed_in, token=token, token_digest=hashed("right"))

    if refusal is None:
        ask()
    else:
        with pytest.raises(refusal):
            ask()


@pytest.mark.parametrize(
    ("written", "published"),
    [(["besøgsven", "karen-hansen", "it-hjælp"], ["besøgsven", "it-hjælp"]), (["depression"], []), ([], [])],
    ids=["a name among interests", "a diagnosis", "nothing"],
)
def test_an_event_repeats_only_words_that_are_listed(written: list[str], published: list[str]) -> None:
    assert publishable_interests(written) == published


def test_an_event_names_only_places_that_are_listed() -> None:
    assert publishable_place("Vollsmose") == "Vollsmose"
    assert publishable_place("Karen Hansen") is None
    assert publishable_place(None) is None


def test_every_listed_word_fits_into_an_event() -> None:
    for place in PLACES:
        VolunteerRegistered(interests=sorted(INTERESTS), locality=place, languages=["da"], contact_id=uuid4())
