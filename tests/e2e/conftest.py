"""The whole system for the journeys of this folder, started once a run as a user starts it."""

from collections.abc import Iterator

import pytest

from tests.support.short_folder import short_folder
from tests.support.system import System, running


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    with short_folder("kompas-e2e-") as home, running(home) as started:
        yield started
