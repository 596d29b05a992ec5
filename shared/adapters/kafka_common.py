"""What the parts of the Kafka adapter share: patience, the meaning of errors, records."""

from __future__ import annotations

from kafka import errors as kafka_errors
from kafka.consumer.fetcher import ConsumerRecord

from shared.adapters.bus import Partition, Record

CLOSE_SECONDS = 5
#: how long one attempt to reach the first broker lasts; whoever wants one tries again
BOOTSTRAP_MS = 5_000
#: the longest wait between two looks whether a broker is back
RECONNECT_MS = 1_000

#: another process has this identity now
FENCING = (
    kafka_errors.ProducerFencedError,
    kafka_errors.InvalidProducerEpochError,
    kafka_errors.TransactionCoordinatorFencedError,
    kafka_errors.FencedInstanceIdError,
    kafka_errors.InvalidProducerIdMappingError,
    kafka_errors.OutOfOrderSequenceNumberError,
)
#: the group has given the partitions away, or is about to
MOVED = (
    kafka_errors.CommitFailedError,
    kafka_errors.IllegalGenerationError,
    kafka_errors.UnknownMemberIdError,
    kafka_errors.RebalanceInProgressError,
)


def record_of(item: ConsumerRecord) -> Record:
    """A record as the bus tells of it."""
    place = Partition(item.topic, item.partition)
    return Record(place, item.offset, item.key, item.value, tuple(item.headers), item.timestamp)
