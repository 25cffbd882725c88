"""A small plan whose goals are steps to be taken, one of them each quarter."""

from functools import cache

from services.kpi.adoption import adopt
from services.kpi.definition.parse import parse_plan
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.repository import backfilling, change_version, set_live
from shared.database import Database

STEPS = "steps-2023"
TEXT = """
plan: steps
year: 2023
tenants: [odense]
title: Skridt
title_en: Steps
dates: {medio: "06-30"}
themes: {"1": Skridt}
goals:
  - id: "1.1"
    theme: "1"
    statement: Handlingsplanen godkendes af bestyrelsen medio 2023; på dansk, med komma
    statement_en: The board approves the action plan by the middle of 2023
    comparison: by_date
    unit: milepæl
    unit_en: milestone
    source: milestone
    due: medio
    measure: {kind: milestone}
  - id: "1.2"
    theme: "1"
    statement: Der er en ny hjemmeside i 2023
    statement_en: There is a new website in 2023
    comparison: by_date
    unit: milepæl
    unit_en: milestone
    source: milestone
    period: {start: 2023-01-01, end: 2023-12-31}
    measure: {kind: milestone}
  - id: "1.3"
    theme: "1"
    statement: Et dialogmøde hvert kvartal
    statement_en: A dialogue meeting each quarter
    comparison: at_least
    unit: kvartaler
    unit_en: quarters
    source: live
    period: {start: 2023-01-01, end: 2023-12-31}
    measure:
      kind: per_window
      window: quarter
      count: {kind: count, of: gathering.held, where: {kind: dialogue_meeting}}
"""


@cache
def steps() -> Plan:
    return parse_plan(TEXT, spoken())


async def go_by_steps(database: Database, tenant: str) -> None:
    """Adopted and live: there is no history to be read."""
    async with database.transaction(tenant) as session:
        await adopt(session, tenant, steps(), 2023)
        await set_live(session, [key for key in await backfilling(session) if key.tenant == tenant])
        await change_version(session)
