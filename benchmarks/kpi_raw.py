"""The limit: records fetched by Kafka's client and not looked at: `python -m benchmarks.kpi_raw KAFKA NUMBER TOPIC…`.

In a process of its own, which looks for cycles as seldom as our worker does: with Python's default it is slower.
"""

import json
import sys
import time

import uvloop
from aiokafka import AIOKafkaConsumer

from services.kpi.ingest.memory import look_for_cycles_less_often

FETCH = {"max_partition_fetch_bytes": 4 * 1024 * 1024}


async def main(kafka: str, number: str, *topics: str) -> None:
    look_for_cycles_less_often()
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest", **FETCH
    )
    await consumer.start()
    began, cpu, left = 0.0, 0.0, int(number)
    while left > 0:
        found = await consumer.getmany(timeout_ms=200, max_records=5_000)
        began, cpu = began or time.perf_counter(), cpu or time.process_time()
        left -= sum(map(len, found.values()))
    told = {"events": int(number), "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    await consumer.stop()
    print(json.dumps(told))


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
