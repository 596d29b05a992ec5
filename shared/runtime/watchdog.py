"""Ends the process when its loop stands still: a hung transaction has no other end."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Self

from shared.observability.actions import LogAction
from shared.observability.log import Level, log

EXIT_STUCK = 70


class Watchdog:
    """Looks at `beat()` (monotonic time of the loop's last turn); after `limit` seconds without one it ends all.

    The stacks of all threads go to standard error first, so that the log tells where it hung.
    """

    def __init__(self, beat: Callable[[], float], limit: float, end: Callable[[int], object] = os._exit) -> None:
        self._beat, self._limit, self._end = beat, limit, end
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def age(self) -> float:
        """Seconds since the loop's last turn."""
        return time.monotonic() - self._beat()

    def _watch(self) -> None:
        while not self._stop.wait(min(1.0, self._limit / 4)):
            age = self.age()
            if age > self._limit:
                log(LogAction.LOOP_STUCK, Level.ERROR, seconds=round(age, 1), limit=self._limit)
                faulthandler.dump_traceback(sys.stderr, all_threads=True)
                sys.stderr.flush()
                self._end(EXIT_STUCK)
                return
