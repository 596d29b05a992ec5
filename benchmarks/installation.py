"""A private installation of the chain to measure on: batches through it, memory and processor time of its processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psutil
from sqlalchemy import Engine, func, inspect, select, text

from benchmarks.timed import noted
from deploy import CHAIN_SERVICES
from deploy.local.places import ROOT, private_places
from deploy.local.stack import INCOMING, Stack
from shared.adapters.database import make_engine
from shared.adapters.lifecycle import PENDING, lifecycle
from shared.adapters.objects import ObjectStore, open_store
from shared.observability.metrics import Metric

_MEGABYTE = 1024 * 1024
_STUCK_SECONDS = 120.0
_READY_SECONDS = 90
#: between two looks at the metrics of a service: a look is work for it, and Prometheus asks every few seconds only
_LOOK_SECONDS = 0.1
_LAST_LOOK_SECONDS = 0.01
_UPLOADS = 4
_KEPT = {"alembic_version"}
_RECORDS = re.compile(rf"^{Metric.RECORDS}\{{[^}}]*\}} ([0-9.e+]+)$", re.MULTILINE)


class Stuck(Exception):
    """The chain did not get further for two minutes; says where the documents stand."""


@dataclass(frozen=True)
class Load:
    """What a process and its children hold and took so far: resident megabytes, processor seconds."""

    megabytes: float
    seconds: float


@dataclass(frozen=True)
class Spent:
    """Milliseconds per record: on the clock, and of the processor."""

    wall: float
    processor: float


class _Moment(NamedTuple):
    """How far a service was at a moment (monotonic seconds), and what was counted then."""

    at: float
    done: float
    counts: tuple[float, ...]


class Installation:
    """The local servers and whichever services are started, with what a measurement asks of them."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        settings = stack.environment()
        self.database = settings["JUESUAN_DATABASE"]
        self.engine: Engine = make_engine(self.database)
        self._store: ObjectStore = open_store(settings["JUESUAN_STORE"])
        self._running: set[tuple[str, str]] = set()

    def start(self, names: Sequence[str] = CHAIN_SERVICES, **settings: str) -> None:
        """Start one instance of each service and wait until it is ready."""
        for name in names:
            self.stack.start_service(name, **settings)
            self._running.add((name, "1"))
        for name in names:
            self.stack.wait_for(name)

    def start_second(self, name: str, **settings: str) -> None:
        """Start a second instance of a service and wait until it has work; it answers at the reconciler's port."""
        port = self.stack.places.ports["reconciler"]
        self.stack.start_service(name, "2", JUESUAN_PORT=str(port), **settings)
        self._running.add((name, "2"))
        self.stack.service(name, "2").wait_until(lambda: _ready(port), _READY_SECONDS, f"The second {name}")

    def stop(self) -> None:
        """Stop all services; the servers go on."""
        for name, instance in sorted(self._running):
            self.stack.service(name, instance).stop(45)
        self._running.clear()

    def upload(self, batch: str, files: Sequence[Path]) -> None:
        """Put `files` into the bucket as one batch, a few at a time."""

        def put(path: Path) -> None:
            self._store.put(INCOMING, f"bench/{batch}/{path.name}", path.read_bytes())

        with ThreadPoolExecutor(_UPLOADS) as pool:
            list(pool.map(put, files))

    def wait(self, batch: str, count: int) -> dict[str, int]:
        """Wait until `count` documents of a batch are done; how many by outcome. Raises `Stuck`."""
        reached, moved = self._outcomes(batch), time.monotonic()
        while sum(reached.values()) - reached.get(PENDING, 0) < count:
            if time.monotonic() - moved > _STUCK_SECONDS:
                raise Stuck(f"{batch}: {reached}")
            time.sleep(0.25)
            now = self._outcomes(batch)
            if now != reached:
                reached, moved = now, time.monotonic()
        return reached

    def _outcomes(self, batch: str) -> dict[str, int]:
        query = select(lifecycle.c.outcome, func.count()).where(lifecycle.c.batch == batch)
        with self.engine.connect() as connection:
            return dict(connection.execute(query.group_by(lifecycle.c.outcome)).tuples().all())

    def drain(self, service: str, count: int) -> Spent:
        """Milliseconds per record of a service that works alone on a backlog of `count` records, its start left out."""
        self.start([service])
        first, last = _watch(service, count, lambda: self._records(service), lambda: (self.loads()[service].seconds,))
        self.stop()
        done = last.done - first.done
        return Spent(1000 * (last.at - first.at) / done, 1000 * (last.counts[0] - first.counts[0]) / done)

    def drain_timed(self, service: str, count: int) -> tuple[Spent, Spent]:
        """The same, and what of it the service's function takes: in the same process, in the same seconds.

        On the processor, of the function only what its own thread takes: the other threads of a service serve the way.
        The service is left alone meanwhile: asking it for its metrics ten times a second is work, too.
        """
        port = self.stack.places.ports[service]
        with tempfile.NamedTemporaryFile() as page:
            command = [sys.executable, "-m", "benchmarks.timed", service, page.name]
            settings = {**self.stack.environment(), "JUESUAN_PORT": str(port), "PYTHONPATH": str(ROOT)}
            with subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.DEVNULL) as process:
                try:
                    self._until(lambda: _ready(port), service)
                    member = psutil.Process(process.pid)
                    known = partial(noted, Path(page.name))
                    first, last = _watch(
                        service,
                        count,
                        lambda: known().calls,
                        lambda: (_load(member).seconds, *known()),
                        lambda: self._records(service) >= count,
                    )
                finally:
                    process.terminate()
        done = last.done - first.done
        seconds, calls, wall, processor = (b - a for a, b in zip(first.counts, last.counts, strict=True))
        return (
            Spent(1000 * (last.at - first.at) / done, 1000 * seconds / done),
            Spent(wall / calls, processor / calls),
        )

    def _until(self, done: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + _READY_SECONDS
        while not done():
            if time.monotonic() > until:
                raise Stuck(f"{what} does not get ready")
            time.sleep(_LOOK_SECONDS)

    def _records(self, service: str) -> float:
        port = self.stack.places.ports[service]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
            return sum(map(float, _RECORDS.findall(response.read().decode())))

    def empty_database(self) -> None:
        """Forget every document, so that the same files are new again."""
        with self.engine.begin() as connection:
            names = [name for name in inspect(connection).get_table_names() if name not in _KEPT]
            connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))

    def loads(self) -> dict[str, Load]:
        """Memory and processor time of every server and service, by name; of two instances the sum."""
        found: dict[str, list[psutil.Process | None]] = {}
        for name, instance in sorted(self._running):
            found.setdefault(name, []).append(self.stack.service(name, instance).process())
        postmaster = self.stack.postgres.pid()
        found["kafka"] = [self.stack.kafka.daemon.process()]
        found["s3"] = [self.stack.s3.daemon.process()]
        found["postgres"] = [psutil.Process(postmaster) if postmaster else None]
        return {name: _sum([_load(process) for process in some if process]) for name, some in found.items()}


