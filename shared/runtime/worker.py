"""The other end of the pool: what runs inside a worker process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase, PoisonDocument
from shared.observability.log import Level, configure
from shared.runtime.progress import hear
from shared.runtime.sandbox import Guard, Network, die_with, enclose, end_group, limit_processor, resident_megabytes
from shared.runtime.steady import settle_heap
from shared.settings import Settings


@dataclass(frozen=True)
class Success:
    """The function returned `value`; `spent` means that the worker has grown and should be replaced."""

    value: Any
    spent: bool


@dataclass(frozen=True)
class Failure:
    """The function broke; `exhausted` means that the worker should not be trusted with another item."""

    error: PoisonDocument
    exhausted: bool


@dataclass(frozen=True)
class Entered:
    """The function is now in this phase: what the pool says of a worker that is lost there."""

    phase: Phase


@dataclass(frozen=True)
class Progressed:
    """The function gets on."""


@dataclass(frozen=True)
class Ready:
    """The worker is up; `guard` keeps it from the network."""

    guard: Guard


Answer = Success | Failure | Entered | Progressed | Ready


class _Pipe:
    """The way to the pool. Progress may be told by any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def tell(self, answer: Answer) -> None:
        with self._lock:
            self._connection.send(answer)

    def progressed(self) -> None:
        self.tell(Progressed())


class _Place:
    """Where this process stands, and whom to tell: nobody, where it is no worker."""

    phase = Phase.EXTRACT
    pipe: _Pipe | None = None


def entering(phase: Phase) -> None:
    """Say that work in `phase` begins."""
    _Place.phase = phase
    if _Place.pipe is not None:
        _Place.pipe.tell(Entered(phase))


def serve(
    connection: Connection, function: Callable[[Any], Any], settings: Settings, network: Network, level: Level | None
) -> None:
    """Answer items until the pool hangs up. Never raises: a worker that breaks tells the pool or is seen to be dead."""
    configure(level)
    _stand_alone()
    guard = enclose(settings.worker_megabytes, network)
    settle_heap()
    pipe = _Place.pipe = _Pipe(connection)
    hear(pipe.progressed)
    pipe.tell(Ready(guard))
    while True:
        try:
            item = connection.recv()
        except (EOFError, ConnectionResetError):
            return
        limit_processor(settings.processor_seconds)
        entering(Phase.EXTRACT)
        answer = _attempt(function, item)
        if isinstance(answer, Success) and resident_megabytes() > settings.worker_resident_megabytes:
            answer = Success(answer.value, spent=True)
        pipe.tell(answer)
        del item, answer  # nothing of a document is kept while the next one is waited for


def _attempt(function: Callable[[Any], Any], item: Any) -> Success | Failure:
    try:
        return Success(function(item), spent=False)
    except MemoryError:
        return Failure(out_of_memory(_Place.phase), exhausted=True)
    except Exception:  # noqa: BLE001 - the last line of defence of a worker
        return Failure(internal(traceback.format_exc(), _Place.phase), exhausted=False)


def out_of_memory(phase: Phase = Phase.EXTRACT) -> PoisonDocument:
    """The error for a document that wants more memory than a worker has."""
    return PoisonDocument(
        Category.MEMORY,
        phase,
        Text(
            zh="处理该文件所需内存超过上限。请拆分文件，或调大 JUESUAN_WORKER_MEGABYTES。",
            en="Reading this file needs more memory than a worker may use. "
            "Split the file, or raise JUESUAN_WORKER_MEGABYTES.",
        ),
        "MemoryError",
    )


def internal(trace: str, phase: Phase = Phase.EXTRACT) -> PoisonDocument:
    """The error for a defect of juesuan itself; `trace` is the traceback, for the log and the issue report."""
    return PoisonDocument(
        Category.INTERNAL,
        phase,
        Text(
            zh="程序内部错误，该文件未处理；其他文件不受影响。请把 error.json 连同文件反馈给开发者。",
            en="A defect in juesuan: this file was not processed, the others are not affected. "
            "Please report it with error.json and the file.",
        ),
        trace,
    )


def _stand_alone() -> None:
    # Ctrl-C is the pool's to handle; a group of its own lets the pool end this process with all its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    # The documents are the unit of parallel work: threads of numeric libraries would only get in each other's way.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    parent = multiprocessing.parent_process()
    if parent is not None and not die_with(parent.sentinel):
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True, name="end-with-parent").start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    end_group()
