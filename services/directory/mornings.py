"""What is done for each centre once a day, from nine in the morning, Danish time, because it writes to people."""

from datetime import time

from services.directory.visits import Visits
from shared.clock import DANISH, now

# Nobody gets such a mail at night.
BEGIN_AT = time(9)


class Mornings(Visits):
    # Everything is decided by days, and a day's work is done but once; looking often only catches up sooner after a
    # pause.
    look_every = 600.0

    async def go(self) -> None:
        if now().astimezone(DANISH).time() >= BEGIN_AT:
            await super().go()
