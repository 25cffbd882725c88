"""Quix Streams: events of each centre and type, counted in its state: `python quix_state.py KAFKA NUMBER TOPIC…`."""

import json
import sys
import tempfile
import time
from typing import Any

from quixstreams import Application

kafka, number, *topics = sys.argv[1:]
left, began, cpu = int(number), 0.0, 0.0
folder = tempfile.TemporaryDirectory()
app = Application(
    broker_address=kafka,
    consumer_group=f"quix-{time.time()}",
    auto_offset_reset="earliest",
    state_dir=folder.name,
    use_changelog_topics=False,
    loglevel="ERROR",
    consumer_extra_config={"queued.min.messages": 200_000},
)


def count(event: dict[str, Any], state: Any) -> None:
    global left, began, cpu
    if not began:
        began, cpu = time.perf_counter(), time.process_time()
    key = f"{event['tenant']}|{event['type']}"
    state.set(key, state.get(key, 0) + 1)
    left -= 1
    if left == 0:
        app.stop()


for topic in topics:
    app.dataframe(app.topic(topic, value_deserializer="json", key_deserializer="str")).update(count, stateful=True)
app.run()
# It returns when the last checkpoint has been stored.
print(json.dumps({"events": int(number), "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}))
