"""`docs/goals.md`: every goal that comes with Kompas, how it is counted and what was decided; made of the plans."""

from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import get_args

from services.kpi.adoption import bundled_plans
from services.kpi.definition.goal import Codes, Goal, Source
from services.kpi.definition.plan import Plan
from services.kpi.plans.in_words import aimed_at, counted, when

PAGE = Path(__file__).resolve().parents[3] / "docs/goals.md"

PREFACE = """\
# Goals

Every goal of the plans that come with Kompas. This page is made of `services/kpi/plans/*.yaml` by `make docs`; the
words of the plan language are in `services/kpi/README.md`, the events in [events.md](events.md).

- **The Danish words are the source's own**; " […] " joins passages that stand apart. The English is ours.
- **Aim** is the source's number. Where it has none, the note says what was read into its words; *more* means that any
  increase is an increase.
- **Source** says where the number comes from: `live` (counted from events as they happen), `observation` (entered by
  hand, with a date), `survey` (associations' answers) or `milestone` (somebody records the day).
- **Codes** are Slagelse's: R role (G guide, V knowledge centre, F communities), K quality criterion, V the UN's goals.
- **Days that the source only hints at** ("primo", "medio", "efteråret") are looked up in the plan's own `dates`.
- A plan is adopted for another year with its days moved; the goals' words stay as they were printed.
"""


def reference() -> str:
    plans = sorted(bundled_plans(), key=lambda plan: (plan.tenants, plan.id))
    return "\n".join([PREFACE, *_overview(plans), *(line for plan in plans for line in _chapter(plan))])


def _overview(plans: list[Plan]) -> list[str]:
    sources = get_args(Source)
    lines = [f"| plan | goals | {' | '.join(sources)} | notes |", "| --- " * (len(sources) + 3) + "|"]
    for plan in plans:
        count = Counter(goal.source for goal in plan.goals)
        numbers = [len(plan.goals), *(count[source] for source in sources), len(plan.notes)]
        lines.append(f"| [{plan.id}](#{plan.id}) | {' | '.join(map(str, numbers))} |")
    return [*lines, ""]


def _chapter(plan: Plan) -> list[str]:
    centres = ", ".join(f"`{tenant}`" for tenant in plan.tenants)
    lines = [f"## {plan.id}", "", f"{plan.title} ({plan.title_en}). Tenant {centres}, year {plan.year}.", ""]
    if plan.dates:
        days = ", ".join(f"{word} {day}" for word, day in plan.dates.items())
        lines += [f"Words for days, as month and day: {days}.", ""]
    for theme, goals in groupby(sorted(plan.goals, key=lambda goal: list(plan.themes).index(goal.theme)), _theme):
        lines += [f"### {plan.themes[theme]}", "", "| goal | aim | counted | codes | note |", "| --- " * 5 + "|"]
        lines += [_row(goal) for goal in goals] + [""]
    if plan.notes:
        lines += ["### No goals", "", "| entry | kind | why it is no goal |", "| --- " * 3 + "|"]
        lines += [
            f"| **{note.id}** {_cell(note.statement)}<br>*{_cell(note.statement_en)}* | {note.kind} "
            f"| {_cell(note.reason)} |"
            for note in plan.notes
        ] + [""]
    if plan.recommendations:
        lines += ["### Recommendations", ""]
        lines += [f"- **{each.id}** {each.statement} {each.note or ''}".rstrip() for each in plan.recommendations] + [
            ""
        ]
    return lines


def _theme(goal: Goal) -> str:
    return goal.theme


def _row(goal: Goal) -> str:
    words = f"**{goal.id}** {_cell(goal.statement)}<br>*{_cell(goal.statement_en)}*"
    aim = f"{aimed_at(goal)} {when(goal)}" if goal.comparison == "by_date" else _aim(goal)
    return f"| {words} | {aim} | {goal.source}: {_cell(counted(goal.measure))} | {_codes(goal.codes)} | {_note(goal)} |"


def _aim(goal: Goal) -> str:
    return f"{aimed_at(goal)} {_cell(goal.unit_en)}, {when(goal)}"


def _note(goal: Goal) -> str:
    changed = f"**Changed (≠):** {goal.changed.reason_en} " if goal.changed else ""
    baseline = f"**Baseline:** {goal.baseline.value:g}, {goal.baseline.as_of}. " if goal.baseline else ""
    return _cell(changed + baseline + (goal.note or ""))


def _codes(codes: Codes) -> str:
    filed = {"R": codes.R, "K": codes.K, "V": codes.V}
    return "<br>".join(f"{letter} {' '.join(map(str, found))}" for letter, found in filed.items() if found)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    PAGE.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
