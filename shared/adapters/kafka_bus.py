"""The bus on a real Kafka."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka import errors as kafka_errors

from shared.adapters.bus import BusFault, Message, Partition, Record
from shared.adapters.kafka_common import BOOTSTRAP_MS, CLOSE_SECONDS, RECONNECT_MS, record_of
from shared.adapters.kafka_member import KafkaMember


class KafkaBus:
    """A Kafka cluster, by the addresses of some of its brokers."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._producer: KafkaProducer | None = None

    def consumer(
        self,
        group: str,
        identity: str,
        topics: Collection[str],
        on_revoked: Callable[[frozenset[Partition]], None],
    ) -> KafkaMember:
        try:
            return KafkaMember(self._servers, group, identity, topics, on_revoked)
        except kafka_errors.KafkaError as error:
            raise BusFault(f"Kafka at {self._servers} does not answer: {error}") from error

    def read_all(self, topic: str) -> Iterator[Record]:
        try:
            yield from self._read_all(topic)
        except kafka_errors.KafkaError as error:
            raise BusFault(f"{topic} cannot be read: {error}") from error

    def _read_all(self, topic: str) -> Iterator[Record]:
        consumer = KafkaConsumer(
            bootstrap_servers=self._servers,
            bootstrap_timeout_ms=BOOTSTRAP_MS,
            reconnect_backoff_max_ms=RECONNECT_MS,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            metrics_enabled=False,
        )
        try:
            numbers = consumer.partitions_for_topic(topic)
            if not numbers:
                raise BusFault(f"there is no topic {topic}")
            partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
            consumer.assign(partitions)
            ends = self._ends(partitions)
            consumer.seek_to_beginning(*partitions)
            while any(consumer.position(partition) < ends[partition] for partition in partitions):
                for batch in consumer.poll(timeout_ms=1000).values():
                    yield from (record_of(item) for item in batch)
        finally:
            consumer.close()

    def _ends(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """The ends, with what was sent but is not committed yet.

        Kafka tells a producer that its transaction is committed before readers of committed records can see it, and
        an orphaned transaction hides what comes after it.
        """
        plain = KafkaConsumer(bootstrap_servers=self._servers, enable_auto_commit=False, metrics_enabled=False)
        try:
            plain.partitions_for_topic(partitions[0].topic)  # learns the leaders
            ends: dict[TopicPartition, int] = plain.end_offsets(partitions)
        except KeyError as error:  # that is how the library says that a partition has no leader at the moment
            raise BusFault(f"the end of {error} is not known") from error
        finally:
            plain.close()
        return ends

    def send(self, messages: Sequence[Message]) -> None:
        try:
            if self._producer is None:
                self._producer = KafkaProducer(
                    bootstrap_servers=self._servers, reconnect_backoff_max_ms=RECONNECT_MS, metrics_enabled=False
                )
            futures = [
                self._producer.send(item.topic, key=item.key, value=item.value, headers=list(item.headers))
                for item in messages
            ]
            for future in futures:
                future.get(timeout=30)
        except kafka_errors.KafkaError as error:
            raise BusFault(f"Kafka at {self._servers} does not take messages: {error}") from error

    def close(self) -> None:
        """Let go of the producer of `send`, which looks for its broker for as long as it lives."""
        if self._producer is not None:
            self._producer.close(timeout=CLOSE_SECONDS)
            self._producer = None

    def reachable(self) -> bool:
        try:
            admin = KafkaAdminClient(
                bootstrap_servers=self._servers, bootstrap_timeout_ms=2000, request_timeout_ms=3000
            )
        except kafka_errors.KafkaError:
            return False
        admin.close()
        return True
