"""Goals as they are due now: what was decided about milestones, read once for all of them."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi.counting.keys import GoalKey
from services.kpi.counting.reading import Reading
from services.kpi.definition.goal import Goal
from services.kpi.definition.measures import Milestone
from services.kpi.definition.plan import Plan
from services.kpi.milestones import repository
from services.kpi.milestones.rules import STAYED, Course, Courses, redirected, reread


@dataclass(frozen=True, slots=True)
class Milestones:
    courses: Courses
    taken: dict[GoalKey, date]

    @classmethod
    async def read(cls, session: AsyncSession, tenant: str | None = None) -> Self:
        courses = await repository.courses(session, tenant)
        # Only where a day was moved does it matter here when the step was taken.
        return cls(courses, dict(await repository.taken(session, tenant)) if courses else {})

    def as_decided(self, plan: Plan, key: GoalKey, goal: Goal, reading: Reading) -> tuple[Goal, Reading, Course]:
        course = self.courses.get(key, STAYED)
        if not isinstance(goal.measure, Milestone) or course is STAYED:
            # What the plan has made something else of since is no milestone any more.
            return goal, reading, STAYED
        months = plan.thresholds.slightly_late_months
        return redirected(goal, course), reread(reading, course, self.taken.get(key), months), course
