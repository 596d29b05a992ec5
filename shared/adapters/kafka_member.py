"""A member of a consumer group on Kafka: cooperative rebalancing, read_committed, offsets in transactions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.coordinator.assignors.sticky.sticky_assignor import StickyAssignorMemberMetadataV1
from kafka.structs import ConsumerGroupMetadata, MemberState, OffsetAndMetadata

from shared.adapters.bus import BusFault, Fenced, Message, Partition, Rebalanced, Record
from shared.adapters.kafka_common import BOOTSTRAP_MS, CLOSE_SECONDS, FENCING, MOVED, RECONNECT_MS, record_of
from shared.adapters.kafka_transactions import Transactions

SESSION_TIMEOUT_MS = 10_000
_MAX_POLL_INTERVAL_MS = 120_000
_COMMIT_TIMEOUT_MS = 30_000
_GLANCE_MS = 50


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


class Assignor(CooperativeStickyAssignor):  # type: ignore[misc]
    """Tells the group what this member holds now, and gives away as much of each topic.

    The one of kafka-python 3.0 tells what it was given last, also when it was put out of the group meanwhile; then the
    leader takes a partition for unowned that another member works on, and gives it away at once. And it takes from the
    end of what a member claims: a second member would get all partitions of the last topic and none of the first.
    """

    def __init__(self, claim: Callable[[], list[TopicPartition]]) -> None:
        super().__init__()
        self._claim = claim

    def metadata(self, topics: Collection[str]) -> object:
        self.member_assignment = self._claim()
        return super().metadata(topics)

    @classmethod
    def parse_member_metadata(cls, metadata: object) -> StickyAssignorMemberMetadataV1:
        parsed = super().parse_member_metadata(metadata)
        return parsed._replace(partitions=sorted(parsed.partitions, key=lambda item: (item.partition, item.topic)))


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
            bootstrap_timeout_ms=BOOTSTRAP_MS,
            reconnect_backoff_max_ms=RECONNECT_MS,
            client_id=identity,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",  # also makes it wait for offsets of transactions that still run
            partition_assignment_strategy=[Assignor(self._claim)],
            session_timeout_ms=SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=SESSION_TIMEOUT_MS // 5,
            max_poll_interval_ms=_MAX_POLL_INTERVAL_MS,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        #: the generation whose assignment was taken in; while the members agree on a new one, it is older than theirs
        self._generation = -1
        #: lost without the library's notice: it would go on where it stood, whatever others did since
        self._outdated: set[TopicPartition] = set()
        self._listener = _Listener(on_revoked)
        self._consumer.subscribe(list(topics), listener=self._listener)
        try:
            self._transactions = Transactions(servers, identity)
        except BaseException:
            self._leave()
            raise

    def poll(self, seconds: float, most: int) -> list[Record]:
        try:
            batches = self._consumer.poll(timeout_ms=int(seconds * 1000), max_records=most)
        except FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            raise BusFault(f"poll: {error}") from error
        membership = self._consumer.group_metadata()
        if membership.state == MemberState.STABLE:
            self._generation = membership.generation_id
        fresh = self._renew(settled=membership.state == MemberState.STABLE) if self._outdated else batches
        return [record_of(item) for partition in fresh for item in batches.get(partition, ())]

    def assignment(self) -> frozenset[Partition]:
        return frozenset(Partition(item.topic, item.partition) for item in self._consumer.assignment())

    def owns(self) -> bool:
        return self._is_own(self._consumer.group_metadata())

    def settled(self) -> bool:
        return bool(self._consumer.group_metadata().state == MemberState.STABLE)

    def _is_own(self, membership: ConsumerGroupMetadata) -> bool:
        # Of a member that was put out of the group both are empty, which the broker would take for "any member".
        known = membership.generation_id >= 0 and membership.member_id
        return bool(known and membership.generation_id == self._generation)

    def _claim(self) -> list[TopicPartition]:
        """What this member holds when it joins the group anew (called by the library)."""
        # A leader that joins because a topic has new partitions has no more reason to once it shared them out: if the
        # poll ends before the broker's answer, nobody takes that in, the heartbeats stay off, and the group goes on
        # without this member, which never learns of it. Asked for, the rejoining lasts until it is done.
        self._consumer._coordinator.request_rejoin()  # noqa: SLF001 - there is no public way
        held: set[TopicPartition] = self._consumer.assignment()
        if held and self._consumer.group_metadata().generation_id < 0:
            # Put out in the middle of a rebalance: the library neither tells of it nor forgets where it stood.
            self._outdated |= held
            self._listener.on_partitions_lost(held)
            return []
        return sorted(held)

    def _renew(self, *, settled: bool) -> set[TopicPartition]:
        """The partitions whose records count. Once the members agree, the outdated ones go on where others stopped."""
        outdated = set(self._outdated)
        held: set[TopicPartition] = self._consumer.assignment()
        for partition in outdated if settled else ():
            if partition in held and not self._renewed(partition):
                break  # asked again with the next poll; the records at hand must not get lost over it
            self._outdated.discard(partition)
        return held - outdated

    def _renewed(self, partition: TopicPartition) -> bool:
        try:
            kept = self.mark(Partition(partition.topic, partition.partition))
        except BusFault:
            return False
        if kept is None:
            self._consumer.seek_to_beginning(partition)
        else:
            self._consumer.seek(partition, kept[0])
        return True

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
        # Taken once, and looked at here: the broker asks only for a membership, not whose a partition is.
        membership = self._consumer.group_metadata()
        if not self._is_own(membership) or set(done) - self.assignment():
            raise Rebalanced("no longer a member of the group with these partitions")
        if messages:
            self._transactions.commit(messages, offsets, membership)
        else:
            self._commit_alone(offsets)

    def _commit_alone(self, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        """Without output there is nothing to keep together: one round trip instead of the five of a transaction.

        Kafka refuses it from a member of an earlier generation, as it refuses the transaction.
        """
        try:
            self._consumer.commit(dict(offsets), timeout_ms=_COMMIT_TIMEOUT_MS)
        except FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            kind = Rebalanced if isinstance(error, MOVED) else BusFault
            raise kind(f"offsets: {error!r}") from error

    def commit_soon(
        self, done: Mapping[Partition, int], marks: Mapping[Partition, str], failed: Callable[[str], None]
    ) -> None:
        # Sent before the member joins the group anew, so before anybody else can have these partitions. What is lost,
        # others may have: kafka-python waits for a coordinator, and would take back what they did since.
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
            kept = self._consumer.committed(TopicPartition(*partition), metadata=True, timeout_ms=_COMMIT_TIMEOUT_MS)
        except kafka_errors.KafkaError as error:
            raise BusFault(f"committed: {error}") from error
        return None if kept is None else (kept.offset, kept.metadata or "")

    def close(self) -> None:
        self._transactions.close()
        self._leave()

    def _leave(self) -> None:
        # A broker that is away learns of it when the session runs out.
        with suppress(kafka_errors.KafkaError):
            self._consumer.close(autocommit=False, timeout_ms=CLOSE_SECONDS * 1000)

    def _held(self, partitions: Collection[Partition]) -> list[TopicPartition]:
        held = self._consumer.assignment()
        return [item for item in (TopicPartition(*partition) for partition in partitions) if item in held]


def _offsets(done: Mapping[Partition, int], marks: Mapping[Partition, str]) -> dict[TopicPartition, OffsetAndMetadata]:
    return {
        TopicPartition(*partition): OffsetAndMetadata(offset, marks.get(partition, ""), -1)
        for partition, offset in done.items()
    }
