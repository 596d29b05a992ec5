"""The bus on a real Kafka: transactions, cooperative rebalancing, read_committed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress

from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka import errors as kafka_errors
from kafka.consumer.fetcher import ConsumerRecord
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.net.compat import KafkaNetClient
from kafka.structs import OffsetAndMetadata

from shared.adapters.bus import BusFault, Fenced, Message, Partition, Rebalanced, Record

#: short, or every second transaction waits for the end of the one before it
_RETRY_BACKOFF_MS = 5
#: how long an abandoned transaction of a killed process may hold up read_committed consumers
_TRANSACTION_TIMEOUT_MS = 20_000
_SESSION_TIMEOUT_MS = 10_000
_MAX_POLL_INTERVAL_MS = 120_000
_COMMIT_TIMEOUT_MS = 30_000
_MAX_MESSAGE_BYTES = 1_000_000
_MAX_BLOCK_MS = 30_000
_CLOSE_SECONDS = 5
#: how long one attempt to reach the first broker lasts; whoever wants one tries again
_BOOTSTRAP_MS = 5_000
#: the longest wait between two looks whether a broker is back
_RECONNECT_MS = 1_000
_GLANCE_MS = 50

_FENCING = (
    kafka_errors.ProducerFencedError,
    kafka_errors.InvalidProducerEpochError,
    kafka_errors.TransactionCoordinatorFencedError,
    kafka_errors.FencedInstanceIdError,
    kafka_errors.InvalidProducerIdMappingError,
    kafka_errors.OutOfOrderSequenceNumberError,
)
_MOVED = (
    kafka_errors.CommitFailedError,
    kafka_errors.IllegalGenerationError,
    kafka_errors.UnknownMemberIdError,
    kafka_errors.RebalanceInProgressError,
)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, on_revoked: Callable[[frozenset[Partition]], None]) -> None:
        self._on_revoked = on_revoked
        #: whether what is being told of is lost already: others may have it
        self.lost = False

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        self._tell(revoked)

    def on_partitions_lost(self, lost: Collection[TopicPartition]) -> None:
        self.lost = True
        try:
            self._tell(lost)
        finally:
            self.lost = False

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Nothing to do: the loop pauses what it must before the next poll."""

    def _tell(self, gone: Collection[TopicPartition]) -> None:
        if gone:
            self._on_revoked(frozenset(Partition(item.topic, item.partition) for item in gone))


class _PatientClient(KafkaNetClient):  # type: ignore[misc]
    """Says that a broker is not ready where the library's own raises.

    The sender of kafka-python 3.0 forgets a request of a transaction whose coordinator refuses the connection, and
    whoever waits for its answer waits for ever; a request whose coordinator is not ready it puts back into its queue.
    """

    def await_ready(self, node_id: object, timeout_ms: float = _MAX_BLOCK_MS) -> bool:
        try:
            return bool(super().await_ready(node_id, timeout_ms=timeout_ms))
        except kafka_errors.KafkaConnectionError:
            return False


