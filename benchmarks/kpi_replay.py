"""A recorded log told twice, as it was and shuffled with repeats: `python -m benchmarks.kpi_replay`.

The story of `tests/messaging/test_kpi_receipts.py`, longer than a test may be. Says whether both come to the same.
"""

import argparse
import sys
import time

import uvloop

from deploy.kafka.topics import create_topics
from tests.messaging.test_kpi_receipts import GOALS, told_twice
from tests.support.databases import Databases
from tests.support.platform import local_platform, temporary_home

# An hour: nothing is measured against it.
PATIENCE = 3_600.0


async def main(facts: int) -> bool:
    async with temporary_home() as root:
        platform = local_platform(root)
        await platform.start()
        try:
            await create_topics(platform.bootstrap_servers)
            databases = Databases(platform.admin_url)
            began = time.perf_counter()
            plain, shuffled = await told_twice(databases, platform.bootstrap_servers, facts, PATIENCE)
            seconds = time.perf_counter() - began
        finally:
            await platform.stop()
    receipts, visits, _ = plain[2]
    print(f"about {facts} facts, twice, with recounts of {len(GOALS)} goals: {seconds:.0f} s")
    for goal in plain[1]:
        print(goal)
    print(f"recounts equal: {plain[0]} and {shuffled[0]}; rows compared: {len(receipts)}, visits: {visits}")
    same: bool = plain == shuffled
    print("the same values, evidence and status" if same else "NOT THE SAME")
    return same and plain[0] == [True] * len(GOALS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=103_000, help="103,000 make a few more than 100,000")
    sys.exit(0 if uvloop.run(main(parser.parse_args().facts)) else 1)
