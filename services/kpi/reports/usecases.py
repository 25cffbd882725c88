"""Freezing what is reported to the board, and telling what has changed since, fact by fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_date
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.counting.keys import GoalKey
from services.kpi.decisions import repository as decided
from services.kpi.definition.plan import Goal, Plan
from services.kpi.goals.answering import answer
from services.kpi.merged import repository as merges
from services.kpi.merged.usecases import tells_apart
from services.kpi.milestones.standing import Milestones
from services.kpi.models import AdoptedGoal, GoalStatus
from services.kpi.receipts.beside import CannotRecount, Past
from services.kpi.receipts.usecases import LogOutOfReach, NotWhole
from services.kpi.reports import repository
from services.kpi.reports.models import Report, ReportedGoal
from services.kpi.reports.rules import Cause, FactKey, Facts, fact_changes
from services.kpi.reports.schemas import FactChangeAnswer, NewReport, RestatementAnswer
from services.kpi.reports.standing import Stood, standing_on
from shared.clock import start_of_day, today
from shared.errors import Invalid

MOST_FACTS = 100


async def freeze(session: AsyncSession, past: Past, tenant: str, plan_id: str, new: NewReport, by: str) -> Report:
    """Keep every value of the plan as it stood at the end of the reporting date, with the facts behind it."""
    if new.reporting_date > today():
        raise Invalid.field("reporting_date", "må ikke ligge i fremtiden", "must not lie in the future")
    row = await adopted.existing_plan(session, tenant, plan_id)
    plan = Plan.model_validate(row.definition)
    states = {each.goal: each for each in await adopted.goals(session, tenant, plan_id)}
    if any(states[goal.id].status is not GoalStatus.LIVE for goal in plan.goals):
        raise NotWhole
    try:
        stood = await standing_on(session, past, tenant, plan, plan.goals, new.reporting_date)
    except CannotRecount:
        raise LogOutOfReach from None
    report = Report(
        tenant=tenant,
        plan=plan_id,
        plan_version=row.version,
        title=new.title or _title(plan, new.reporting_date),
        reporting_date=new.reporting_date,
        frozen_by=by,
    )
    session.add(report)
    await session.flush()
    decisions = await decided.standing(session, tenant, plan_id)
    milestones = await Milestones.read(session, tenant)
    for position, goal in enumerate(plan.goals):
        reading, state = stood[goal.id].reading, states[goal.id]
        decision = decisions.get(GoalKey(tenant, plan_id, goal.id))
        due, reading, course = milestones.as_decided(plan, GoalKey(tenant, plan_id, goal.id), goal, reading)
        shown = answer(plan, due, reading, state, decision, None, new.reporting_date, course=course)
        session.add(
            ReportedGoal(
                tenant=tenant,
                report_id=report.id,
                goal=goal.id,
                position=position,
                since_version=state.since_version,
                value=reading.value,
                shown=shown.model_dump(mode="json", exclude={"coverage_from", "status"}),
            )
        )
    await session.flush()
    await repository.keep(session, report, (row for each in stood.values() for row in each.receipts))
    return report


def _title(plan: Plan, day: date) -> str:
    return f"{plan.title}, {format_date(day, 'd. MMMM y', locale='da')}"


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A reported goal whose facts or definition are not those that were reported."""

    row: ReportedGoal
    goal: Goal
    state: AdoptedGoal
    kept: Facts
    stored: Facts

    @property
    def redefined(self) -> bool:
        return self.state.since_version != self.row.since_version


async def restatements(
    session: AsyncSession, past: Past, report: Report, rows: Sequence[ReportedGoal]
) -> list[RestatementAnswer]:
    """What the reported numbers would be today, for the same reporting date, where that is something else."""
    plan = Plan.model_validate((await adopted.existing_plan(session, report.tenant, report.plan)).definition)
    suspects = await _suspects(session, report, plan, rows)
    countable = [each.goal for each in suspects if each.state.status is GoalStatus.LIVE]
    now: Mapping[str, Stood] | None = None
    if countable:
        try:
            now = await standing_on(session, past, report.tenant, plan, countable, report.reporting_date)
        except CannotRecount:
            now = None
    merged = await merges.changed_since(session, report.tenant, report.frozen_at)
    found = [
        _restated(each, (now or {}).get(each.goal.id), merged=merged and tells_apart(report.tenant, plan, each.goal))
        for each in suspects
    ]
    return [each for each in found if not each.known or each.before != each.after or "new_definition" in each.causes]


async def _suspects(session: AsyncSession, report: Report, plan: Plan, rows: Sequence[ReportedGoal]) -> list[_Suspect]:
    states = {each.goal: each for each in await adopted.goals(session, report.tenant, report.plan)}
    goals = {goal.id: goal for goal in plan.goals}
    kept = await repository.kept(session, report)
    stored: dict[str, dict[FactKey, Decimal]] = {}
    after = start_of_day(report.reporting_date + timedelta(days=1))
    for fact in await repository.receipts(session, report.tenant, report.plan, list(goals)):
        # What happened later is progress, and no correction of what was reported; what takes back may be one.
        if fact["time"] < after or fact["amount"] < 0:
            key = FactKey(fact["part"], fact["dimension"], fact["event_id"])
            stored.setdefault(fact["goal"], {})[key] = fact["amount"]
    found = []
    for row in rows:
        # A retired goal's number stands as it was: nothing is counted for it any more.
        if row.goal in goals:
            facts: Facts = stored.get(row.goal, {})
            suspect = _Suspect(row, goals[row.goal], states[row.goal], kept.get(row.goal, {}), facts)
            if suspect.redefined or suspect.kept != suspect.stored:
                found.append(suspect)
    return found


def _restated(suspect: _Suspect, now: Stood | None, *, merged: bool) -> RestatementAnswer:
    changes = fact_changes(suspect.kept, now.facts if now else suspect.stored, merged=merged)
    if suspect.redefined:
        # Other facts are behind it because other facts were asked for.
        causes: list[Cause] = ["new_definition"]
        changes = []
    else:
        causes = sorted({change.cause for change in changes})
    return RestatementAnswer(
        goal=suspect.row.goal,
        causes=causes,
        before=suspect.row.value,
        after=now.reading.value if now else None,
        known=now is not None,
        reason=suspect.state.change_reason if suspect.redefined else None,
        facts=[FactChangeAnswer.model_validate(each) for each in changes[:MOST_FACTS]],
    )
