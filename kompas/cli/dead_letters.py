"""`kompas dead-letters`: events that a consumer could not take, for a person to decide about."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from kompas.cli.sentences import hush_kafka
from kompas.cli.services import OneService, TheService
from kompas.errors import Stop
from kompas.whereabouts import Whereabouts
from shared.clock import DANISH
from shared.database import Database
from shared.messaging import dead_letters
from shared.messaging.dead_letters import Class, DeadLetter
from shared.messaging.producer import producer

T = TypeVar("T")
Ids = Annotated[list[int], typer.Argument(metavar="ID…", help="Their numbers, as `dead-letters list` shows them.")]

app = typer.Typer(no_args_is_help=True, help="Look at events that a service could not take, and decide about them.")


@app.command(name="list")
def list_(
    service: OneService = None,
    kind: Annotated[Class | None, typer.Option("--class", help="Only those that failed in this way.")] = None,
) -> None:
    """List what could not be taken, without its content.

    Example: [green]kompas dead-letters list --service kpi[/]
    """
    table = Table("Service", "No.", "First seen", "Tries", "Class", "Type", "Reason", box=None, header_style="bold")
    for one in Whereabouts.find().services(service):
        for letter in _with(one, lambda database: dead_letters.find(database, kind=kind)):
            seen = f"{letter.first_seen.astimezone(DANISH):%Y-%m-%d %H:%M}"
            what = letter.type or letter.topic
            table.add_row(one, str(letter.id), seen, str(letter.attempts), letter.kind, what, letter.reason)
    if table.row_count:
        Console().print(table)
    else:
        typer.echo("There are no dead letters.")


@app.command()
def show(id: Annotated[int, typer.Argument(help="Its number.")], service: TheService) -> None:
    """Show one of them whole, as it came. It may hold what should not have been sent: mind who looks along.

    Example: [green]kompas dead-letters show 7 --service kpi[/]
    """
    (letter,) = _known(service, [id])
    for name in ("consumer", "topic", "partition", "offset", "key", "event_id", "type", "tenant", "kind", "reason"):
        typer.echo(f"{name:<10} {getattr(letter, name)}")
    typer.echo(f"{'seen':<10} {letter.attempts} times, {letter.first_seen} to {letter.last_seen}\n")
    typer.echo(_readable(letter.payload))


@app.command()
def redrive(ids: Ids, service: TheService) -> None:
    """Send them once more, after the reason is gone. What fails again comes back under a new number.

    Example: [green]kompas dead-letters redrive 7 8 --service kpi[/]
    """
    _known(service, ids)
    settings = Whereabouts.find().settings(service)
    hush_kafka()

    async def again(database: Database) -> list[int]:
        async with producer(settings, "kompas-cli") as kafka:
            return await dead_letters.redrive(database, kafka, ids)

    sent = _with(service, again)
    typer.echo(f"{len(sent)} of {len(ids)} sent once more.")
    if len(sent) < len(ids):
        raise Stop("Kafka did not take the others; they are still here.", "See whether it runs, then try again.")


@app.command()
def discard(
    ids: Ids,
    service: TheService,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the log, without names, please.")],
) -> None:
    """Throw them away for good, content included.

    Example: [green]kompas dead-letters discard 7 --service kpi --reason "a partner's test"[/]
    """
    _known(service, ids)
    gone = _with(service, lambda database: dead_letters.discard(database, ids, reason=reason))
    typer.echo(f"{len(gone)} thrown away.")


def _known(service: str, ids: list[int]) -> list[DeadLetter]:
    """All of them or none: whoever mistypes a number wants to know before anything happens."""
    found = _with(service, lambda database: dead_letters.find(database, ids=ids, limit=len(ids)))
    if missing := sorted(set(ids) - {letter.id for letter in found}):
        numbers = ", ".join(map(str, missing))
        raise Stop(f"{service} has no dead letter {numbers}.", f"kompas dead-letters list --service {service}", code=2)
    return found


def _with(service: str, work: Callable[[Database], Awaitable[T]]) -> T:
    url = Whereabouts.find().settings(service).database_url

    async def run() -> T:
        database = Database(url, pool_size=1)
        try:
            return await work(database)
        finally:
            await database.dispose()

    return asyncio.run(run())


def _readable(payload: bytes | None) -> str:
    if payload is None:
        return "(a tombstone: nothing)"
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except ValueError:
        return payload.decode(errors="backslashreplace")
