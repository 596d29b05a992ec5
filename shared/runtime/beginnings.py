"""The journal of beginnings: which records were begun, how often, over all processes (decision 0013)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from shared.adapters.bus import Consumer, Partition, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase, PoisonDocument

_BEGUN = "begun="


class Beginnings:
    """Written with the offsets of a member's group, so that whoever gets a partition next knows what was under way.

    `at_most`: a record that was begun so often without an end is given up. `careful`: so many records of a partition
    are worked on one by one when an earlier process ended in the middle of them, to learn which one it was.
    """

    def __init__(self, at_most: int, careful: int) -> None:
        self._at_most, self._careful_for = at_most, careful
        self._known: dict[Partition, tuple[int, int]] = {}
        self._open: dict[Partition, int] = {}
        self._careful: dict[Partition, int] = {}

    def careful(self, consumer: Consumer, record: Record) -> bool:
        """Whether this first record of its partition, or one soon after it, may have ended an earlier process."""
        partition = record.partition
        if partition not in self._careful:
            offset, count = self._look(consumer, partition)
            suspect = offset == record.offset and count > 0 and partition not in self._open
            self._careful[partition] = self._careful_for if suspect else 0
        return self._careful[partition] > 0

    def given_up(self, consumer: Consumer, record: Record) -> PoisonDocument | None:
        """What is to be said of a record that was begun too often, before it is begun once more."""
        begun = self._next(consumer, record) - 1
        return _killer(begun) if begun >= self._at_most else None

    def write(self, consumer: Consumer, firsts: Collection[Record]) -> None:
        """Write down that the `firsts` of their partitions are begun, unless that stands there. Raises `BusFault`."""
        new = {
            record.partition: (record.offset, self._next(consumer, record))
            for record in firsts
            if self._open.get(record.partition) != record.offset
        }
        if new:
            consumer.commit((), {p: offset for p, (offset, _) in new.items()}, _marks(new))
            self._known.update(new)
            self._open.update({partition: offset for partition, (offset, _) in new.items()})

    def take_back(self, firsts: Mapping[Partition, int]) -> tuple[dict[Partition, int], dict[Partition, str]]:
        """Offsets and marks that undo the beginnings of what is left unfinished in good order, at these offsets."""
        back = {
            partition: (offset, self._known[partition][1] - 1)
            for partition, offset in firsts.items()
            if self._open.pop(partition, None) == offset
        }
        return {partition: offset for partition, (offset, _) in back.items()}, _marks(back)

    def waits(self, partition: Partition, offset: int) -> None:
        """It will be begun again, but did not take the process with it: waiting for a server does not count."""
        if self._open.pop(partition, None) == offset:
            self._known[partition] = (offset, max(0, self._known[partition][1] - 1))

    def ended(self, records: Sequence[Record]) -> None:
        """These were committed."""
        for record in records:
            self._open.pop(record.partition, None)
            if self._careful.get(record.partition):
                self._careful[record.partition] -= 1

    def forget(self, partition: Partition) -> None:
        """It was taken away; what is known of it may change."""
        for kept in (self._known, self._open, self._careful):
            kept.pop(partition, None)

    def _next(self, consumer: Consumer, record: Record) -> int:
        offset, count = self._look(consumer, record.partition)
        return count + 1 if offset == record.offset else 1

    def _look(self, consumer: Consumer, partition: Partition) -> tuple[int, int]:
        if partition not in self._known:
            kept = consumer.mark(partition)
            begun = kept is not None and kept[1].startswith(_BEGUN)
            self._known[partition] = (kept[0], int(kept[1].removeprefix(_BEGUN))) if kept and begun else (-1, 0)
        return self._known[partition]


def _marks(begun: Mapping[Partition, tuple[int, int]]) -> dict[Partition, str]:
    return {partition: f"{_BEGUN}{count}" for partition, (_, count) in begun.items()}


def _killer(times: int) -> PoisonDocument:
    return PoisonDocument(
        Category.CRASH,
        Phase.EXTRACT,
        Text(
            zh=f"处理该文件时服务进程已 {times} 次意外终止，不再重试。请检查文件是否损坏。",
            en=f"The service died {times} times while it worked on this file; it is not tried again. "
            "Check whether the file is damaged.",
        ),
        f"begun {times} times without an end",
    )