class KafkaMember:
    """One member of a consumer group with a transactional producer of its own."""

    def __init__(
        self,
        servers: str,
        group: str,
        identity: str,
        topics: Collection[str],
        on_revoked: Callable[[frozenset[Partition]], None],
    ) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=servers,
            bootstrap_timeout_ms=_BOOTSTRAP_MS,
            reconnect_backoff_max_ms=_RECONNECT_MS,
            client_id=identity,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",  # also makes it wait for offsets of transactions that still run
            partition_assignment_strategy=[CooperativeStickyAssignor],
            session_timeout_ms=_SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=_SESSION_TIMEOUT_MS // 5,
            max_poll_interval_ms=_MAX_POLL_INTERVAL_MS,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        self._listener = _Listener(on_revoked)
        self._consumer.subscribe(list(topics), listener=self._listener)
        with ExitStack() as unless_ready:
            unless_ready.callback(self._leave)
            self._producer = KafkaProducer(
                bootstrap_servers=servers,
                client_id=identity,
                transactional_id=identity,
                kafka_client=_PatientClient,
                reconnect_backoff_max_ms=_RECONNECT_MS,
                transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
                max_block_ms=_MAX_BLOCK_MS,
                retry_backoff_ms=_RETRY_BACKOFF_MS,
                linger_ms=0,
                max_request_size=_MAX_MESSAGE_BYTES,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
            unless_ready.callback(self._producer.close, timeout=1)
            # Ends a transaction that an earlier process of this identity left open, and shuts that process out.
            self._producer.init_transactions()
            unless_ready.pop_all()

    def poll(self, seconds: float, most: int) -> list[Record]:
        try:
            batches = self._consumer.poll(timeout_ms=int(seconds * 1000), max_records=most)
        except _FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            raise BusFault(f"poll: {error}") from error
        return [_record(item) for batch in batches.values() for item in batch]

    def assignment(self) -> frozenset[Partition]:
        return frozenset(Partition(item.topic, item.partition) for item in self._consumer.assignment())

    def pause(self, partitions: Collection[Partition]) -> None:
        self._consumer.pause(*self._held(partitions))

    def resume(self, partitions: Collection[Partition]) -> None:
        self._consumer.resume(*self._held(partitions))

    def seek(self, partition: Partition, offset: int) -> None:
        for held in self._held([partition]):
            self._consumer.seek(held, offset)

    def commit(
        self, messages: Sequence[Message], done: Mapping[Partition, int], marks: Mapping[Partition, str]
    ) -> None:
        offsets = _offsets(done, marks)
        if not messages:
            self._commit_alone(offsets)
            return
        # Taken once, and looked at: a member that was put out of the group has an empty one, which the broker would
        # take for "any member" and let through.
        membership = self._consumer.group_metadata()
        if membership.generation_id < 0 or not membership.member_id or set(done) - self.assignment():
            raise Rebalanced("no longer a member of the group with these partitions")
        try:
            self._producer.begin_transaction()
            futures = [
                self._producer.send(item.topic, key=item.key, value=item.value, headers=list(item.headers))
                for item in messages
            ]
            self._producer.send_offsets_to_transaction(offsets, membership)
            self._producer.commit_transaction()
            for future in futures:
                future.get(timeout=0)
        except _FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            self._abort()
            kind = Rebalanced if isinstance(error, _MOVED) else BusFault
            raise kind(f"transaction: {error!r}") from error

    def _commit_alone(self, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        """Without output there is nothing to keep together: one round trip instead of the five of a transaction.

        Kafka refuses it from a member of an earlier generation, as it refuses the transaction.
        """
        try:
            self._consumer.commit(dict(offsets), timeout_ms=_COMMIT_TIMEOUT_MS)
        except _FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            kind = Rebalanced if isinstance(error, _MOVED) else BusFault
            raise kind(f"offsets: {error!r}") from error

    def commit_soon(
        self, done: Mapping[Partition, int], marks: Mapping[Partition, str], failed: Callable[[str], None]
    ) -> None:
        # Sent before the member joins the group anew, so before anybody else can have these partitions. Of what is lost
        # kafka-python would send it when it is a member again, and take back what others did since.
        if self._listener.lost:
            failed("no longer a member of the group")
            return

        def told(offsets: object, answer: object) -> None:
            del offsets
            if isinstance(answer, Exception):
                failed(repr(answer))

        self._consumer.commit_async(_offsets(done, marks), callback=told)

    def behind(self) -> Mapping[Partition, int]:
        found: dict[Partition, int] = {}
        for held in self._consumer.assignment():
            end = self._consumer.highwater(held)
            if end is None:
                continue  # nothing was fetched yet
            try:
                position = self._consumer.position(held, timeout_ms=_GLANCE_MS)
            except kafka_errors.KafkaError:
                continue  # the broker is away: what is not known is not told
            if position is not None:
                found[Partition(held.topic, held.partition)] = max(0, end - position)
        return found

    def mark(self, partition: Partition) -> tuple[int, str] | None:
        try:
            kept = self._consumer.committed(TopicPartition(*partition), metadata=True)
        except kafka_errors.KafkaError as error:
            raise BusFault(f"committed: {error}") from error
        return None if kept is None else (kept.offset, kept.metadata or "")

    def close(self) -> None:
        self._producer.close(timeout=_CLOSE_SECONDS)
        self._leave()

    def _leave(self) -> None:
        # A broker that is away learns of it when the session runs out.
        with suppress(kafka_errors.KafkaError):
            self._consumer.close(autocommit=False, timeout_ms=_CLOSE_SECONDS * 1000)

    def _held(self, partitions: Collection[Partition]) -> list[TopicPartition]:
        held = self._consumer.assignment()
        return [item for item in (TopicPartition(*partition) for partition in partitions) if item in held]

    def _abort(self) -> None:
        try:
            self._producer.abort_transaction()
        except _FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            # A producer that cannot even abort is of no more use; a new process with the same identity aborts for it.
            raise Fenced(f"the transaction can be neither committed nor aborted: {error!r}") from error


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
            bootstrap_timeout_ms=_BOOTSTRAP_MS,
            reconnect_backoff_max_ms=_RECONNECT_MS,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            metrics_enabled=False,
        )
        try:
            numbers = consumer.partitions_for_topic(topic)
            if numbers is None:
                raise BusFault(f"there is no topic {topic}")
            partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
            consumer.assign(partitions)
            ends = self._ends(partitions)
            consumer.seek_to_beginning(*partitions)
            while any(consumer.position(partition) < ends[partition] for partition in partitions):
                for batch in consumer.poll(timeout_ms=1000).values():
                    yield from (_record(item) for item in batch)
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
                    bootstrap_servers=self._servers, reconnect_backoff_max_ms=_RECONNECT_MS, metrics_enabled=False
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
            self._producer.close(timeout=_CLOSE_SECONDS)
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


def _offsets(done: Mapping[Partition, int], marks: Mapping[Partition, str]) -> dict[TopicPartition, OffsetAndMetadata]:
    return {
        TopicPartition(*partition): OffsetAndMetadata(offset, marks.get(partition, ""), -1)
        for partition, offset in done.items()
    }


def _record(item: ConsumerRecord) -> Record:
    place = Partition(item.topic, item.partition)
    return Record(place, item.offset, item.key, item.value, tuple(item.headers), item.timestamp)
