"""`python -m benchmarks.timed SERVICE FILE`: a service of the chain that notes what its function takes.

FILE holds one line: calls so far, milliseconds on the clock, milliseconds of the calling thread's processor.
"""

from __future__ import annotations

import os
import pkgutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from shared.runtime.service import run_service

#: where a service looks up what makes its function when a record comes
_FUNCTIONS = {
    "normalizer": (("services.normalizer.chain", "normalize"),),
    "validator": (("services.validator.chain", "validate"),),
    "indexer": (("services.indexer.index:Indexer", "index"), ("services.indexer.chain", "payload_of_json")),
}
TIMED = tuple(_FUNCTIONS)
_WIDTH = 80


class Noted(NamedTuple):
    """What the calls so far took: milliseconds on the clock and of the thread's processor."""

    calls: int = 0
    wall: float = 0.0
    processor: float = 0.0


def noted(page: Path) -> Noted:
    """What a service has noted so far."""
    calls, wall, processor = page.read_text(encoding="ascii").split() or ("0", "0", "0")
    return Noted(int(calls), float(wall), float(processor))


class Notes:
    """Writes down what functions take, after each call; `counted` ones are calls of their own."""

    def __init__(self, page: Path) -> None:
        self._file = os.open(page, os.O_WRONLY)
        self._sums = Noted()

    def taking(self, function: Callable[..., Any], *, counted: bool) -> Callable[..., Any]:
        """`function`, with a note after each call."""

        def timed(*given: Any, **named: Any) -> Any:
            wall, processor = time.perf_counter(), time.thread_time()
            made = function(*given, **named)
            self._sums = Noted(
                self._sums.calls + counted,
                self._sums.wall + 1000 * (time.perf_counter() - wall),
                self._sums.processor + 1000 * (time.thread_time() - processor),
            )
            os.pwrite(self._file, " ".join(map(str, self._sums)).ljust(_WIDTH).encode("ascii"), 0)
            return made

        return timed


def main() -> int:
    """Run the service."""
    service, page = sys.argv[1:]
    notes = Notes(Path(page))
    for number, (holder, name) in enumerate(_FUNCTIONS[service]):
        place = pkgutil.resolve_name(holder)
        setattr(place, name, notes.taking(getattr(place, name), counted=number == 0))
    return run_service(pkgutil.resolve_name(f"services.{service}.chain:SERVICE"))


if __name__ == "__main__":
    sys.exit(main())
