"""Structured logging: one JSON line per event on stderr, each with an `action` of `LogAction`."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum
from typing import Any

import structlog

from shared.observability.actions import LogAction


class Level(StrEnum):
    """How much is said."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_SILENT = logging.CRITICAL  # above every `Level`


class _InForce:
    level: Level | None = None


def level_in_force() -> Level | None:
    """What `configure` was last told: a process passes it on to its workers."""
    return _InForce.level


def configure(level: Level | None) -> None:
    """Write events of `level` and above to stderr, or none at all; stdout belongs to results."""
    _InForce.level = level
    least = logging.getLevelNamesMapping()[level.upper()] if level else _SILENT
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log(action: LogAction, level: Level = Level.INFO, **values: Any) -> None:
    """One event. `values` must be plain data, and never the content of a document."""
    getattr(structlog.get_logger(), level.value)(action.value, action=action.value, **values)


# A library does not talk unless its program wants it to; structlog's own default is to print on stdout.
configure(None)
