"""Turns whatever goes wrong in a command into one red sentence with a remedy, and an exit code."""

import logging
import os
from typing import Any

from rich.console import Console
from rich.text import Text
from typer import Exit
from typer.core import TyperGroup

from deploy.local.errors import PlatformError
from kompas.errors import Stop

# What a library says is for whoever repairs it; a person at a terminal is told what it means.
MEANINGS = {
    "ConnectError": ("Nothing answers at the address of the system.", "Start it with `make run`, then try again."),
    "ConnectTimeout": ("The system does not answer.", "See whether `make run` is still running."),
    "ReadTimeout": ("The system takes too long to answer.", "Try again in a moment."),
    "KafkaConnectionError": ("Kafka does not answer.", "Start it with `make run`, then try again."),
    "OperationalError": ("PostgreSQL does not answer.", "Start it with `make run`, then try again."),
    "ConnectionTimeout": ("PostgreSQL does not answer.", "Start it with `make run`, then try again."),
    "ValidationError": ("The settings cannot be read.", "See the KOMPAS_… variables in README.md, Configuration."),
}


def hush_kafka() -> None:
    """For commands that only ask Kafka: what its client writes about an absent one says less than our sentence."""
    if not os.environ.get("KOMPAS_DEBUG"):
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


class Sentences(TyperGroup):
    """The root of the commands."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            # Typer's own ends (an exit, a wrong option, Ctrl-C) are told by Typer.
            if type(error).__module__.startswith("typer") or os.environ.get("KOMPAS_DEBUG"):
                raise
            stop = explained(error)
            console = Console(stderr=True, soft_wrap=True)
            console.print(Text(stop.sentence, "red"), Text(stop.remedy))
            raise Exit(stop.code) from None


def explained(error: Exception) -> Stop:
    if isinstance(error, Stop):
        return error
    if isinstance(error, PlatformError):
        return Stop(str(error))
    for known in type(error).__mro__:
        if known.__name__ in MEANINGS:
            return Stop(*MEANINGS[known.__name__])
    return Stop(f"Something went wrong that nobody foresaw ({type(error).__name__}).", "KOMPAS_DEBUG=1 shows where.")
