"""Says on the terminal what is being done and for how long already."""

import time

from rich.console import Console
from rich.text import Text


class Progress:
    """One line a step, with the seconds since the start; the call is the `say` of the platform."""

    def __init__(self) -> None:
        self._console = Console(stderr=False, highlight=False, soft_wrap=True)
        self._began = time.monotonic()

    def __call__(self, step: str) -> None:
        seconds = f"{time.monotonic() - self._began:6.1f} s  "
        self._console.print(Text(seconds, style="dim"), Text(step), sep="")

    def show(self, text: str) -> None:
        self._console.print(Text(text))
