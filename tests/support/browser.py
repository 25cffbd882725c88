"""A real browser: the Chromium or Chrome that the machine has."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import BrowserContext, async_playwright

from tests.support.waiting import PATIENCE

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root needs the first; the others keep Chromium from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def browser(**options: object) -> AsyncIterator[BrowserContext]:
    """A fresh profile. Where there is no browser, CI fails and a person is told which package brings one."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        message = "no browser: install the package chromium"
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=found, args=FLAGS, timeout=PATIENCE * 1000)
        try:
            context = await started.new_context(**options)  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE * 1000)
            yield context
        finally:
            await started.close()
