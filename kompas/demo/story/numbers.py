"""Chapters: what people tell the centre in numbers: the yearly survey, and followers read off the social media."""

from datetime import date

from kompas.demo.commands import Chapter, Command, Ref
from kompas.demo.story.draft import Draft

SURVEY = "tal-fra-din-forening-2023"
QUESTIONS = (
    ("help_leadership", "yes_no", "Har I fået hjælp af os inden for emnet ledelse?"),
    ("new_volunteers", "number", "Hvor mange nye frivillige har I fået gennem Frivilligcentret?"),
)
# The series, its level at new year and how many came each month. LinkedIn falls short of its 420.
FOLLOWERS = (
    ("facebook_followers", 1_640, (18, 34)),
    ("instagram_followers", 655, (15, 31)),
    ("linkedin_followers", 331, (4, 9)),
)


def survey(draft: Draft) -> Chapter:
    """Some sixty associations answer, and a few of them correct themselves: the latest answer counts."""
    random = draft.random
    asked = Command(
        "survey",
        "kpi/surveys",
        {
            "slug": SURVEY,
            "title": "Tal fra din forening 2023",
            "questions": [{"key": key, "kind": kind, "text": text} for key, kind, text in QUESTIONS],
        },
    )
    opened = Command("survey/opened", "kpi/surveys/{id}/open", {}, of="survey")
    answering = random.sample(draft.cast.associations, draft.some(61, least=12))
    answers: list[Command] = []
    corrections: list[Command] = []
    for number, association in enumerate(answering):
        # Every fourth says yes, so that the goal's ten are reached in a whole year.
        yes, new = number % 4 == 0, random.choice((0, 0, 1, 1, 1, 2, 4))
        on = draft.day(date(2023, 11, 1), date(2023, 11, 20))
        answers.append(_answer(f"answer/{number}", association, yes, new, on))
        if number % 10 == 4:
            yes, new = not yes, new + random.randint(-new, 2)
            on = draft.day(date(2023, 11, 21), date(2023, 12, 10))
            corrections.append(_answer(f"answer/{number}/corrected", association, yes, new, on))
    return Chapter("Tal fra din forening", [[asked], [opened], answers, corrections])


def _answer(key: str, association: str, leadership: bool, new_volunteers: int, on: date) -> Command:
    body = {
        "organisation_id": Ref(association),
        "answers": {"help_leadership": leadership, "new_volunteers": new_volunteers},
        "answered_on": on.isoformat(),
    }
    return Command(key, "kpi/surveys/{id}/responses", body, of="survey")


def followers(draft: Draft) -> Chapter:
    read: list[Command] = []
    for series, level, (least, most) in FOLLOWERS:
        for month in range(1, 13):
            level += draft.random.randint(least, most)
            read.append(_observation(f"{series}/{month}", series, level, date(2023, month, 28)))
    # Found in a drawer at the end of the year: an older number must not become the newest one.
    late = _observation("facebook_followers/late", "facebook_followers", 1_701, date(2023, 6, 15))
    return Chapter("Følgere", [read, [late]])


def _observation(key: str, series: str, value: int, on: date) -> Command:
    body = {"series": series, "value": value, "observed_on": on.isoformat(), "evidence": "Aflæst på siden"}
    return Command(f"observation/{key}", "kpi/observations", body)
