"""Every topic of the chain: its name, what travels in it, how it is kept. The only place where topic names stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.adapters.bus import MAX_MESSAGE_BYTES
from shared.contracts.events import EventType

_DAY_MS = 24 * 60 * 60 * 1000


class Topic(StrEnum):
    """Names of the topics that all services share."""

    NOTIFICATIONS = "juesuan.notifications"
    OBJECT_CREATED = "juesuan.object.created"
    DOCUMENT_EXTRACTED = "juesuan.document.extracted"
    REPORT_NORMALIZED = "juesuan.report.normalized"
    REPORT_VALIDATED = "juesuan.report.validated"
    REPORT_INDEXED = "juesuan.report.indexed"
    DOCUMENT_UNPACKED = "juesuan.document.unpacked"
    DOCUMENT_FAILED = "juesuan.document.failed"
    DOCUMENT_RETRIED = "juesuan.document.retried"
    SEEN = "juesuan.intake.seen"


@dataclass(frozen=True)
class TopicSpec:
    """How a topic is made. `partitions` None means the number that the installation sets for work topics.

    `foreign` topics are written by others and keep Kafka's own limit of a message: what comes fits into a dead letter.
    """

    name: str
    partitions: int | None
    retention_ms: int
    compacted: bool = False
    foreign: bool = False

    def configs(self) -> dict[str, str]:
        """Kafka's topic settings."""
        policy = "compact" if self.compacted else "delete"
        limit = {} if self.foreign else {"max.message.bytes": str(MAX_MESSAGE_BYTES)}
        return {"retention.ms": str(self.retention_ms), "cleanup.policy": policy} | limit


TOPIC_OF = {
    EventType.OBJECT_CREATED: Topic.OBJECT_CREATED,
    EventType.DOCUMENT_EXTRACTED: Topic.DOCUMENT_EXTRACTED,
    EventType.REPORT_NORMALIZED: Topic.REPORT_NORMALIZED,
    EventType.REPORT_VALIDATED: Topic.REPORT_VALIDATED,
    EventType.REPORT_INDEXED: Topic.REPORT_INDEXED,
    EventType.DOCUMENT_UNPACKED: Topic.DOCUMENT_UNPACKED,
    EventType.DOCUMENT_FAILED: Topic.DOCUMENT_FAILED,
    EventType.DOCUMENT_RETRIED: Topic.DOCUMENT_RETRIED,
}


def retry_topic(service: str) -> str:
    """Where a service parks records until their next try."""
    return f"juesuan.retry.{service}"


def dead_letter_topic(service: str) -> str:
    """Where a service puts records it gave up."""
    return f"juesuan.dead.{service}"


def all_topics(services: tuple[str, ...]) -> tuple[TopicSpec, ...]:
    """Every topic to be made. The entry topic has one partition: that is what makes repeats of a notification meet."""
    shared = [
        TopicSpec(Topic.NOTIFICATIONS, 1, 7 * _DAY_MS, foreign=True),
        TopicSpec(Topic.SEEN, 1, -1, compacted=True),
        *(TopicSpec(topic, None, 30 * _DAY_MS) for topic in TOPIC_OF.values()),
    ]
    own = [
        spec
        for service in services
        for spec in (
            TopicSpec(retry_topic(service), None, 30 * _DAY_MS),
            TopicSpec(dead_letter_topic(service), 1, -1),
        )
    ]
    return (*shared, *own)
