"""Worker processes that may die: one document at a time each, within limits of time and memory, replaced when lost."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.util import Finalize
from typing import Any, Generic, TypeVar

from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase, PoisonDocument
from shared.observability.actions import LogAction
from shared.observability.log import Level, level_in_force, log
from shared.runtime.processes import kill_family
from shared.runtime.progress import progress
from shared.runtime.sandbox import Guard, Network
from shared.runtime.worker import Answer, Entered, Failure, Progressed, Ready, Success, serve
from shared.settings import Settings

Item = TypeVar("Item")
Value = TypeVar("Value")

# Never plain fork: a forked copy of a process with threads or open databases is a process that hangs now and then.
_CONTEXT = (
    multiprocessing.get_context("forkserver")
    if "forkserver" in multiprocessing.get_all_start_methods()
    else multiprocessing.get_context("spawn")
)


_START_SECONDS = 60.0


@dataclass(frozen=True)
class Done(Generic[Item, Value]):
    """The end of one item: `value`, or `error` when the worker was lost or its function broke. `seconds`: wall time."""

    item: Item
    value: Value | None
    error: PoisonDocument | None
    seconds: float


class _Worker(Generic[Item, Value]):
    """One process and the item it is working on."""

    def __init__(self, function: Callable[[Item], Value], settings: Settings, network: Network) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self._settings = settings
        # Not a daemon: those may not have workers of their own.
        self.process = _CONTEXT.Process(
            target=serve,
            args=(theirs, function, settings, network, level_in_force()),
            name="juesuan-worker",
            daemon=False,
        )
        self.process.start()
        theirs.close()
        self.item: Item | None = None
        self.phase: Phase | None = None
        self.started = self.heard = 0.0
        self.served = 0
        log(LogAction.WORKER_STARTED, Level.DEBUG, pid=self.process.pid)

    def give(self, item: Item) -> None:
        """Start `item`. A worker that is already dead is noticed when its answer is awaited."""
        self.item, self.phase, self.started = item, None, time.monotonic()
        self.heard = self.started
        self.served += 1
        try:
            self.connection.send(item)
        except (BrokenPipeError, ConnectionResetError):
            log(LogAction.WORKER_DIED, Level.WARNING, pid=self.process.pid)

    def note(self, answer: Entered | Progressed) -> None:
        """It gets on, and perhaps in another phase. The clock of an item starts with its first phase."""
        self.heard = time.monotonic()
        if isinstance(answer, Entered):
            if self.phase is None:
                self.started = self.heard
            self.phase = answer.phase

    def deadline(self) -> float:
        """When the worker is late if nothing more is heard of it: by its item's time, or because it stands still."""
        if self.phase is None:  # a start on a busy machine takes its time
            return self.started + max(self._settings.document_seconds, _START_SECONDS)
        return min(self.started + self._settings.document_seconds, self.heard + self._settings.stall_seconds)

    def lateness(self) -> PoisonDocument | None:
        """What to say of a worker whose deadline is over; None while it has time."""
        now = time.monotonic()
        if now < self.deadline():
            return None
        whole, still = self._settings.document_seconds, self._settings.stall_seconds
        if self.phase is None or now >= self.started + whole:
            return _late(now - self.started if self.phase is None else whole, self.phase)
        return _stalled(still, self.phase)

    def exit_code(self) -> int | None:
        """How a worker ended that closed its connection: its end is told a moment later."""
        self.process.join(_START_SECONDS / 10)
        return self.process.exitcode

    def end(self) -> None:
        """Kill the worker and whatever it started; returns when it is gone."""
        if self.process.pid is not None:
            kill_family(self.process.pid, alive=self.process.is_alive())
        self.process.kill()
        self.process.join()
        self.connection.close()
        self.process.close()


