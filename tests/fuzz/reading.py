"""One damaged file through the whole chain, inside a worker, and what is wrong with how it ended."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import urllib3  # noqa: F401 - asks for a socket when imported, to see whether there is IPv6: before there is a filter

from shared.contracts.document import SourceFile
from shared.contracts.errors import Category, InvalidDocument, JuesuanError, PoisonDocument
from shared.contracts.outcome import DocumentOutcome
from shared.runtime.local import process
from shared.runtime.pool import Pool
from shared.runtime.sandbox import Network, resident_megabytes
from shared.settings import Settings
from tests.fuzz.cases import Case

#: What `juesuan run` allows, but for the patience with a single file and with a worker.
LIMITS = Settings(document_seconds=300, worker_documents=200)


@dataclass(frozen=True)
class Ended:
    """How a file ended: outcome, the error if there was one, how much was read, what the worker holds (megabytes)."""

    outcome: DocumentOutcome
    error: JuesuanError | None
    facts: int = 0
    doubts: int = 0
    megabytes: float = 0.0
    seconds: float = 0.0

    @property
    def word(self) -> str:
        """The outcome, or the category of the error."""
        return self.error.category.value if self.error else self.outcome.value


def read(source: SourceFile) -> Ended:
    """`source` through the chain, as `juesuan run` does it."""
    from cli.chain import CHAIN  # noqa: PLC0415 - loaded in the worker

    done = process(CHAIN, source)
    facts = len(done.report.facts) if done.report else 0
    doubts = (len(done.document.doubts) if done.document else 0) + (len(done.report.doubts) if done.report else 0)
    return Ended(done.outcome, done.error, facts, doubts, resident_megabytes())


def read_all(cases: Iterable[Case], jobs: int = 1, settings: Settings = LIMITS) -> Iterator[tuple[Case, Ended]]:
    """Every case with its end. A call for a socket ends the worker: that no one calls is part of what is proven."""
    with Pool(_read, jobs, settings, Network.DEADLY) as pool:
        for done in pool.map(cases):
            if done.value is not None:
                ended = done.value
                yield (
                    done.item,
                    Ended(ended.outcome, ended.error, ended.facts, ended.doubts, ended.megabytes, done.seconds),
                )
            else:
                assert done.error is not None
                yield done.item, Ended(DocumentOutcome.FAILED, done.error, seconds=done.seconds)


def _read(case: Case) -> Ended:
    return read(case.source)


def defects(ended: Ended) -> list[str]:
    """What must not be said of any file, however damaged."""
    found = []
    error = ended.error
    if error is None:
        if ended.outcome is DocumentOutcome.OK and ended.doubts:
            found.append("doubts, and yet ok")
        return found
    if isinstance(error, PoisonDocument) and error.category is not Category.TIMEOUT:
        found.append(f"{error.category.value}: {error.detail.strip().splitlines()[-1] if error.detail else ''}")
    elif not isinstance(error, InvalidDocument | PoisonDocument):
        found.append(f"{type(error).__name__}: {error.detail}")
    if not _says_something(error):
        found.append(f"says nothing: {error.text}")
    return found


def _says_something(error: JuesuanError) -> bool:
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in error.text.zh)
    return chinese >= 5 and len(error.text.en) >= 20


class Listener:
    """A server on this machine that counts who comes."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.visits = 0
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _count(self) -> None:
        while True:
            try:
                self._server.accept()[0].close()
            except OSError:
                return  # closed
            self.visits += 1

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@contextmanager
def listener() -> Iterator[Listener]:
    """A listener for the time of the block."""
    one = Listener()
    try:
        yield one
    finally:
        one.close()
