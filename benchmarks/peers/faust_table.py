"""Faust: events of each centre and type, counted in its table: `python faust_table.py KAFKA NUMBER TOPIC…`.

It is slow, so it counts no more than the first 10,000.
"""

import json
import os
import sys
import tempfile
import time
from typing import Any

import faust

kafka, most, *topics = sys.argv[1:]
number = min(int(most), 10_000)
left, began, cpu = number, 0.0, 0.0
app = faust.App(
    f"faust-{time.time():.0f}",
    broker=f"kafka://{kafka}",
    store="memory://",
    datadir=tempfile.mkdtemp(),
    web_enabled=False,
    topic_partitions=6,  # As deploy/kafka/topics.yaml has them: a table is cut like its topics.
    topic_disable_leader=True,
    consumer_auto_offset_reset="earliest",
    value_serializer="json",
    key_serializer="raw",
)
table = app.Table("counts", default=int)


@app.agent(app.topic(*topics))  # type: ignore[untyped-decorator]
async def count(stream: Any) -> None:
    global left, began, cpu
    async for event in stream:
        if not began:
            began, cpu = time.perf_counter(), time.process_time()
        table[f"{event['tenant']}|{event['type']}"] += 1
        left -= 1
        if left == 0:
            told = {"events": number, "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
            print(json.dumps(told), file=sys.__stdout__, flush=True)  # The other one is its log.
            os._exit(0)  # Its own stop takes seconds.


sys.argv = [sys.argv[0], "worker", "-l", "ERROR", "--without-web"]
app.main()