class Pool(Generic[Item, Value]):
    """`jobs` workers that apply one importable `function` to items; a context manager that leaves no process behind.

    The workers have no `network` unless it is allowed.
    """

    def __init__(
        self,
        function: Callable[[Item], Value],
        jobs: int,
        settings: Settings,
        network: Network = Network.REFUSED,
    ) -> None:
        if jobs < 1:
            raise ValueError("a pool needs at least one worker")
        self._function = function
        self._jobs = jobs
        self._settings = settings
        self._network = network
        self._workers: list[_Worker[Item, Value]] = []
        self._weakness_told = False
        # Workers are no daemons, which an ending program would wait for.
        Finalize(self, _end_all, args=(self._workers,), exitpriority=10)

    def __enter__(self) -> Pool[Item, Value]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers at once; what they were doing is lost."""
        _end_all(self._workers)

    def map(self, items: Iterable[Item]) -> Iterator[Done[Item, Value]]:
        """The end of every item as it comes, in no fixed order. An item is asked for when its work can begin."""
        waiting = iter(items)
        try:
            while True:
                for item in islice(waiting, self.room()):
                    self.submit(item)
                if not self._busy():
                    return
                yield from self.collect(self._settings.document_seconds)
        finally:
            self.close()

    def room(self) -> int:
        """How many more items can be begun now."""
        return self._jobs - len(self._busy())

    def submit(self, item: Item) -> None:
        """Begin `item`; only when there is room."""
        idle = [worker for worker in self._workers if worker.item is None]
        if idle:
            worker = idle.pop()
        elif len(self._workers) < self._jobs:
            worker = _Worker(self._function, self._settings, self._network)
            self._workers.append(worker)
        else:
            raise RuntimeError("the pool has no room for another item")
        worker.give(item)

    def collect(self, seconds: float) -> list[Done[Item, Value]]:
        """What ended, waiting up to `seconds` for the first; late workers are ended on the way."""
        busy = self._busy()
        if not busy:
            return []
        first = min(worker.deadline() for worker in busy)
        wait([worker.connection for worker in busy], timeout=max(0.0, min(seconds, first - time.monotonic())))
        return [done for worker in busy if (done := self._ended(worker)) is not None]

    def abandon(self, unwanted: Callable[[Item], bool]) -> None:
        """Kill the workers of unwanted items; nothing of them will be collected."""
        for worker in self._busy():
            if worker.item is not None and unwanted(worker.item):
                self._remove(worker)

    def _busy(self) -> list[_Worker[Item, Value]]:
        return [worker for worker in self._workers if worker.item is not None]

    def _ended(self, worker: _Worker[Item, Value]) -> Done[Item, Value] | None:
        while worker.connection.poll():
            try:
                answer = _receive(worker.connection)
            except (EOFError, ConnectionResetError):
                return self._lost(worker, _died(worker.exit_code(), worker.phase), LogAction.WORKER_DIED)
            if isinstance(answer, Ready):
                self._look_at(answer.guard)
            elif isinstance(answer, Entered | Progressed):
                worker.note(answer)
                progress()  # a worker may have workers of its own: it gets on as they do
            else:
                return self._finished(worker, answer)
        late = worker.lateness()
        return None if late is None else self._lost(worker, late, LogAction.WORKER_KILLED)

    def _finished(self, worker: _Worker[Item, Value], answer: Success | Failure) -> Done[Item, Value]:
        seconds = time.monotonic() - worker.started
        item, worker.item = worker.item, None
        assert item is not None
        spent = answer.spent if isinstance(answer, Success) else answer.exhausted
        if spent or worker.served >= self._settings.worker_documents:
            log(LogAction.WORKER_RECYCLED, Level.DEBUG, pid=worker.process.pid, documents=worker.served)
            self._remove(worker)
        if isinstance(answer, Failure):
            return Done(item, None, answer.error, seconds)
        return Done(item, answer.value, None, seconds)

    def _look_at(self, guard: Guard) -> None:
        if guard is Guard.PYTHON and not self._weakness_told:
            self._weakness_told = True
            log(LogAction.SANDBOX_WEAK, Level.WARNING, reason="no seccomp: only Python itself refuses the network")

    def _lost(self, worker: _Worker[Item, Value], error: PoisonDocument, action: LogAction) -> Done[Item, Value]:
        seconds = time.monotonic() - worker.started
        log(action, Level.WARNING, pid=worker.process.pid, reason=error.detail)
        item = worker.item
        assert item is not None
        self._remove(worker)
        return Done(item, None, error, seconds)

    def _remove(self, worker: _Worker[Item, Value]) -> None:
        self._workers.remove(worker)
        worker.end()


def _end_all(workers: list[_Worker[Any, Any]]) -> None:
    while workers:
        workers.pop().end()


def _receive(connection: Connection) -> Answer:
    answer = connection.recv()
    assert isinstance(answer, Answer)
    return answer


def _died(code: int | None, phase: Phase | None) -> PoisonDocument:
    return PoisonDocument(
        Category.CRASH,
        phase or Phase.EXTRACT,
        Text(
            zh="处理该文件的进程意外终止（可能文件已损坏或内存不足）。请用办公软件重新保存后再试。",
            en="The process that read this file died: the file may be damaged, or memory ran out. "
            "Save it anew with an office program and try again.",
        ),
        f"exit code {code}",
    )


def _late(seconds: float, phase: Phase | None) -> PoisonDocument:
    return PoisonDocument(
        Category.TIMEOUT,
        phase or Phase.EXTRACT,
        Text(
            zh=f"处理该文件超过 {seconds:g} 秒，已中止。请拆分文件，或调大 JUESUAN_DOCUMENT_SECONDS。",
            en=f"Reading this file took more than {seconds:g} seconds and was stopped. "
            "Split the file, or raise JUESUAN_DOCUMENT_SECONDS.",
        ),
        f"killed after {seconds:g} s",
    )


def _stalled(seconds: float, phase: Phase) -> PoisonDocument:
    return PoisonDocument(
        Category.TIMEOUT,
        phase,
        Text(
            zh=f"处理该文件时连续 {seconds:g} 秒没有进展，已中止。请用办公软件重新保存后再试，"
            "或调大 JUESUAN_STALL_SECONDS。",
            en=f"Reading this file stood still for {seconds:g} seconds and was stopped. Save it anew with an office "
            "program and try again, or raise JUESUAN_STALL_SECONDS.",
        ),
        f"no progress for {seconds:g} s",
    )
