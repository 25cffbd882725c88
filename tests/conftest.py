"""What every test may ask for; see `tests/support/` for the rest (`eventually`, `fresh_tenant`, `bearer`, …)."""

import os

from deploy.local import ports
from tests.support.platform import PORTS

pytest_plugins = ["tests.support.fixtures"]


def pytest_configure() -> None:
    """Runs side by side never pick the same port, not even one whose server has just been killed by its test."""
    if share := os.environ.get(PORTS):
        mine, _, runs = share.partition("/")
        ports.BELOW_CLIENTS = ports.BELOW_CLIENTS[int(mine) :: int(runs)]