def _watch(
    service: str,
    count: int,
    progress: Callable[[], float],
    counts: Callable[[], tuple[float, ...]],
    committed: Callable[[], bool] = lambda: True,
) -> tuple[_Moment, _Moment]:
    """The moment after the first records and the one when all are `committed`, with what `counts` said then."""
    seen: list[_Moment] = []
    moved = time.monotonic()
    while not seen or seen[-1].done < count or not committed():
        done = progress()
        if done > (seen[-1].done if seen else 0):
            moved = time.monotonic()
            seen.append(_Moment(moved, done, counts()))
        if time.monotonic() - moved > _STUCK_SECONDS:
            raise Stuck(f"{service}: {seen[-1:]}")
        time.sleep(_LOOK_SECONDS if not seen or seen[-1].done < count else _LAST_LOOK_SECONDS)
    if seen[0].done == count:
        raise Stuck(f"{service} did {count} records in one transaction: nothing to measure")
    return seen[0], _Moment(time.monotonic(), count, counts())


def _ready(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
    except OSError:
        return False
    return True


def _sum(loads: Sequence[Load]) -> Load:
    return Load(sum(load.megabytes for load in loads), sum(load.seconds for load in loads))


def _load(process: psutil.Process) -> Load:
    memory, seconds = 0.0, 0.0
    with suppress(psutil.NoSuchProcess):
        for member in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                info = member.memory_info()
                # The processes of PostgreSQL share their buffers.
                memory += info.rss - (info.shared if member.name() == "postgres" else 0)
                times = member.cpu_times()
                seconds += times.user + times.system + times.children_user + times.children_system
    return Load(memory / _MEGABYTE, seconds)


@contextmanager
def installed(state: Path) -> Iterator[Installation]:
    """A fresh installation in `state` with its servers running; everything ends with the block."""
    stack = Stack(private_places(state))
    try:
        stack.start_servers()
        yield Installation(stack)
    finally:
        stack.stop()
