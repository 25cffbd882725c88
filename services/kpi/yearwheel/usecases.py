"""What a centre has before it: the due dates of its adopted plans, and its surveys."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kpi import repository as adopted
from services.kpi.definition.plan import Plan
from services.kpi.milestones import repository as milestones
from services.kpi.surveys import repository as surveys
from services.kpi.surveys.models import Survey
from services.kpi.yearwheel.rules import Due, Kind, of_plan
from shared.clock import DANISH


async def everything_due(session: AsyncSession, tenant: str, plan: str | None) -> list[Due]:
    """Of every plan, or of one; surveys belong to none, and are left out then."""
    if plan is not None:
        rows = [await adopted.existing_plan(session, tenant, plan)]
    else:
        rows = list(await adopted.plans(session, tenant))
    courses = await milestones.courses(session, tenant)
    found: list[Due] = []
    for row in rows:
        of_it = {key.goal: course for key, course in courses.items() if key.plan == row.plan}
        found += of_plan(Plan.model_validate(row.definition), row.adopted_at, row.version, of_it)
    if plan is None:
        found += [due for survey in await surveys.shown(session, tenant) for due in _of_survey(survey)]
    return found


def _of_survey(survey: Survey) -> Iterator[Due]:
    for kind, moment in ((Kind.SURVEY_OPENED, survey.opened_at), (Kind.SURVEY_CLOSED, survey.closed_at)):
        if moment is not None:
            yield _due(survey, kind, moment.astimezone(DANISH).date(), moment)
    if survey.closes_on and survey.opened_at and survey.closed_at is None:
        yield _due(survey, Kind.SURVEY_LAST_DAY, survey.closes_on, survey.opened_at)


def _due(survey: Survey, kind: Kind, day: date, moment: datetime) -> Due:
    # People wrote its title once, in their own language.
    return Due(day, kind, None, survey.slug, survey.title, survey.title, None, moment, survey.version)
