"""The bus in one process: the same promises as Kafka, for unit tests and the one-machine mode."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.adapters.bus import MAX_MESSAGE_BYTES, Fenced, Message, Oversized, Partition, Rebalanced, Record


@dataclass
class _Group:
    members: list[MemoryMember] = field(default_factory=list)
    offsets: dict[Partition, tuple[int, str]] = field(default_factory=dict)


class MemoryBus:
    """Topics with `partitions` partitions each, or one for those of `single`; they appear when they are first used."""

    def __init__(self, partitions: int = 4, single: Collection[str] = ()) -> None:
        self._partitions, self._single = partitions, frozenset(single)
        self._logs: dict[Partition, list[Record]] = {}
        self._groups: dict[str, _Group] = {}
        self._owners: dict[str, MemoryMember] = {}
        self._changed = threading.Condition()

    def consumer(
        self,
        group: str,
        identity: str,
        topics: Collection[str],
        on_revoked: Callable[[frozenset[Partition]], None],
    ) -> MemoryMember:
        member = MemoryMember(self, group, identity, frozenset(topics), on_revoked)
        self.admit(group, identity, member)
        return member

    def admit(self, group: str, identity: str, member: MemoryMember) -> None:
        """Let a member take part; whoever had its identity before is shut out."""
        with self._changed:
            self._owners[identity] = member
            self._groups.setdefault(group, _Group()).members.append(member)
            self._balance(group)

    def read_all(self, topic: str) -> Iterator[Record]:
        with self._changed:
            found = [
                record for partition, log in sorted(self._logs.items()) if partition.topic == topic for record in log
            ]
        return iter(found)

    def send(self, messages: Sequence[Message]) -> None:
        with self._changed:
            self._append(messages)

    def reachable(self) -> bool:
        return True

    def _count(self, topic: str) -> int:
        return 1 if topic in self._single else self._partitions

    def _append(self, messages: Sequence[Message]) -> None:
        for message in messages:
            partition = Partition(message.topic, zlib.crc32(message.key) % self._count(message.topic))
            log = self._logs.setdefault(partition, [])
            now = int(time.time() * 1000)
            log.append(Record(partition, len(log), message.key, message.value, message.headers, now))
        self._changed.notify_all()

    def _balance(self, name: str) -> None:
        group = self._groups[name]
        topics = sorted({topic for member in group.members for topic in member.topics})
        shares: dict[int, set[Partition]] = {id(member): set() for member in group.members}
        for topic in topics:
            takers = [member for member in group.members if topic in member.topics]
            for number in range(self._count(topic)):
                partition = Partition(topic, number)
                keepers = [member for member in takers if partition in member.held]
                fair = -(-self._count(topic) // len(takers))
                keeper = next((member for member in keepers if _share(shares[id(member)], topic) < fair), None)
                taker = keeper or min(takers, key=lambda member: _share(shares[id(member)], topic))
                shares[id(taker)].add(partition)
        for member in group.members:
            member.rebalance(frozenset(shares[id(member)]))


def _share(held: set[Partition], topic: str) -> int:
    return sum(1 for partition in held if partition.topic == topic)


class MemoryMember:
    """One member of a group on the in-process bus."""

    def __init__(
        self,
        bus: MemoryBus,
        group: str,
        identity: str,
        topics: frozenset[str],
        on_revoked: Callable[[frozenset[Partition]], None],
    ) -> None:
        self.topics = topics
        self.held: frozenset[Partition] = frozenset()
        self._bus, self._group, self._identity, self._on_revoked = bus, group, identity, on_revoked
        self._positions: dict[Partition, int] = {}
        self._paused: set[Partition] = set()
        self._gone: set[Partition] = set()
        self._generation: dict[Partition, int] = {}

    def rebalance(self, held: frozenset[Partition]) -> None:
        """Take over another share; called by the bus under its lock."""
        lost = self.held - held
        self._gone |= lost
        self._paused -= lost
        for partition in lost:
            self._positions.pop(partition, None)
        self.held = held

    def poll(self, seconds: float, most: int) -> list[Record]:
        deadline = time.monotonic() + seconds
        while True:
            with self._bus._changed:  # noqa: SLF001 - the two classes are one mechanism
                self._check_owner()
                gone, self._gone = frozenset(self._gone), set()
                found = [] if gone else self._take(most)
                if not found and not gone and time.monotonic() < deadline:
                    self._bus._changed.wait(max(0.0, deadline - time.monotonic()))  # noqa: SLF001
                    continue
            if gone:
                self._on_revoked(gone)
                continue
            return found

    def assignment(self) -> frozenset[Partition]:
        return self.held

    def owns(self) -> bool:
        return True

    def settled(self) -> bool:
        return True

    def pause(self, partitions: Collection[Partition]) -> None:
        self._paused |= self.held & set(partitions)

    def resume(self, partitions: Collection[Partition]) -> None:
        self._paused -= set(partitions)

    def seek(self, partition: Partition, offset: int) -> None:
        if partition in self.held:
            self._positions[partition] = offset

    def commit(
        self, messages: Sequence[Message], done: Mapping[Partition, int], marks: Mapping[Partition, str]
    ) -> None:
        with self._bus._changed:  # noqa: SLF001
            self._check_owner()
            lost = set(done) - self.held
            if lost:
                raise Rebalanced(f"no longer held: {sorted(lost)}")
            if any(len(message.value) > MAX_MESSAGE_BYTES for message in messages):
                raise Oversized("a message is too large")
            offsets = self._bus._groups[self._group].offsets  # noqa: SLF001
            offsets.update({partition: (offset, marks.get(partition, "")) for partition, offset in done.items()})
            self._bus._append(messages)  # noqa: SLF001

    def commit_soon(
        self, done: Mapping[Partition, int], marks: Mapping[Partition, str], failed: Callable[[str], None]
    ) -> None:
        with self._bus._changed:  # noqa: SLF001
            offsets = self._bus._groups[self._group].offsets  # noqa: SLF001
            for partition, offset in done.items():
                if offsets.get(partition, (0, ""))[0] > offset:
                    failed(f"{partition} is further already")
                else:
                    offsets[partition] = (offset, marks.get(partition, ""))

    def behind(self) -> Mapping[Partition, int]:
        with self._bus._changed:  # noqa: SLF001
            return {partition: len(self._log(partition)) - self._start(partition) for partition in self.held}

    def mark(self, partition: Partition) -> tuple[int, str] | None:
        return self._bus._groups[self._group].offsets.get(partition)  # noqa: SLF001

    def close(self) -> None:
        with self._bus._changed:  # noqa: SLF001
            group = self._bus._groups[self._group]  # noqa: SLF001
            group.members = [member for member in group.members if member is not self]
            self.held = frozenset()
            if group.members:
                self._bus._balance(self._group)  # noqa: SLF001
            self._bus._changed.notify_all()  # noqa: SLF001

    def _check_owner(self) -> None:
        if self._bus._owners.get(self._identity) is not self:  # noqa: SLF001
            raise Fenced(f"{self._identity} runs elsewhere now")

    def _log(self, partition: Partition) -> list[Record]:
        return self._bus._logs.get(partition, [])  # noqa: SLF001

    def _start(self, partition: Partition) -> int:
        position = self._positions.get(partition)
        return (self.mark(partition) or (0, ""))[0] if position is None else position

    def _take(self, most: int) -> list[Record]:
        found: list[Record] = []
        for partition in sorted(self.held - self._paused):
            start = self._start(partition)
            batch = self._log(partition)[start : start + most - len(found)]
            self._positions[partition] = start + len(batch)
            found.extend(batch)
            if len(found) >= most:
                break
        return found
