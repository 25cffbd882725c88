"""`kompas goals`: the action plan as it stands now, read over HTTP like anybody could."""

from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console

from kompas.cli.output import print_goals
from kompas.errors import Stop
from kompas.whereabouts import Whereabouts
from shared import clock

app = typer.Typer()


@app.command()
def goals(
    tenant: Annotated[str, typer.Option(help="The centre.")] = "odense",
    plan: Annotated[str | None, typer.Option(help="The plan and its year. Without it: this year's.")] = None,
) -> None:
    """Show every goal of a plan: where it is, where it should be, and whether that is enough.

    Example: [green]kompas goals --plan odense-2023[/]
    """
    wanted = plan or f"{tenant}-{clock.today().year}"
    with httpx2.Client(base_url=Whereabouts.find().public_url, timeout=10) as client:
        print_goals(Console(), wanted, read_goals(client, tenant, wanted))


def read_goals(client: httpx2.Client, tenant: str, plan: str) -> list[dict[str, Any]]:
    answer = client.get(f"/kpi/{tenant}/plans/{plan}/goals")
    if answer.status_code == 404:
        known = client.get(f"/kpi/{tenant}/plans")
        plans = [each["id"] for each in known.json()["items"]] if known.is_success else []
        raise Stop(
            f"{tenant} has no plan called {plan}.",
            f"There is {', '.join(plans)}." if plans else f"Adopt one: kompas plan adopt {plan} --tenant {tenant}",
        )
    if not answer.is_success:
        raise Stop(f"The goals cannot be read (HTTP {answer.status_code}).", "Try again in a moment.")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
