"""`python -m tests.soak.member KAFKA SERVICE INSTANCE light|heavy`: a service of the loop that copies records."""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from collections.abc import Collection
from itertools import takewhile

from shared.adapters.bus import Fenced, Message, Partition, Record
from shared.adapters.kafka_bus import KafkaBus
from shared.observability.log import Level, configure
from shared.runtime.loop import Loop, LoopSpec
from shared.runtime.results import Produced, Result
from shared.runtime.settle import Settler
from shared.runtime.watchdog import Watchdog
from tests.soak import out_topic, work_topic

_ROOM = 3
_LONGEST = 0.05
#: the deaths here are no fault of the record
_NEVER = 1_000_000
EXIT_FENCED = 71


class Hands:
    """Holds a few records for a moment each, then copies them."""

    def __init__(self, service: str) -> None:
        self._out = out_topic(service)
        self._held: list[tuple[float, Record]] = []

    def room(self) -> int:
        """How many more it takes."""
        return _ROOM - len(self._held)

    def submit(self, record: Record) -> None:
        """Hold it for a while."""
        self._held.append((time.monotonic() + random.uniform(0, _LONGEST), record))

    def collect(self, seconds: float) -> list[tuple[Record, Result]]:
        """Those whose time is over, in the order in which they came."""
        del seconds
        now = time.monotonic()
        over = [record for _, record in takewhile(lambda held: held[0] <= now, self._held)]
        self._held = self._held[len(over) :]
        return [(r, Produced(extra=(Message(self._out, r.key or b"", r.value or b""),))) for r in over]

    def abandon(self, partitions: Collection[Partition]) -> None:
        """Forget those of these partitions."""
        self._held = [(until, record) for until, record in self._held if record.partition not in partitions]

    def close(self) -> None:
        """Forget all."""
        self._held.clear()


def main() -> int:
    """Run until SIGTERM."""
    kafka, service, instance, kind = sys.argv[1:]
    configure(Level.INFO)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    spec = LoopSpec(
        service, f"{service}.{instance}", (work_topic(service),), heavy=kind == "heavy", begun_at_most=_NEVER
    )
    settler = Settler(service, "1", lambda _: None)
    loop = Loop(spec, KafkaBus(kafka), Hands(service), settler, lambda: True)
    with Watchdog(lambda: loop.beat, 60):
        try:
            loop.run(stop)
        except Fenced:
            return EXIT_FENCED
    return 0


if __name__ == "__main__":
    sys.exit(main())
