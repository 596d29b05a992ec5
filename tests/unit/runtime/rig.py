"""A loop on the in-process bus whose work, server faults and time are in the hands of the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

from shared.adapters.bus import BusFault, Message, Partition, Record
from shared.adapters.memory_bus import MemoryBus, MemoryMember
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase, PoisonDocument, TransientFault
from shared.contracts.events import ObjectCreated, SourceObject, document_id
from shared.runtime.loop import Loop, LoopSpec
from shared.runtime.results import Lost, Postponed, Produced, Rejected, Result
from shared.runtime.retry import RetryPolicy
from shared.runtime.settle import Ended, Settler
from shared.runtime.topics import dead_letter_topic, retry_topic

SERVICE = "tester"
TOPIC = "work"
RETRY, DEAD = retry_topic(SERVICE), dead_letter_topic(SERVICE)
AT_ONCE = RetryPolicy(attempts=3, base=0.0, longest=0.0)

_WHY = Text(zh="缘由", en="reason")
DONE: Result = Produced()
BAD: Result = Rejected(InvalidDocument(Category.DAMAGED, Phase.EXTRACT, _WHY, "cut off"))
AWAY: Result = Postponed(TransientFault(Category.SERVER, Phase.INDEX, _WHY, "refused"))
KILLED: Result = Lost(PoisonDocument(Category.CRASH, Phase.EXTRACT, _WHY, "exit code -9"))


def uploaded(key: str, etag: str = "e", generation: int = 0) -> ObjectCreated:
    """The event of an upload."""
    source = SourceObject(bucket="in", key=key, etag=etag, size=10)
    return ObjectCreated(
        document_id=document_id(source),
        source=source,
        stage_version="1",
        at=datetime(2026, 1, 2, tzinfo=UTC),
        generation=generation,
    )


class FaultyBus(MemoryBus):
    """The in-process bus, with a broker that refuses the next `refusals` commits, polls or members."""

    def __init__(self, partitions: int = 1) -> None:
        super().__init__(partitions)
        self.refusals = {"commit": 0, "poll": 0, "join": 0}

    def refuse(self, what: str) -> None:
        """Raise if this was to be refused."""
        if self.refusals[what] > 0:
            self.refusals[what] -= 1
            raise BusFault(f"no {what}")

    def consumer(
        self,
        group: str,
        identity: str,
        topics: Collection[str],
        on_revoked: Callable[[frozenset[Partition]], None],
    ) -> FaultyMember:
        self.refuse("join")
        member = FaultyMember(self, group, identity, frozenset(topics), on_revoked)
        self.admit(group, identity, member)
        return member


class FaultyMember(MemoryMember):
    """A member that feels the broker's refusals."""

    def poll(self, seconds: float, most: int) -> list[Record]:
        self._faulty.refuse("poll")
        return super().poll(seconds, most)

    def commit(
        self, messages: Sequence[Message], done: Mapping[Partition, int], marks: Mapping[Partition, str]
    ) -> None:
        self._faulty.refuse("commit")
        super().commit(messages, done, marks)

    @property
    def _faulty(self) -> FaultyBus:
        assert isinstance(self._bus, FaultyBus)
        return self._bus


class Hands:
    """An executor that ends a record when the test says so, or at once by the answers it was given."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.given: list[Record] = []
        self.seen: list[bytes] = []
        self.answers: dict[bytes, Result] = {}
        self.always: Result | None = None
        self.closed = False

    def room(self) -> int:
        return self.capacity - len(self.given)

    def submit(self, record: Record) -> None:
        self.given.append(record)
        self.seen.append(record.value or b"")

    def collect(self, seconds: float) -> list[tuple[Record, Result]]:
        del seconds
        ended = [(record, result) for record in self.given if (result := self._answer(record)) is not None]
        self.given = [record for record in self.given if self._answer(record) is None]
        return ended

    def abandon(self, partitions: Collection[Partition]) -> None:
        self.given = [record for record in self.given if record.partition not in partitions]

    def close(self) -> None:
        self.closed = True

    def _answer(self, record: Record) -> Result | None:
        return self.answers.get(record.value or b"", self.always)


class Rig:
    """A loop and everything around it."""

    def __init__(
        self,
        bus: FaultyBus | None = None,
        *,
        capacity: int = 10,
        heavy: bool = False,
        identity: str = "one",
        policy: RetryPolicy = AT_ONCE,
    ) -> None:
        self.bus = bus or FaultyBus()
        self.hands = Hands(capacity)
        self.ended: list[Ended] = []
        self.servers_there = True
        self.undone = 0
        settler = Settler(SERVICE, "1", self.ended.append, transient=policy, poison=policy)
        spec = LoopSpec(SERVICE, identity, (TOPIC, RETRY), heavy=heavy)
        self.loop = Loop(spec, self.bus, self.hands, settler, lambda: self.servers_there, self._undo)
        self.loop._join(threading.Event())

    def _undo(self) -> None:
        self.undone += 1

    def send(self, *values: bytes, topic: str = TOPIC) -> None:
        """Records whose key is their value."""
        self.bus.send([Message(topic, value, value) for value in values])

    def turn(self, times: int = 1) -> None:
        """Turns of the loop; a hold is over before each."""
        for _ in range(times):
            self.loop._hold_until = 0.0
            self.loop._turn(taking=True)

    def offset(self, topic: str = TOPIC, number: int = 0) -> int:
        """What a restart would go on with."""
        kept = self.bus._groups[f"juesuan.{SERVICE}"].offsets.get(Partition(topic, number))
        return kept[0] if kept else 0

    def out(self, topic: str) -> list[Record]:
        """What is in a topic."""
        return list(self.bus.read_all(topic))

    def leave(self) -> None:
        """Die without a word: the group learns of it."""
        self.loop._consumer.close()
