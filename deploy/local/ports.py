"""TCP ports on the loopback interface: which is taken, which is free, which variable moves it."""

import asyncio
import os
import random
import socket

from deploy.local.errors import PlatformError

LOOPBACK = "127.0.0.1"
# Linux begins at 32768, macOS at 49152.
BELOW_CLIENTS = range(20_000, 32_000)


def from_environment(variable: str, default: int) -> int:
    text = os.environ.get(variable, "")
    if not text:
        return default
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise PlatformError(f"{variable} must be a port number from 1 to 65535, not {text!r}.")
    return int(text)


async def require_free(port: int, *, what: str, variable: str) -> None:
    """Give a process that is just dying a moment to let go of it."""
    for _ in range(10):
        if _is_free(port):
            return
        await asyncio.sleep(0.1)
    raise PlatformError(
        f"Port {port} is in use by another program, but {what} needs it: "
        f"stop that program or choose another port with {variable}=…"
    )


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Servers set this too: without it the minute after a restart would look like somebody else's port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports nobody uses now, below those that the system gives to clients.

    From among those, a client that calls a server which is just down could be given that server's own port: it would
    connect to itself, and the server could never come back.
    """
    candidates = random.sample(BELOW_CLIENTS, 50 + count)
    return [port for port in candidates if _is_free(port)][:count]
