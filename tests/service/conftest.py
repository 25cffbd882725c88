"""What tests of all five services share."""

from collections.abc import Iterator

import pytest

from shared import database
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="session", autouse=True)
def patience_in_a_crowd() -> Iterator[None]:
    """However busy this machine is, everybody who asks at once gets a connection in the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "POOL_TIMEOUT", PATIENCE)
        yield
