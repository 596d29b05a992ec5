"""Heavy work, done in killable worker processes while the loop keeps polling."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from shared.adapters.bus import Partition, Record
from shared.runtime.connections import ChainSettings, Connections, use
from shared.runtime.inline import attempt
from shared.runtime.pool import Done, Pool
from shared.runtime.results import Lost, Produced, Result
from shared.runtime.sandbox import Network
from shared.settings import Settings

#: What the servers may take beside the reading itself: two requests, each within its own limit.
_SERVERS_SECONDS = 60.0


class PooledExecutor:
    """Applies the importable `work` to records in `chain.jobs` processes, each with its own way to the store."""

    def __init__(self, work: Callable[[Record], Produced], chain: ChainSettings, settings: Settings) -> None:
        # A worker fetches and stores; what it reads files with is enclosed in a process of its own, within `settings`.
        patience = replace(
            settings,
            document_seconds=settings.document_seconds + _SERVERS_SECONDS,
            stall_seconds=settings.stall_seconds + _SERVERS_SECONDS,
        )
        self._pool: Pool[Record, Result] = Pool(_Attempt(work, chain), chain.jobs, patience, Network.ALLOWED)

    def room(self) -> int:
        """How many workers are idle."""
        return self._pool.room()

    def submit(self, record: Record) -> None:
        """Give `record` to an idle worker."""
        self._pool.submit(record)

    def collect(self, seconds: float) -> list[tuple[Record, Result]]:
        """What the workers ended, and what ended the workers."""
        return [(done.item, _result(done)) for done in self._pool.collect(seconds)]

    def abandon(self, partitions: Collection[Partition]) -> None:
        """Kill the workers that are busy with these partitions."""
        self._pool.abandon(lambda record: record.partition in partitions)

    def close(self) -> None:
        """Kill all workers."""
        self._pool.close()


class _Attempt:
    """`attempt` with its function and its servers, in a form that a worker process can be given."""

    def __init__(self, work: Callable[[Record], Produced], chain: ChainSettings) -> None:
        self._work, self._chain = work, chain
        self._connections: Connections | None = None

    def __call__(self, record: Record) -> Result:
        if self._connections is None:  # opened in the worker, not where it was started
            self._connections = Connections(self._chain)
        with use(self._connections):
            return attempt(self._work, record)


def _result(done: Done[Record, Result]) -> Result:
    if done.error is not None:
        return Lost(done.error)
    assert done.value is not None
    return done.value
