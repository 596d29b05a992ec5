"""Transactions against a real broker: what was refused stays undone, whatever is committed afterwards."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from deploy.local.stack import Stack
from shared.adapters.bus import Message, Rebalanced
from shared.adapters.kafka_bus import KafkaBus
from shared.adapters.kafka_transactions import Transactions

pytestmark = pytest.mark.xdist_group("servers")


@pytest.fixture
def consumer(installation: Stack, kafka_topic: Callable[[], str]) -> Iterator[KafkaConsumer]:
    """The only member of a group, with all partitions of a topic."""
    found = KafkaConsumer(
        kafka_topic(),
        bootstrap_servers=installation.kafka.address,
        group_id=uuid.uuid4().hex,
        enable_auto_commit=False,
        metrics_enabled=False,
    )
    with closing(found):
        deadline = time.monotonic() + 30
        while not found.assignment() and time.monotonic() < deadline:
            found.poll(200)
        yield found


def test_refused_offsets_do_not_come_with_the_next_transaction(
    installation: Stack, kafka_bus: KafkaBus, kafka_topic: Callable[[], str], consumer: KafkaConsumer
) -> None:
    out = kafka_topic()
    first, second = (TopicPartition(next(iter(consumer.subscription())), number) for number in (0, 1))
    now = consumer.group_metadata()
    another = now._replace(generation_id=now.generation_id + 1)
    with closing(Transactions(installation.kafka.address, uuid.uuid4().hex)) as transactions:
        with pytest.raises(Rebalanced):
            transactions.commit([Message(out, b"a", b"refused", ())], {first: OffsetAndMetadata(5, "", -1)}, another)
        transactions.commit([Message(out, b"a", b"taken", ())], {second: OffsetAndMetadata(3, "", -1)}, now)
    assert [record.value for record in kafka_bus.read_all(out)] == [b"taken"]
    assert (consumer.committed(first), consumer.committed(second)) == (None, 3)
