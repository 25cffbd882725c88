"""The follow-up table of a plan: its goals by theme in the reader's language, and how many of each code. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from services.kpi.followup import words
from services.kpi.goals.rules import Result
from services.kpi.goals.schemas import GoalAnswer
from services.kpi.models import GoalStatus
from services.kpi.recommendations.schemas import RecommendationAnswer
from shared.clock import DANISH
from shared.errors import Language, Text

LOCALES: Mapping[Language, str] = {"da": "da_DK", "en": "en_GB"}
ORDER: Sequence[Result] = tuple(words.RESULTS)


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    statement: str
    codes: str
    """Empty in a plan without codes."""
    target: str
    aim: Decimal | None
    value: Decimal | str | None
    """Text where it is too small to be shown: "1–4"."""
    shown: str
    unit: str
    result: Result
    judged: str
    """The result in words."""
    time: str
    due: date
    comment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    theme: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """How the goals of one code stand; of those without any, which they are."""

    code: str
    name: str
    goals: tuple[str, ...]
    results: Mapping[Result, int]


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation, and what became of it."""

    id: str
    statement: str
    status: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Followup:
    plan: str
    title: str
    language: Language
    made: datetime
    sections: tuple[Section, ...]
    summary: Mapping[Result, int]
    axes: Mapping[str, tuple[Total, ...]]
    """By axis of codes; empty in a plan whose source has none."""
    advice: tuple[Advice, ...] = ()

    @property
    def has_codes(self) -> bool:
        return bool(self.axes)


def followup(
    plan: str,
    title: str,
    themes: Mapping[str, str],
    goals: Sequence[GoalAnswer],
    language: Language,
    made: datetime,
    recommended: Iterable[RecommendationAnswer] = (),
) -> Followup:
    coded = any(_codes(goal, axis) for goal in goals for axis in words.AXES)
    today = made.astimezone(DANISH).date()
    sections = (
        Section(name, tuple(_row(goal, language, coded, today) for goal in goals if goal.theme == theme))
        for theme, name in themes.items()
    )
    return Followup(
        plan=plan,
        title=title,
        language=language,
        made=made,
        sections=tuple(section for section in sections if section.rows),
        summary=_results(goals),
        axes={axis: tuple(_totals(axis, goals, language)) for axis in words.AXES} if coded else {},
        advice=tuple(_advice(each, language) for each in recommended),
    )


def _advice(told: RecommendationAnswer, language: Language) -> Advice:
    statement = told.statement if language == "da" else told.statement_en
    return Advice(told.id, statement, words.STATUSES[told.status].read(language), told.reason or "", told.source)


def written(value: Decimal | None, language: Language) -> str:
    """As many decimals as the API answers with: two at most."""
    return "–" if value is None else str(format_decimal(round(value, 2), locale=LOCALES[language]))


def day(on: date, language: Language) -> str:
    return str(format_date(on, "d. MMMM y" if language == "da" else "d MMMM y", locale=LOCALES[language]))


def _row(goal: GoalAnswer, language: Language, coded: bool, today: date) -> Row:
    danish = language == "da"
    return Row(
        id=goal.id,
        statement=goal.statement if danish else goal.statement_en,
        codes=_written_codes(goal, language) if coded else "",
        target=_target(goal, language),
        aim=goal.target,
        value=_value(goal, language) if goal.suppressed else goal.value,
        shown=_value(goal, language),
        unit=goal.unit if danish else goal.unit_en,
        result=goal.result,
        judged=(words.DROPPED if _is_dropped(goal) else words.RESULTS[goal.result]).read(language),
        time=_time(goal, today).read(language),
        due=goal.due,
        comment=tuple(_comment(goal, language)),
    )


def _is_dropped(goal: GoalAnswer) -> bool:
    """And nobody has decided otherwise about its result."""
    decided = goal.decision is not None and goal.decision.result is not None
    return bool(goal.turns) and goal.turns[-1].kind == "dropped" and not decided


def _value(goal: GoalAnswer, language: Language) -> str:
    if goal.suppressed:
        return goal.shown or words.TOO_FEW.read(language)
    return written(goal.value, language)


def _time(goal: GoalAnswer, today: date) -> Text:
    runs = goal.time == "on_time" and goal.result != "reached" and today <= goal.due
    return words.RUNNING if runs else words.TIMES[goal.time]


def _target(goal: GoalAnswer, language: Language) -> str:
    way = {"increase": words.MORE, "decrease": words.FEWER}.get(goal.comparison)
    if not goal.target:
        return (way or words.NO_TARGET).read(language)
    aim = written(goal.target, language)
    if way is not None:
        return f"{aim} {way.read(language)}"
    if goal.target_min is not None:
        return f"{written(goal.target_min, language)}–{aim}"
    return f"{words.AT_MOST.read(language)} {aim}" if goal.comparison == "at_most" else aim


def _comment(goal: GoalAnswer, language: Language) -> Iterator[str]:
    """Why, and what is needed; where a person decided, when that was and what the counter had said."""
    danish = language == "da"
    reasons = (goal.result_reason, goal.time_reason) if danish else (goal.result_reason_en, goal.time_reason_en)
    # One decision on both axes has one reason.
    yield from dict.fromkeys(reasons)
    if goal.decision is not None:
        on = day(goal.decision.decided_at.astimezone(DANISH).date(), language)
        yield words.DECIDED.read(language).format(on)
        yield from _proposed(goal, language)
    elif goal.result not in ("reached", "changed", "too_few"):
        yield goal.forecast if danish else goal.forecast_en
    if goal.status is GoalStatus.BACKFILLING:
        was = goal.changed is not None and goal.definition_version < goal.changed.version
        yield (words.AS_BEFORE if was else words.READING).read(language)


def _proposed(goal: GoalAnswer, language: Language) -> Iterator[str]:
    proposed, start = goal.proposed, words.PROPOSED.read(language)
    if proposed.result != goal.result:
        reason = proposed.result_reason if language == "da" else proposed.result_reason_en
        yield f"{start}{words.RESULTS[proposed.result].read(language)}. {reason}"
    if proposed.time != goal.time:
        yield f"{start}{words.TIMES[proposed.time].read(language)}."


def _codes(goal: GoalAnswer, axis: str) -> tuple[str, ...]:
    return tuple(str(code) for code in getattr(goal.codes, axis))


def _written_codes(goal: GoalAnswer, language: Language) -> str:
    found = (f"{axis} {', '.join(codes)}" for axis in words.AXES if (codes := _codes(goal, axis)))
    return " · ".join(found) or words.UNCODED.read(language)


def _totals(axis: str, goals: Sequence[GoalAnswer], language: Language) -> Iterator[Total]:
    """Each code that the source uses, in the order of its legend, and then the goals that have none on this axis."""
    for code, name in words.CODES[axis].items():
        if of_it := [goal for goal in goals if code in _codes(goal, axis)]:
            yield _total(code, name.read(language), of_it)
    if without := [goal for goal in goals if not _codes(goal, axis)]:
        yield _total("–", words.UNCODED.read(language), without)


def _total(code: str, name: str, goals: Sequence[GoalAnswer]) -> Total:
    return Total(code, name, tuple(goal.id for goal in goals), _results(goals))


def _results(goals: Iterable[GoalAnswer]) -> dict[Result, int]:
    found = [goal.result for goal in goals]
    return {result: found.count(result) for result in ORDER}
