"""The topics are the reviewed file's, and creating them again changes nothing."""

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.kafka import topics
from deploy.kafka.topics import create_topics, declared


async def test_the_broker_has_exactly_the_declared_topics_as_the_file_describes_them(bootstrap_servers: str) -> None:
    differences = await create_topics(bootstrap_servers)

    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    there = {name for name in await admin.list_topics() if not name.startswith("__")}
    await admin.close()
    assert differences == []
    assert there == {topic.name for topic in declared()}


async def test_a_difference_between_file_and_broker_is_told_and_not_mended(
    bootstrap_servers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [web, *_] = [topic for topic in declared() if topic.name == "web.events"]
    other = topics.Topic(web.name, 12, web.replication_factor, web.config | {"retention.ms": "1"})
    monkeypatch.setattr(topics, "declared", lambda: [other])

    for _ in range(2):
        assert await create_topics(bootstrap_servers) == [
            "web.events has 6 partitions, topics.yaml says 12.",
            "web.events has retention.ms=34560000000, topics.yaml says 1.",
        ]


def test_no_event_but_a_page_view_is_ever_deleted_and_an_erased_contact_is_gone_within_a_day() -> None:
    by_name = {topic.name: topic.config for topic in declared()}

    for_ever = {name for name, config in by_name.items() if config["cleanup.policy"] == "delete"} - {"web.events"}
    assert {by_name[name]["retention.ms"] for name in for_ever} == {"-1"}
    assert by_name["contacts"]["cleanup.policy"] == "compact"
    assert int(by_name["contacts"]["max.compaction.lag.ms"]) <= 24 * 3600 * 1000
