"""The names of the five services, as a person types them."""

from difflib import get_close_matches
from typing import Annotated

import typer

from kompas.halves import SERVICES


def known(typed: str | None) -> str | None:
    if typed is None or typed in SERVICES:
        return typed
    near = get_close_matches(typed.lower(), SERVICES, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(SERVICES[:-1])} and {SERVICES[-1]}."
    raise typer.BadParameter(f"There is no service called {typed}. {hint}")


ServiceName = Annotated[
    str,
    typer.Argument(
        metavar="SERVICE", help=f"One of {', '.join(SERVICES)}.", callback=known, autocompletion=lambda: SERVICES
    ),
]
OneService = Annotated[
    str | None,
    typer.Option("--service", "-s", help="Only this service. Without it: all five.", callback=known,
                 autocompletion=lambda: SERVICES),
]  # fmt: skip
TheService = Annotated[
    str,
    typer.Option("--service", "-s", help="The service in whose database it lies.", callback=known,
                 autocompletion=lambda: SERVICES),
]  # fmt: skip
