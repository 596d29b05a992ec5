"""Which member gets which partitions: an even share of every topic, and nothing that another one still holds."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

from kafka import TopicPartition

from shared.adapters.kafka_member import Assignor

_TOPICS = ("juesuan.object.created", "juesuan.retry.extractor")
_ALL = [TopicPartition(topic, number) for topic in _TOPICS for number in range(8)]


class Cluster:
    def topics(self) -> set[str]:
        return set(_TOPICS)

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(8)) if topic in _TOPICS else set()


def agreed(claims: dict[str, list[TopicPartition]]) -> dict[str, list[TopicPartition]]:
    """What the members hold after two rounds: one to give away, one to take."""
    for _ in range(2):
        members = [
            SimpleNamespace(member_id=name, metadata=Assignor(lambda held=held: held).metadata(_TOPICS))
            for name, held in claims.items()
        ]
        given: dict[str, Any] = Assignor(list).assign(Cluster(), members)
        claims = {name: assignment.partitions() for name, assignment in given.items()}
    return claims


def test_a_second_member_gets_half_of_each_topic() -> None:
    for one, two in (("a", "b"), ("b", "a")):
        held = agreed({one: _ALL, two: []})
        assert sorted(held[one] + held[two]) == _ALL
        for partitions in held.values():
            assert Counter(item.topic for item in partitions) == dict.fromkeys(_TOPICS, 4)


def test_a_third_member_gets_a_share_of_each_topic() -> None:
    held = agreed({**agreed({"a": _ALL, "b": []}), "c": []})
    assert sorted(item for partitions in held.values() for item in partitions) == _ALL
    for partitions in held.values():
        assert all(2 <= count <= 3 for count in Counter(item.topic for item in partitions).values())


def test_what_is_held_is_not_given_to_another_at_once() -> None:
    members = [
        SimpleNamespace(member_id=name, metadata=Assignor(lambda held=held: held).metadata(_TOPICS))
        for name, held in (("a", _ALL), ("b", []))
    ]
    given = Assignor(list).assign(Cluster(), members)
    assert given["b"].partitions() == []
    assert len(given["a"].partitions()) == 8
