"""`kompas events`: watch the facts go by, or publish them once more from the outboxes."""

import asyncio
import json
from datetime import datetime
from typing import Annotated, Any

import typer
from aiokafka import AIOKafkaConsumer
from rich.console import Console
from rich.text import Text

from kompas.cli.sentences import hush_kafka
from kompas.cli.services import OneService
from kompas.errors import Stop
from kompas.whereabouts import Whereabouts
from services.kpi.ingest.replay import read_log_again
from shared.clock import DANISH
from shared.database import Database
from shared.events import CATALOGUE
from shared.events.contacts import ContactShared
from shared.messaging.history import republish as send_again
from shared.messaging.kafka import reach

TOPICS = tuple(sorted({event.TOPIC for event in CATALOGUE.values()} - {ContactShared.TOPIC}))

app = typer.Typer(no_args_is_help=True, help="Watch the events of all services, or publish them once more.")


@app.command()
def tail(
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be given several times.")] = None,
    tenant: Annotated[str | None, typer.Option(help="Only this centre's events.")] = None,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="Everything since the first day.")] = False,
    count: Annotated[int | None, typer.Option("--count", "-n", help="Stop after so many events.", min=1)] = None,
) -> None:
    """Print each event as it is published, one a line. It reads beside the services and takes nothing from them.

    Example: [green]kompas events tail --topic booking.events --tenant odense[/]
    """
    topics = topic or list(TOPICS)
    for one in topics:
        if one == ContactShared.TOPIC:
            raise Stop("The topic contacts holds names and addresses and is not shown.", "Watch another one.", code=2)
        if one not in TOPICS:
            raise Stop(f"There is no topic called {one}.", f"There is {', '.join(TOPICS)}.", code=2)
    asyncio.run(_tail(topics, tenant, from_beginning, count))


async def _tail(topics: list[str], tenant: str | None, from_beginning: bool, count: int | None) -> None:
    hush_kafka()
    console = Console(soft_wrap=True, highlight=False)
    consumer = AIOKafkaConsumer(
        *topics,
        **reach(Whereabouts.find().settings()),
        # No group: nobody's place in the topics moves because somebody looks.
        group_id=None,
        auto_offset_reset="earliest" if from_beginning else "latest",
        enable_auto_commit=False,
    )
    try:
        await consumer.start()
        shown = 0
        async for record in consumer:
            if line := _line(record.topic, record.value, tenant):
                console.print(line)
                shown += 1
                if shown == count:
                    return
    finally:
        await consumer.stop()


def _line(topic: str, value: bytes | None, tenant: str | None) -> Text | None:
    try:
        event: dict[str, Any] = json.loads(value or b"")
        type_, source = str(event["type"]), str(event["tenant"])
        when = datetime.fromisoformat(event["time"]).astimezone(DANISH)
        data, subject = event["data"], str(event["subject"])
    except (ValueError, KeyError, TypeError):
        return None if tenant else Text(f"{topic}: something that is not an event ({len(value or b'')} bytes)", "red")
    if tenant and source != tenant:
        return None
    facts = "  ".join(f"{name}={_short(given)}" for name, given in data.items() if given is not None)
    return Text.assemble(
        (f"{when:%Y-%m-%d %H:%M:%S}  ", "bright_black"),
        (f"{source}  ", "cyan"),
        (f"{type_.removeprefix('kompas.').removesuffix('.v1')}  ", "bold"),
        (f"{subject}  ", "bright_black"),
        facts,
    )


def _short(given: Any) -> str:
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, separators=(",", ":"))


@app.command()
def republish(
    service: OneService = None,
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be given several times.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only what was recorded since then (Danish time).")] = None,
) -> None:
    """Publish everything in the outboxes once more, to rebuild a lost Kafka. Nobody counts anything twice.

    Example: [green]kompas events republish --service booking[/]
    """
    asyncio.run(_republish(service, topic, since.replace(tzinfo=DANISH) if since else None))


async def _republish(service: str | None, topics: list[str] | None, since: datetime | None) -> None:
    whereabouts = Whereabouts.find()
    for one in whereabouts.services(service):
        database = Database(whereabouts.settings(one).database_url, pool_size=1)
        try:
            sent = await send_again(database, topics=topics, since=since)
            if one == "kpi":
                # The offsets that KPI keeps beside its numbers belong to the log that was lost.
                await read_log_again(database)
        finally:
            await database.dispose()
        typer.echo(f"{one}: {sent} events will be published again.")
