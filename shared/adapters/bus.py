"""What the runtime needs of a message bus: partitions, pausing, and output and offset in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes], ...]


class Partition(NamedTuple):
    """One partition of one topic."""

    topic: str
    number: int


@dataclass(frozen=True)
class Message:
    """Something to send. Messages with equal keys go to the same partition in the order in which they were sent."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers = ()


@dataclass(frozen=True)
class Record:
    """Something received, with its place."""

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = field(default=())
    timestamp_ms: int = 0

    def header(self, name: str) -> str | None:
        """The text of the last header of this name, or None."""
        return next((value.decode() for key, value in reversed(self.headers) if key == name), None)


#: the largest message: what tells of an archive names each of its 10,000 files
MAX_MESSAGE_BYTES = 16 * 1024 * 1024


class BusFault(Exception):
    """The bus is away or refuses for now; the transaction did not happen. Try again."""


class Rebalanced(BusFault):
    """The partitions moved while the transaction was under way; it did not happen, and what it was for is not ours."""


class Oversized(BusFault):
    """A message is larger than the bus takes; the transaction did not happen, and never will with this message."""


class Fenced(Exception):
    """Another process with the same identity took over. This one must end at once and touch nothing more."""


class Consumer(Protocol):
    """A member of a consumer group that produces in the same transactions in which it commits.

    Reads only what was committed, starts at the earliest record, never commits by itself.
    """

    def poll(self, seconds: float, most: int) -> list[Record]:
        """Up to `most` records of partitions that are not paused, waiting up to `seconds` for the first.

        Calls `on_revoked` before it returns if partitions were taken away, perhaps on a thread of the bus that must
        not wait: of this class only `commit_soon` may be called there. Raises `BusFault`, `Fenced`.
        """

    def assignment(self) -> frozenset[Partition]:
        """The partitions this member holds now."""

    def owns(self) -> bool:
        """Whether what it holds is its own to commit: not while others may have been given it already."""

    def settled(self) -> bool:
        """Whether the members agree on who holds what: no journal can be written before."""

    def pause(self, partitions: Collection[Partition]) -> None:
        """Get nothing of these until `resume`; those no longer held are passed over."""

    def resume(self, partitions: Collection[Partition]) -> None:
        """Get records of these again; those no longer held are passed over."""

    def seek(self, partition: Partition, offset: int) -> None:
        """Go on with `offset` in a partition; passed over if it is no longer held."""

    def commit(
        self, messages: Sequence[Message], done: Mapping[Partition, int], marks: Mapping[Partition, str]
    ) -> None:
        """In one transaction: send `messages` and go on at `done[partition]` after a restart.

        `marks` keeps a short text with the offset (how often the record there was begun). All or nothing.
        Raises `Rebalanced`, `Oversized`, `BusFault` (nothing happened), `Fenced`.
        """

    def commit_soon(
        self, done: Mapping[Partition, int], marks: Mapping[Partition, str], failed: Callable[[str], None]
    ) -> None:
        """`commit` without messages and without waiting; `failed` is told later why it did not happen, if so."""

    def behind(self) -> Mapping[Partition, int]:
        """How many records of each held partition were not handed out yet, as far as is known without asking."""

    def mark(self, partition: Partition) -> tuple[int, str] | None:
        """The committed offset of a partition and the text kept with it, or None."""

    def close(self) -> None:
        """Leave the group."""


class Bus(Protocol):
    """Makes consumers, and sends outside of any group."""

    def consumer(
        self,
        group: str,
        identity: str,
        topics: Collection[str],
        on_revoked: Callable[[frozenset[Partition]], None],
    ) -> Consumer:
        """A new member of `group`. `identity` names this instance across restarts: a second one fences the first."""

    def read_all(self, topic: str) -> Iterator[Record]:
        """Every committed record of a topic up to its present end, outside of any group. Raises `BusFault`.

        Waits for transactions that still run: what was committed before the call is never missed.
        """

    def send(self, messages: Sequence[Message]) -> None:
        """Send and wait until the bus has them. Raises `BusFault`."""

    def reachable(self) -> bool:
        """Whether the bus answers now."""
