"""`kompas plan`: which action plans a centre goes by, and for which year."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from kompas.errors import Stop
from kompas.whereabouts import Whereabouts
from services.kpi.adoption import adopt as adopt_plan
from services.kpi.adoption import bundled_plans
from services.kpi.definition.parse import PlanInvalid, read_plan
from services.kpi.definition.plan import Plan, split_plan_id
from services.kpi.definition.vocabulary import spoken
from shared import migrations
from shared.database import Database

app = typer.Typer(no_args_is_help=True, help="Adopt an action plan for a year.")


@app.callback()
def plan() -> None:
    """Adopt an action plan for a year."""


@app.command()
def adopt(
    plan: Annotated[str, typer.Argument(help="A plan that comes with Kompas, such as odense-2023, or a YAML file.")],
    tenant: Annotated[str, typer.Option(help="The centre that adopts it.")] = "odense",
    year: Annotated[int | None, typer.Option(help="The year to count; without it the plan's own.", min=2000)] = None,
) -> None:
    """Count a plan's goals from now on, and everything that was ever published before.

    Example: [green]kompas plan adopt odense-2023 --year 2026[/]
    """
    definition, wanted = _definition(plan, year)
    fresh = asyncio.run(_adopt(tenant, definition, wanted))
    name = definition.for_year(wanted).id
    if fresh:
        typer.echo(f"{tenant} goes by {name} now: {len(definition.goals)} goals. See them: kompas goals --plan {name}")
    else:
        typer.echo(f"{tenant} goes by exactly this {name} already.")


def _definition(plan: str, year: int | None) -> tuple[Plan, int]:
    try:
        if plan.endswith((".yaml", ".yml")):
            if not Path(plan).is_file():
                raise Stop(
                    f"There is no file {plan}.", "Give the path of a plan, or a name such as odense-2023.", code=2
                )
            found = read_plan(Path(plan), spoken())
            return found, year or found.year
        known = bundled_plans()
    except PlanInvalid as invalid:
        raise Stop(f"The plan cannot be used: {invalid}") from None
    name, named_year = split_plan_id(plan) or (plan, None)
    for definition in known:
        if definition.plan == name:
            return definition, year or named_year or definition.year
    raise Stop(f"No plan called {plan} comes with Kompas.", f"There is {', '.join(each.id for each in known)}.", code=2)


async def _adopt(tenant: str, definition: Plan, year: int) -> bool:
    url = Whereabouts.find().settings("kpi").database_url
    await migrations.upgrade("kpi", url)
    database = Database(url, pool_size=1)
    try:
        async with database.transaction(tenant) as session:
            return await adopt_plan(session, tenant, definition, year) is not None
    finally:
        await database.dispose()
