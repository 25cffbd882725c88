"""Creates the topics that `topics.yaml` declares: `python -m deploy.kafka.topics`. Changes none that exists."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from shared.messaging.kafka import reach
from shared.settings import Settings

FILE = Path(__file__).with_name("topics.yaml")
ALREADY_THERE = TopicAlreadyExistsError.errno


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int
    replication_factor: int
    config: dict[str, str]


def declared() -> list[Topic]:
    """The topics of the file, with the replication that the environment asks for."""
    document = yaml.safe_load(FILE.read_text())
    defaults = document["defaults"]
    replicas = int(os.environ.get("KOMPAS_KAFKA_REPLICATION_FACTOR") or defaults["replication_factor"])
    in_sync = os.environ.get("KOMPAS_KAFKA_MIN_INSYNC_REPLICAS") or defaults["config"]["min.insync.replicas"]
    return [
        Topic(
            name=name,
            partitions=topic.get("partitions", defaults["partitions"]),
            replication_factor=replicas,
            config={
                key: str(value)
                for key, value in (
                    defaults["config"] | topic.get("config", {}) | {"min.insync.replicas": in_sync}
                ).items()
            },
        )
        for name, topic in document["topics"].items()
    ]


async def create_topics(kafka: Settings | str) -> list[str]:
    """Create what is missing; return a sentence for each difference between the file and what was there already."""
    admin = AIOKafkaAdminClient(**reach(kafka))
    await admin.start()
    try:
        wanted = declared()
        known = set(await admin.list_topics())
        await _create(admin, [topic for topic in wanted if topic.name not in known])
        return await _differences(admin, [topic for topic in wanted if topic.name in known])
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
    if not topics:
        return
    answer = await admin.create_topics(
        [
            NewTopic(topic.name, topic.partitions, topic.replication_factor, topic_configs=topic.config)
            for topic in topics
        ]
    )
    for name, code, *reason in answer.topic_errors:
        if code and code != ALREADY_THERE:  # Another start at the same time is welcome to be quicker.
            raise for_code(code)(f"topic {name}: {reason}")


async def _differences(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> list[str]:
    if not topics:
        return []
    names = [topic.name for topic in topics]
    partitions = {found["topic"]: len(found["partitions"]) for found in await admin.describe_topics(names)}
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    configs = {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for answer in answers
        for resource in answer.resources
    }
    found = []
    for topic in topics:
        if partitions[topic.name] != topic.partitions:
            found.append(f"{topic.name} has {partitions[topic.name]} partitions, topics.yaml says {topic.partitions}.")
        for key, value in topic.config.items():
            if (actual := configs[topic.name].get(key)) != value:
                found.append(f"{topic.name} has {key}={actual}, topics.yaml says {value}.")
    return found


async def main() -> int:
    """Wait for the cluster, then create. The exit code tells an orchestrator whether to go on."""
    settings = Settings(database_url="")  # Which database is none of our business.
    for _ in range(60):
        try:
            differences = await create_topics(settings)
        except (KafkaError, OSError) as error:
            problem = error
            await asyncio.sleep(1)
        else:
            for difference in differences:
                print(f"Warning: {difference}", file=sys.stderr)
            return 0
    print(
        f"The topics could not be created on {settings.kafka_bootstrap_servers}: {type(problem).__name__}.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
