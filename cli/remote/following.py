"""Waiting for documents to end, by their rows in the lifecycle."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from shared.adapters.lifecycle import FAILED, PENDING, REFUSED_, UNPACKED, Standing, standings, steps
from shared.contracts.errors import TransientFault
from shared.contracts.events import SourceObject, document_id

if TYPE_CHECKING:
    from sqlalchemy import Engine

_POLL_SECONDS = 0.5
#: a database that restarts is waited for; one that stays away is an error
_PATIENCE_SECONDS = 90.0
QUIET_SECONDS = 60.0

NOT_PROCESSED = frozenset({FAILED, REFUSED_})


def follow(
    engine: Engine,
    batch: str,
    wanted: set[str],
    seconds: float | None,
    on_change: Callable[[list[Standing]], None],
    on_quiet: Callable[[int], None],
) -> dict[str, Standing]:
    """The standings of the documents `wanted` of a batch, by id, once all have ended or `seconds` are over.

    An archive that was unpacked adds its reports to `wanted`. `on_change(rows)` is told of every look that found
    something new, `on_quiet(pending)` once when nothing moves for long. Raises `TransientFault` when the database stays
    away.
    """
    begun = moved = time.monotonic()
    before: dict[str, Standing] = {}
    hinted = False
    while True:
        found = _look(engine, batch, wanted)
        wanted |= _inside(engine, [key for key, item in found.items() if item.outcome == UNPACKED])
        pending = len(wanted) - sum(item.outcome != PENDING for item in found.values())
        now = time.monotonic()
        if found != before:
            on_change(list(found.values()))
            before, moved, hinted = found, now, False
        if not pending or (seconds is not None and now - begun > seconds):
            return found
        if now - moved > QUIET_SECONDS and not hinted:
            on_quiet(pending)
            hinted = True
        time.sleep(_POLL_SECONDS)


def _inside(engine: Engine, archives: list[str]) -> set[str]:
    """The documents that came out of these archives."""
    return {
        document_id(SourceObject.model_validate(told))
        for step in steps(engine, archives, ["unpacked"])
        for told in step.said["objects"]
    }


def _look(engine: Engine, batch: str, wanted: Collection[str]) -> dict[str, Standing]:
    given_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            rows = standings(engine, batch=batch)
            return {item.document_id: item for item in rows if item.document_id in wanted}
        except TransientFault:
            if time.monotonic() > given_up:
                raise
        time.sleep(_POLL_SECONDS)
