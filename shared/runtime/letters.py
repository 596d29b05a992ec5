"""What becomes of a record that failed: parked for another try, or a dead letter. The original stays unchanged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from shared.adapters.bus import Headers, Message, Record
from shared.contracts.errors import JuesuanError

PREFIX = "juesuan-"
ATTEMPT = PREFIX + "attempt"
NOT_BEFORE = PREFIX + "not-before"
#: tells, behind a dead letter in the same topic, that it was sent again
RESENT = PREFIX + "resent"
_DETAIL_BYTES = 4000


def attempt_of(record: Record) -> int:
    """Which try this is, from 1."""
    return int(record.header(ATTEMPT) or 1)


def due_of(record: Record) -> datetime | None:
    """When a parked record is due, None for a record that never was parked."""
    text = record.header(NOT_BEFORE)
    return datetime.fromisoformat(text) if text else None


def origin_of(record: Record) -> tuple[str, int, int]:
    """Topic, partition and offset where the record first arrived, before any parking."""
    topic = record.header(PREFIX + "origin-topic")
    if topic is None:
        return record.partition.topic, record.partition.number, record.offset
    return (
        topic,
        int(record.header(PREFIX + "origin-partition") or -1),
        int(record.header(PREFIX + "origin-offset") or -1),
    )


def parked(record: Record, topic: str, wait: float, now: datetime | None = None) -> tuple[Message, datetime]:
    """The message that brings `record` back after `wait` seconds as its next try, and when that is."""
    due = (now or datetime.now(UTC)) + timedelta(seconds=wait)
    ours = {ATTEMPT: str(attempt_of(record) + 1), NOT_BEFORE: due.isoformat(), **_origin(record)}
    return _message(record, topic, ours), due


def dead(record: Record, topic: str, service: str, error: JuesuanError, attempts: int) -> Message:
    """The dead letter of `record`: its key, value and headers unchanged, and beside them who gave it up, and why."""
    ours = {
        PREFIX + "service": service,
        PREFIX + "reason": type(error).__name__,
        PREFIX + "category": error.category.value,
        PREFIX + "phase": error.phase.value,
        PREFIX + "attempts": str(attempts),
        PREFIX + "error-zh": error.text.zh,
        PREFIX + "error-en": error.text.en,
        PREFIX + "detail": error.detail.encode()[:_DETAIL_BYTES].decode(errors="ignore"),
        PREFIX + "died-at": datetime.now(UTC).isoformat(),
        **_origin(record),
    }
    return _message(record, topic, ours)


def revived(record: Record) -> Message:
    """The original record of a dead letter, to be sent to its first topic again as a first try."""
    topic, _partition, _offset = origin_of(record)
    return Message(topic, record.key or b"", record.value or b"", _foreign(record))


def place_of(record: Record) -> str:
    """Where a record lies, in one word: `<topic>/<partition>@<offset>`."""
    return f"{record.partition.topic}/{record.partition.number}@{record.offset}"


def resent_mark(letter: Record) -> Message:
    """What is put behind a dead letter that was sent again: a record without content that names its place."""
    return Message(letter.partition.topic, letter.key or b"", b"", ((RESENT, place_of(letter).encode()),))


def letters_among(records: Iterable[Record]) -> list[tuple[Record, bool]]:
    """The dead letters among all records of their topic, each with whether a mark says that it was sent again."""
    every = list(records)
    marked = {record.header(RESENT) for record in every}
    return [(record, place_of(record) in marked) for record in every if record.header(RESENT) is None]


def _origin(record: Record) -> dict[str, str]:
    topic, partition, offset = origin_of(record)
    return {
        PREFIX + "origin-topic": topic,
        PREFIX + "origin-partition": str(partition),
        PREFIX + "origin-offset": str(offset),
    }


def _foreign(record: Record) -> Headers:
    return tuple((name, value) for name, value in record.headers if not name.startswith(PREFIX))


def _message(record: Record, topic: str, ours: dict[str, str]) -> Message:
    headers = (*_foreign(record), *((name, text.encode()) for name, text in ours.items()))
    return Message(topic, record.key or b"", record.value or b"", headers)
