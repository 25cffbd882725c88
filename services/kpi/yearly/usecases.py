"""A centre's year, from what is counted already: nothing is counted for the report."""

from collections.abc import Mapping, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.definition.plan import Plan
from services.kpi.followup.rules import ORDER
from services.kpi.goals.schemas import GoalAnswer
from services.kpi.goals.usecases import goals_of
from services.kpi.yearly import repository, rules
from services.kpi.yearly.schemas import FigureAnswer, PlanOfYear, YearlyReport
from shared.clock import now, today


async def yearly_report(session: AsyncSession, tenant: str, year: int) -> YearlyReport:
    """Exact numbers, for the centre's staff."""
    figures = rules.declared()
    rows = [row for row in await adopted.plans(session, tenant) if row.year == year]
    plans = {row.plan: Plan.model_validate(row.definition) for row in rows}
    answers = {name: await goals_of(session, tenant, name) for name in plans}
    supply = [
        (goal, answer) for name, plan in plans.items() for goal, answer in zip(plan.goals, answers[name], strict=True)
    ]
    series = [figure.series for figure in figures.figures if figure.series is not None]
    observed = await repository.newest(session, tenant, year, series)
    return YearlyReport(
        year=year,
        made=now(),
        complete=today().year > year,
        sections={name: section.name for name, section in figures.sections.items()},
        sections_en={name: section.name_en for name, section in figures.sections.items()},
        figures=[_answered(rules.found(figure, year, supply, observed)) for figure in figures.figures],
        plans=_plans(plans, answers),
    )


def _answered(found: rules.Found) -> FigureAnswer:
    figure = found.figure
    return FigureAnswer(
        id=figure.id,
        section=figure.section,
        label=figure.label,
        label_en=figure.label_en,
        value=found.value,
        unit=figure.unit,
        unit_en=figure.unit_en,
        state=found.state,
        made=found.made,
        plan=found.plan,
        goal=found.goal,
        series=figure.series,
        as_of=found.as_of,
        why=found.why.da,
        why_en=found.why.en,
        stated=figure.stated,
    )


def _plans(plans: Mapping[str, Plan], answers: Mapping[str, Sequence[GoalAnswer]]) -> list[PlanOfYear]:
    return [
        PlanOfYear(
            plan=name,
            title=plan.title,
            title_en=plan.title_en,
            goals=len(answers[name]),
            results={result: sum(goal.result == result for goal in answers[name]) for result in ORDER},
        )
        for name, plan in plans.items()
    ]
