"""Chapters: who is a member of the centre, and which companies are its friends."""

from datetime import date, timedelta

from kompas.demo.commands import Chapter, Command, Ref
from kompas.demo.story.draft import FIRST, LAST, Draft

LONG_AGO, BEFORE = date(2009, 1, 1), date(2022, 12, 31)


def members(draft: Draft) -> Chapter:
    """Most were members before 2023. Six leave in its course, and one of them comes back."""
    joining = draft.some(172, least=20)
    newcomers = draft.some(24, least=3)
    leavers = draft.some(6, least=2)
    started: list[Command] = []
    ended: list[Command] = []
    for number, association in enumerate(draft.cast.associations[:joining]):
        old = number < joining - newcomers
        since = draft.day(LONG_AGO, BEFORE) if old else draft.day()
        started.append(_start(f"member/{number}", association, "member", since))
        if number < leavers:
            ended.append(_end(f"leaver/{number}", f"member/{number}", draft.day(FIRST, date(2023, 9, 30))))
    returning = _start("member/returning", draft.cast.associations[0], "member", date(2023, 11, 1))
    return Chapter("Medlemsforeninger", [started, ended, [returning]])


def friends(draft: Draft) -> Chapter:
    """Two old friends, four new ones, and a company that was a friend before and comes back: it is not new."""
    old, new, returning = draft.cast.companies[:2], draft.cast.companies[2:6], draft.cast.companies[6]
    first = [_start(f"friend/{key}", key, "company_friend", draft.day(LONG_AGO, BEFORE)) for key in old]
    first += [_start(f"friend/{key}", key, "company_friend", draft.day(FIRST, date(2023, 10, 31))) for key in new]
    first.append(_start(f"friend/{returning}", returning, "company_friend", date(2019, 3, 1)))
    gone = [_end(f"friend/{returning}/left", f"friend/{returning}", date(2021, 6, 30))]
    # One of the new friends changes its mind twice. It is one new friend all the same.
    wavering = new[-1]
    away = date(2023, 11, 15)
    gone.append(_end(f"friend/{wavering}/left", f"friend/{wavering}", away))
    back = [
        _start(f"friend/{returning}/again", returning, "company_friend", date(2023, 4, 12)),
        _start(f"friend/{wavering}/again", wavering, "company_friend", min(away + timedelta(days=20), LAST)),
    ]
    return Chapter("Virksomhedsvenner", [first, gone, back])


def _start(key: str, organisation: str, kind: str, on: date) -> Command:
    body = {"organisation_id": Ref(organisation), "kind": kind, "started_on": on.isoformat()}
    return Command(key, "directory/memberships", body)


def _end(key: str, membership: str, on: date) -> Command:
    return Command(key, "directory/memberships/{id}/end", {"ended_on": on.isoformat()}, of=membership)
