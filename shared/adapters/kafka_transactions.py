"""Transactions of one identity: messages and offsets together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kafka import KafkaProducer, TopicPartition
from kafka import errors as kafka_errors
from kafka.net.compat import KafkaNetClient
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

from shared.adapters.bus import MAX_MESSAGE_BYTES, BusFault, Fenced, Message, Oversized, Rebalanced
from shared.adapters.kafka_common import CLOSE_SECONDS, FENCING, MOVED, RECONNECT_MS

#: short, or every second transaction waits for the end of the one before it
_RETRY_BACKOFF_MS = 5
#: how long an abandoned transaction of a killed process may hold up read_committed consumers
_TRANSACTION_TIMEOUT_MS = 20_000
_MAX_BLOCK_MS = 30_000
_OVERSIZED = (kafka_errors.MessageSizeTooLargeError, kafka_errors.RecordListTooLargeError)


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


class Transactions:
    """The transactional producer of one member.

    A producer whose transaction was aborted is of no more use: kafka-python 3.0 keeps the offsets that the broker
    refused and sends them along with the next transaction, when others may have the partition. So each failure begins
    a new producer of the same identity.
    """

    def __init__(self, servers: str, identity: str) -> None:
        self._servers, self._identity = servers, identity
        self._producer: KafkaProducer | None = self._open()

    def commit(
        self,
        messages: Sequence[Message],
        offsets: Mapping[TopicPartition, OffsetAndMetadata],
        membership: ConsumerGroupMetadata,
    ) -> None:
        """Raises `Fenced`, `Rebalanced` if the group moved on, `Oversized`, `BusFault`; nothing was committed then."""
        producer = self._producer = self._producer or self._reopened()
        try:
            producer.begin_transaction()
            futures = [
                producer.send(item.topic, key=item.key, value=item.value, headers=list(item.headers))
                for item in messages
            ]
            producer.send_offsets_to_transaction(dict(offsets), membership)
            producer.commit_transaction()
            for future in futures:
                future.get(timeout=0)
        except FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            self._abort(producer)
            raise _kind(error)(f"transaction: {error!r}") from error

    def close(self) -> None:
        """Leave in good order."""
        if self._producer is not None:
            self._producer.close(timeout=CLOSE_SECONDS)
            self._producer = None

    def _abort(self, producer: KafkaProducer) -> None:
        try:
            producer.abort_transaction()
        except FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            # Whether it was committed is not known; a new process with the same identity asks the broker.
            raise Fenced(f"the transaction can be neither committed nor aborted: {error!r}") from error
        self.close()

    def _reopened(self) -> KafkaProducer:
        try:
            return self._open()
        except FENCING as error:
            raise Fenced(str(error)) from error
        except kafka_errors.KafkaError as error:
            raise BusFault(f"no new transaction: {error!r}") from error

    def _open(self) -> KafkaProducer:
        producer = KafkaProducer(
            bootstrap_servers=self._servers,
            client_id=self._identity,
            transactional_id=self._identity,
            kafka_client=_PatientClient,
            reconnect_backoff_max_ms=RECONNECT_MS,
            transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
            max_block_ms=_MAX_BLOCK_MS,
            retry_backoff_ms=_RETRY_BACKOFF_MS,
            linger_ms=0,
            max_request_size=MAX_MESSAGE_BYTES,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        try:
            # Ends a transaction that an earlier producer of this identity left open, and shuts that one out.
            producer.init_transactions()
        except BaseException:
            producer.close(timeout=1)
            raise
        return producer


def _kind(error: kafka_errors.KafkaError) -> type[BusFault]:
    if isinstance(error, MOVED):
        return Rebalanced
    return Oversized if isinstance(error, _OVERSIZED) else BusFault
