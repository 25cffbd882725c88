"""`make stop`: ends servers of this folder that outlived a `make run` that was killed."""

import asyncio
import sys

from deploy.local.errors import PlatformError
from deploy.local.home import Home
from deploy.local.platform import Platform


async def stop() -> None:
    home = Home.of_environment()
    home.prepare()
    home.claim()
    await Platform.of_environment(home, print).stop()


if __name__ == "__main__":
    try:
        asyncio.run(stop())
    except PlatformError as error:
        sys.exit(str(error))
