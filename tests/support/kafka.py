"""Kafka for tests: empty topics, and on a platform that is reused, for one run at a time."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from deploy.kafka.topics import create_topics


@asynccontextmanager
async def exclusively(description: Path) -> AsyncIterator[None]:
    """Topics and consumer groups have fixed names, so two runs in one Kafka would take each other's messages."""
    with description.with_name("kafka.lock").open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.2)
        yield


async def empty_topics(bootstrap_servers: str) -> None:
    """Every declared topic, without a record. Kafka forgets the offsets of a deleted topic's consumers with it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        if old := [topic for topic in await admin.list_topics() if not topic.startswith("__")]:
            await admin.delete_topics(old)
    finally:
        await admin.close()
    await create_topics(bootstrap_servers)
