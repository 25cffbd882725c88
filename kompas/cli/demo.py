"""`kompas demo`: a whole year in a few minutes, to look at."""

from typing import Annotated

import httpx2
import stamina
import typer
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from kompas.cli.goals import read_goals
from kompas.cli.output import danish, print_goals
from kompas.demo.commands import Chapter, Story
from kompas.demo.expected import expected_goals
from kompas.demo.play import SIDE_BY_SIDE, Player
from kompas.demo.settle import Goals, differences, settled
from kompas.demo.story import SEED, YEAR, tell
from kompas.whereabouts import Whereabouts

app = typer.Typer()


@app.command()
def demo(
    tenant: Annotated[str, typer.Option(help="The centre to play it for.")] = "odense",
    seed: Annotated[int, typer.Option(help="Another number is another year.")] = SEED,
    scale: Annotated[float, typer.Option(help="0.1 plays a tenth of the year.", min=0.01, max=1.0)] = 1.0,
) -> None:
    """Play Odense's year 2023 through the public doors, and show its twenty goals. Takes a minute or two.

    Playing it again changes nothing, and completes what an interrupted run left out.

    Example: [green]make run[/] in one terminal, [green]kompas demo[/] in another.
    """
    whereabouts, plan = Whereabouts.find(), f"odense-{YEAR}"
    with httpx2.Client(base_url=whereabouts.public_url, timeout=10) as client:
        read_goals(client, tenant, plan)  # Says at once that nothing runs, or that the plan is not adopted.
    story, console = tell(seed, scale), Console()
    goals = uvloop.run(_play(story, whereabouts, tenant, plan, console))
    promised = expected_goals(story)
    print_goals(console, plan, [goal for goal in goals if goal["id"] in promised])
    if different := differences(goals, promised):
        console.print("\nOther numbers than the story alone gives, because more was recorded in 2023 than was played:")
        for goal, (shown, told) in different.items():
            console.print(f"  {goal}: {danish(shown)} instead of {danish(told)}")
    address = f"{whereabouts.public_url}/kpi/{tenant}/plans/{plan}"
    console.print(f"\nThe whole plan: kompas goals --plan {plan}, or on paper: {address}/report")
    console.print(f"Every number can be opened: {address}/goals/B.1/evidence")


async def _play(story: Story, whereabouts: Whereabouts, tenant: str, plan: str, console: Console) -> Goals:
    # What is retried is told by the progress, not by a library's log.
    stamina.instrumentation.set_on_retry_hooks([])
    columns = (TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    limits = httpx2.Limits(max_connections=SIDE_BY_SIDE, max_keepalive_connections=SIDE_BY_SIDE)
    async with httpx2.AsyncClient(
        base_url=whereabouts.public_url, timeout=30, limits=limits, trust_env=False
    ) as client:
        with Progress(*columns, console=console) as progress:
            bars: dict[str, TaskID] = {}

            def advance(chapter: Chapter, done: int) -> None:
                if chapter.title not in bars:
                    bars[chapter.title] = progress.add_task(chapter.title, total=chapter.size)
                progress.advance(bars[chapter.title], done)

            told: set[str] = set()

            def waiting() -> None:
                if not told:
                    told.add("waiting")
                    progress.console.print("The system does not answer; waiting for it …", style="yellow")

            token = whereabouts.token(tenant, "staff")
            player = Player(client, tenant=tenant, token=token, progress=advance, waiting=waiting)
            await player.play(story)
            counting = progress.add_task("Alt tælles", total=None)
            goals = await settled(client, tenant, plan, token, expected_goals(story))
            progress.update(counting, total=1, completed=1)
    return goals
