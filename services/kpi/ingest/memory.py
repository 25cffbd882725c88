"""How the worker's process treats its memory."""

import gc


def look_for_cycles_less_often() -> None:
    """A batch is tens of thousands of facts, rows and keys, none of them in a cycle: all are freed when it is done.

    Python's default would look through them again and again while they are made, for a fifth of the time.
    """
    gc.set_threshold(100_000, 50, 100)
