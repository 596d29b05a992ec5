"""Looking at a Kafka from outside of every group: topics, what waits in them, and records as they come."""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors

from shared.adapters.bus import BusFault, Partition, Record

#: up to so many offsets behind, the records are counted; beyond, the difference of the offsets is told
_COUNTED = 2000
_READ_MS = 500
_QUIET_POLLS = 4


@dataclass(frozen=True)
class TopicState:
    """One topic.

    `records`: offsets it holds, marks of transactions among them. `lag`: records that a group has yet to take.
    """

    name: str
    partitions: int
    records: int
    lag: dict[str, int]


class KafkaLook:
    """A view of the cluster at `servers` (host:port[,host:port]). Every method raises `BusFault`."""

    def __init__(self, servers: str) -> None:
        self._servers = servers

    def topics(self, prefix: str) -> list[TopicState]:
        """The topics whose names begin so, by name, with the lag of every group that reads them."""
        try:
            consumer = self._consumer()
        except kafka_errors.KafkaError as error:
            raise self._fault(error) from error
        try:
            names = sorted(name for name in consumer.topics() if name.startswith(prefix))
            parts = {name: self._partitions(consumer, name) for name in names}
            every = [part for group in parts.values() for part in group]
            begins, ends = consumer.beginning_offsets(every), consumer.end_offsets(every)
            lags = self._lags(prefix, begins, ends)
            return [
                TopicState(name, len(own), sum(ends[part] - begins[part] for part in own), _of_topic(lags, own))
                for name, own in parts.items()
            ]
        except kafka_errors.KafkaError as error:
            raise self._fault(error) from error
        finally:
            consumer.close()

    def follow(self, topics: Collection[str], *, from_start: bool) -> Generator[Record]:
        """Committed records of these topics as they come, without an end."""
        try:
            consumer = self._consumer()
        except kafka_errors.KafkaError as error:
            raise self._fault(error) from error
        try:
            every = [part for name in topics for part in self._partitions(consumer, name)]
            consumer.assign(every)
            (consumer.seek_to_beginning if from_start else consumer.seek_to_end)(*every)
            for part in every:
                consumer.position(part)  # the place is taken now, not at the first poll
            while True:
                for batch in consumer.poll(timeout_ms=_READ_MS).values():
                    for item in batch:
                        place = Partition(item.topic, item.partition)
                        yield Record(place, item.offset, item.key, item.value, tuple(item.headers), item.timestamp)
        except kafka_errors.KafkaError as error:
            raise self._fault(error) from error
        finally:
            consumer.close()

    def _lags(
        self, prefix: str, begins: dict[TopicPartition, int], ends: dict[TopicPartition, int]
    ) -> dict[str, dict[TopicPartition, int]]:
        admin = KafkaAdminClient(bootstrap_servers=self._servers)
        try:
            groups = sorted(group["group_id"] for group in admin.list_groups() if group["group_id"].startswith(prefix))
            offsets = {group: admin.list_group_offsets(group)[group] for group in groups}
        finally:
            admin.close()
        found: dict[str, dict[TopicPartition, int]] = {}
        for group, committed in offsets.items():
            taken = {part: max(kept.offset, begins[part]) for part, kept in committed.items() if part in ends}
            # A group that never committed in a partition begins at its earliest record.
            topics = {part.topic for part in taken}
            taken |= {part: begins[part] for part in ends if part.topic in topics and part not in taken}
            found[group] = self._waiting(taken, ends)
        return found

    def _waiting(self, taken: dict[TopicPartition, int], ends: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
        """Records from `taken` on: counted where there are few, since offsets count marks of transactions too."""
        waiting = {part: ends[part] - offset for part, offset in taken.items()}
        few = [part for part, offsets in waiting.items() if 0 < offsets <= _COUNTED]
        if not few:
            return waiting
        waiting |= dict.fromkeys(few, 0)
        consumer = self._consumer()
        try:
            consumer.assign(few)
            for part in few:
                consumer.seek(part, taken[part])
            quiet = 0
            # A transaction that is open hides what is behind it: then nothing comes, and that is all for now.
            while quiet < _QUIET_POLLS and any(consumer.position(part) < ends[part] for part in few):
                before = [consumer.position(part) for part in few]
                for part, batch in consumer.poll(timeout_ms=_READ_MS).items():
                    waiting[part] += sum(item.offset < ends[part] for item in batch)
                quiet = quiet + 1 if before == [consumer.position(part) for part in few] else 0
        finally:
            consumer.close()
        return waiting

    def _consumer(self) -> KafkaConsumer:
        return KafkaConsumer(
            bootstrap_servers=self._servers,
            isolation_level="read_committed",
            enable_auto_commit=False,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )

    @staticmethod
    def _partitions(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
        numbers = consumer.partitions_for_topic(topic)
        if not numbers:
            raise BusFault(f"there is no topic {topic}")
        return [TopicPartition(topic, number) for number in sorted(numbers)]

    def _fault(self, error: Exception) -> BusFault:
        return BusFault(f"Kafka at {self._servers} does not answer: {error!r}")


def _of_topic(lags: dict[str, dict[TopicPartition, int]], own: list[TopicPartition]) -> dict[str, int]:
    return {group: sum(lag[part] for part in own) for group, lag in lags.items() if own[0] in lag}
