"""How the work on one record may end: typed, so that the loop decides by kind and never by text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from shared.adapters.bus import Message, Partition, Record
from shared.contracts.errors import InvalidDocument, PoisonDocument, TransientFault
from shared.contracts.events import AnyEvent


@dataclass(frozen=True)
class Produced:
    """The work is done; these events tell of it (none: the record was not for us). `extra` are plain messages."""

    events: tuple[AnyEvent, ...] = ()
    extra: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """The document's own fault: no further try."""

    error: InvalidDocument


@dataclass(frozen=True)
class Postponed:
    """A server's fault: worth another try."""

    error: TransientFault


@dataclass(frozen=True)
class Lost:
    """The worker died on it, ran out of time or memory, or broke. `final`: whatever the policy says, no other try."""

    error: PoisonDocument
    final: bool = False


Result = Produced | Rejected | Postponed | Lost


class Executor(Protocol):
    """Works on records: at once in this process, or side by side in workers that may be killed."""

    def room(self) -> int:
        """How many more records it takes now."""

    def submit(self, record: Record) -> None:
        """Begin one record."""

    def collect(self, seconds: float) -> list[tuple[Record, Result]]:
        """What ended since the last call, waiting up to `seconds` for the first."""

    def abandon(self, partitions: Collection[Partition]) -> None:
        """Stop the work on records of these partitions; nothing of it will be collected."""

    def close(self) -> None:
        """Stop all work."""
