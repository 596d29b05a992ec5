"""Every action that a log line may name. One module, so that a search over logs never has to guess."""

from __future__ import annotations

from enum import StrEnum


class LogAction(StrEnum):
    """`action` of a log line."""

    RUN_STARTED = "run_started"
    RUN_FINISHED = "run_finished"
    DOCUMENT_DONE = "document_done"
    DOCUMENT_REFUSED = "document_refused"
    DOCUMENT_FAILED = "document_failed"
    WORKER_STARTED = "worker_started"
    WORKER_RECYCLED = "worker_recycled"
    WORKER_KILLED = "worker_killed"
    WORKER_DIED = "worker_died"
    SANDBOX_WEAK = "sandbox_weak"
    SERVICE_STARTED = "service_started"
    SERVICE_STOPPED = "service_stopped"
    LOOP_HELD = "loop_held"
    LOOP_STUCK = "loop_stuck"
    RECORD_FAILED = "record_failed"
    BATCH_SPLIT = "batch_split"
    RECORD_SKIPPED = "record_skipped"
    BREAKER_OPENED = "breaker_opened"
    OBJECTS_COMPARED = "objects_compared"
    CANARY_LATE = "canary_late"
