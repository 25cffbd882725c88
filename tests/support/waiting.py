"""Patience for what happens elsewhere: in a worker, in Kafka, in a mailbox."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")
# What comes at all comes in milliseconds, but a busy machine can stand still for seconds; nothing is measured here.
PATIENCE = 60.0


@overload
async def eventually(check: Callable[[], Awaitable[T]], within: float = PATIENCE) -> T: ...
@overload
async def eventually(check: Callable[[], T], within: float = PATIENCE) -> T: ...
async def eventually(check: Callable[[], Any], within: float = PATIENCE) -> Any:
    """Call `check` until it says something true and asserts nothing wrong; fail with its last words when time is up."""
    deadline = time.monotonic() + within
    while True:
        problem: AssertionError | None = None
        try:
            outcome = check()
            if inspect.isawaitable(outcome):
                outcome = await outcome
            if outcome or outcome is None:
                return outcome
        except AssertionError as error:
            problem = error
        if time.monotonic() > deadline:
            raise problem or AssertionError(f"still {outcome!r} after {within} s")
        await asyncio.sleep(0.05)
