"""Kafka for tests: empty topics, and on a platform that is reused, for one run at a time."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
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


async def read_up_to_here(bootstrap_servers: str, *groups: str) -> None:
    """Let groups (`consumer.topic`) begin behind what other tests have put on their topics, thousands of events."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    described = {
        each["topic"]: each for each in await admin.describe_topics([group.partition(".")[2] for group in groups])
    }
    await admin.close()
    for group in groups:
        topic = group.partition(".")[2]
        partitions = [TopicPartition(topic, each["partition"]) for each in described[topic]["partitions"]]
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, group_id=group, enable_auto_commit=False)
        await consumer.start()
        try:
            consumer.assign(partitions)
            await consumer.commit(await consumer.end_offsets(partitions))
        finally:
            await consumer.stop()


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
