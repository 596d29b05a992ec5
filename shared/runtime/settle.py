"""From the end of a record to the messages that follow from it."""

from __future__ import annotations

import random
from collections.abc import Callable

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


class Settler:
    """Knows the policies of one service. `version` is that of its stage; `observe(outcome, reason)` counts."""

    def __init__(
        self,
        service: str,
        version: str,
        observe: Callable[[str, str], None],
        transient: RetryPolicy = TRANSIENT,
        poison: RetryPolicy = POISON,
        retry_to: str | None = None,
    ) -> None:
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

    def count(self, record: Record, result: Result) -> None:
        """Tell metrics and log how `record` ended; called after the commit."""
        reason = "" if isinstance(result, Produced) else result.error.category.value
        self._observe(type(result).__name__.lower(), reason)
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

    @staticmethod
    def _event(record: Record) -> Event | None:
        try:
            return decode(record)
        except NoEvent:
            return None  # the dead letter itself keeps what cannot be read
