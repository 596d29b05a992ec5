"""How topics are made: a topic with copies enough for one to be away counts nothing as kept that one broker holds."""

from __future__ import annotations

import pytest
from kafka.admin import NewTopic

from deploy import CHAIN_SERVICES, setup
from shared.runtime.topics import Topic, all_topics


class Admin:
    """Takes the place of Kafka's own: the intake's topic is there, the others are asked for."""

    def __init__(self, bootstrap_servers: str) -> None:
        self.servers = bootstrap_servers

    made: list[NewTopic]

    def list_topics(self) -> list[str]:
        return [Topic.SEEN.value]

    def create_topics(self, wanted: list[NewTopic]) -> None:
        type(self).made = wanted

    def close(self) -> None:
        del self.servers


@pytest.mark.parametrize(("replication", "kept"), [(1, None), (2, None), (3, "2"), (5, "2")])
def test_a_record_is_kept_when_two_of_three_have_it(
    monkeypatch: pytest.MonkeyPatch, replication: int, kept: str | None
) -> None:
    monkeypatch.setattr(setup, "KafkaAdminClient", Admin)
    setup.create_topics("kafka:9092", 12, replication)
    made = {topic.name: topic for topic in Admin.made}
    assert set(made) == {spec.name for spec in all_topics(CHAIN_SERVICES)} - {Topic.SEEN}
    assert {topic.topic_configs.get("min.insync.replicas") for topic in made.values()} == {kept}
    assert {topic.replication_factor for topic in made.values()} == {replication}
    assert made[Topic.OBJECT_CREATED].num_partitions == 12
    assert made[Topic.NOTIFICATIONS].num_partitions == 1
