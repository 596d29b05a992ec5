"""From the end of a record to the messages that follow from it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from shared.adapters.bus import Message, Record
from shared.contracts.errors import JuesuanError
from shared.contracts.events import DocumentFailed, DocumentRetried, Event
from shared.observability.actions import LogAction
from shared.observability.log import Level, log
from shared.runtime.cloudevents import NoEvent, decode, encode, follow, new_traceparent, traceparent_of
from shared.runtime.letters import attempt_of, dead, parked
from shared.runtime.results import Lost, Postponed, Produced, Rejected, Result
from shared.runtime.retry import POISON, TRANSIENT, RetryPolicy
from shared.runtime.topics import dead_letter_topic, retry_topic


@dataclass(frozen=True)
class Ended:
    """How a record ended: `seconds` from taking it to the commit, `size` of the uploaded file it led on, in bytes."""

    outcome: str
    reason: str
    seconds: float
    size: int


class Settler:
    """Knows the policies of one service; `version` is that of its stage.

    `tells` False: its failures are no failures of the document, and no event says so.
    """

    def __init__(
        self,
        service: str,
        version: str,
        observe: Callable[[Ended], None],
        transient: RetryPolicy = TRANSIENT,
        poison: RetryPolicy = POISON,
        retry_to: str | None = None,
        *,
        tells: bool = True,
    ) -> None:
        self._tells = tells
        self._retry_to = retry_to or retry_topic(service)
        self._service, self._version, self._observe = service, version, observe
        self._transient, self._poison = transient, poison

    def settle(self, record: Record, result: Result, chance: random.Random) -> list[Message]:
        """The messages to commit together with the offset of `record`."""
        match result:
            case Produced(events, extra):
                trace = traceparent_of(record) or new_traceparent()
                return [*(encode(event, self._service, trace) for event in events), *extra]
            case Rejected(error):
                return self._bury(record, error)
            case Postponed(error):
                return self._again(record, error, self._transient, chance)
            case Lost(error, final=True):
                return self._bury(record, error)
            case Lost(error):
                return self._again(record, error, self._poison, chance)

    def count(self, record: Record, result: Result, seconds: float) -> None:
        """Tell metrics and log how `record` ended; called after the commit."""
        reason = "" if isinstance(result, Produced) else result.error.category.value
        size = result.events[0].source.size if isinstance(result, Produced) and result.events else 0
        self._observe(Ended(type(result).__name__.lower(), reason, seconds, size))
        if not isinstance(result, Produced):
            log(
                LogAction.RECORD_FAILED,
                Level.WARNING,
                service=self._service,
                outcome=type(result).__name__,
                category=reason,
                topic=record.partition.topic,
                partition=record.partition.number,
                offset=record.offset,
                attempt=attempt_of(record),
                detail=result.error.detail,
            )

    def _again(self, record: Record, error: JuesuanError, policy: RetryPolicy, chance: random.Random) -> list[Message]:
        attempt = attempt_of(record)
        wait = policy.wait(attempt, chance)
        if wait is None:
            return self._bury(record, error)
        message, due = parked(record, self._retry_to, wait)
        event = self._event(record)
        if event is None:
            return [message]
        told = follow(event, DocumentRetried, self._version, next_at=due, **self._failure(error, attempt))
        return [message, encode(told, self._service, traceparent_of(record))]

    def _bury(self, record: Record, error: JuesuanError) -> list[Message]:
        attempt = attempt_of(record)
        letter = dead(record, dead_letter_topic(self._service), self._service, error, attempt)
        event = self._event(record)
        if event is None:
            return [letter]
        told = follow(event, DocumentFailed, self._version, **self._failure(error, attempt))
        return [letter, encode(told, self._service, traceparent_of(record))]

    def _failure(self, error: JuesuanError, attempts: int) -> dict[str, object]:
        return {
            "service": self._service,
            "phase": error.phase,
            "category": error.category,
            "message": error.text,
            "attempts": attempts,
        }

    def _event(self, record: Record) -> Event | None:
        """The event to tell of, if any: what cannot be read, and what tells of a failure itself, leave only letters."""
        try:
            event = decode(record)
        except NoEvent:
            return None
        return event if self._tells and not isinstance(event, DocumentFailed | DocumentRetried) else None
