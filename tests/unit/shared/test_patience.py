"""How often whoever is woken goes on."""

import asyncio

import pytest

from shared.messaging.patience import Rhythm

AN_HOUR = 3_600.0


async def test_whoever_is_woken_goes_on_at_once_and_then_not_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    rhythm = Rhythm(AN_HOUR)
    monkeypatch.setattr(asyncio, "sleep", wait)
    await rhythm.beat()
    await rhythm.beat()

    first, second = waits
    assert first == 0
    assert 0 < second <= AN_HOUR
