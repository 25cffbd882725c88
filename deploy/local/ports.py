"""TCP ports on the loopback interface: which is taken, which is free, which variable moves it."""

import asyncio
import os
import socket

from deploy.local.errors import PlatformError

LOOPBACK = "127.0.0.1"


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
    """Ports nobody uses now. All are held open together, so that they differ."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
