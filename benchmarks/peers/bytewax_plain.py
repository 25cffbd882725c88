"""Bytewax: how many events of each centre and type, in memory: `python bytewax_plain.py KAFKA NUMBER TOPIC…`."""

import json
import os
import sys
import time
from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.testing import TestingSink, run_main

kafka, number, *topics = sys.argv[1:]
left, began, cpu = int(number), 0.0, 0.0


def keyed(message: Any) -> tuple[str, int]:
    global began, cpu
    if not began:
        began, cpu = time.perf_counter(), time.process_time()
    event = json.loads(message.value)
    return f"{event['tenant']}|{event['type']}", 1


def count(state: int | None, one: int) -> tuple[int, int]:
    global left
    left -= 1
    if left == 0:
        # A source that never ends is stopped from outside, once everything is counted.
        told = {"events": int(number), "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
        print(json.dumps(told), flush=True)
        os._exit(0)
    return (state or 0) + one, (state or 0) + one


flow = Dataflow("count")
read = op.input("read", flow, KafkaSource([kafka], topics, tail=True, batch_size=5_000))
counted = op.stateful_map("count", op.map("key", read, keyed), count)
op.output("drop", op.filter("none", counted, lambda _: False), TestingSink([]))
run_main(flow)
