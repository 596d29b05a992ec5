"""The loop of every service: take records, have them worked on, commit output and offset together."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from shared.adapters.bus import Bus, BusFault, Consumer, Fenced, Message, Oversized, Partition, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase, PoisonDocument
from shared.observability.actions import LogAction
from shared.observability.log import Level, log
from shared.runtime.beginnings import Beginnings
from shared.runtime.breaker import Breaker, BreakerOpen
from shared.runtime.letters import attempt_of, due_of
from shared.runtime.results import Executor, Lost, Postponed, Produced, Result
from shared.runtime.settle import Settler

_IDLE_SECONDS = 0.5
_BUSY_SECONDS = 0.02
_HOLD_SECONDS = 2.0
#: take everything that was fetched: kafka-python forgets to hand out what was left over when its partition was paused
_TAKE = 50_000
_MEASURE_SECONDS = 5.0


@dataclass(frozen=True)
class LoopSpec:
    """What a service is to the loop: who it is and what it reads.

    Before it is worked on, a record is written down as begun, so that one that takes the whole process with it is
    recognised after a few restarts. `heavy` work: each record, one of a partition at a time. Light work: a batch; after
    one that an earlier process did not survive, `careful` records of each partition one by one.
    """

    service: str
    identity: str
    topics: tuple[str, ...]
    heavy: bool = False
    begun_at_most: int = 3
    careful: int = 50


class _Begun(NamedTuple):
    """A record that is worked on, and since when (monotonic)."""

    record: Record
    since: float


class _Settled(NamedTuple):
    """A record that was worked on, how it ended, and what is to be told of it."""

    begun: _Begun
    result: Result
    messages: Sequence[Message]


class Loop:
    """One member of the service's consumer group. `run` returns when `stop` is set; everything fatal is raised."""

    def __init__(
        self,
        spec: LoopSpec,
        bus: Bus,
        executor: Executor,
        settler: Settler,
        ready: Callable[[], bool],
        undo: Callable[[], None] | None = None,
    ) -> None:
        self._undo = undo or _nothing
        self._spec, self._executor, self._settler, self._ready = spec, executor, settler, ready
        self._breaker = Breaker()
        self._chance = random.Random()  # noqa: S311 - jitter
        self._backlog: dict[Partition, deque[Record]] = {}
        self._working: dict[Partition, deque[_Begun]] = {}
        self._parked: dict[Partition, float] = {}
        self._beginnings = Beginnings(spec.begun_at_most, spec.careful)
        self._revoked: deque[frozenset[Partition]] = deque()
        #: so that of a record either the beginning is taken back or the end is committed, never both
        self._handover = threading.Lock()
        self._hold_until = 0.0
        self._lag: dict[Partition, int] = {}
        self._measured = -_MEASURE_SECONDS
        self.beat = time.monotonic()
        self._bus = bus
        self._member: Consumer | None = None

    def assigned(self) -> int:
        """How many partitions this member holds."""
        return len(self._member.assignment()) if self._member else 0

    def working(self) -> int:
        """How many records are being worked on."""
        return sum(len(records) for records in self._working.values())

    def lag(self) -> dict[Partition, int]:
        """Records of each partition held that wait or are being worked on, as of a few seconds ago."""
        return self._lag

    def run(self, stop: threading.Event, drain_seconds: float = 20.0) -> None:
        """Turn until `stop`; then let running work end for up to `drain_seconds`, abandon the rest, leave the group."""
        try:
            self._join(stop)
            while not stop.is_set():
                self._turn(taking=True)
            deadline = time.monotonic() + drain_seconds
            while self._working and time.monotonic() < deadline:
                self._turn(taking=False)
            self._executor.abandon(list(self._working))
            self._take_back(frozenset(self._working), wait=True)
        finally:
            self._executor.close()
            if self._member:
                self._member.close()

    @property
    def _consumer(self) -> Consumer:
        assert self._member is not None
        return self._member

    def _join(self, stop: threading.Event) -> None:
        """Become a member of the group; a bus that is away is waited for."""
        spec = self._spec
        while self._member is None and not stop.is_set():
            self.beat = time.monotonic()
            try:
                self._member = self._bus.consumer(
                    f"juesuan.{spec.service}", spec.identity, spec.topics, self._on_revoked
                )
            except BusFault as fault:
                self._hold(f"the bus: {fault}")
                stop.wait(self._hold_until - time.monotonic())

    def _turn(self, *, taking: bool) -> None:
        self.beat = time.monotonic()
        held = not taking or self.beat < self._hold_until
        self._pause_and_resume(held=held)
        try:
            # Never zero: kafka-python then neither joins a rebalance nor asks where new partitions stand.
            patience = _BUSY_SECONDS if self._working or self._backlog else _IDLE_SECONDS
            arrived = self._consumer.poll(patience, _TAKE)
        except BusFault as fault:
            self._drop_revoked()
            self._hold(f"the bus: {fault}")
            time.sleep(_BUSY_SECONDS)
            return
        self._drop_revoked()  # first: a partition that went may have come again, with the records it begins with now
        for record in arrived:
            self._arrived(record)
        # Nothing is begun before the journal can be written, and what ended waits until it can be committed.
        if not held and self._consumer.settled():
            try:
                self._start()
            except BusFault as fault:
                self._hold(f"journal: {fault}")
        if self._consumer.owns():
            self._finish(self._executor.collect(0.0))
        if self.beat - self._measured > _MEASURE_SECONDS:
            self._measure()

    def _pause_and_resume(self, *, held: bool) -> None:
        assignment = self._consumer.assignment()
        now = time.monotonic()
        self._parked = {partition: due for partition, due in self._parked.items() if due > now}
        full = held or self._executor.room() <= 0
        busy = (
            assignment
            if full
            else {p for p in assignment if p in self._working or p in self._backlog or p in self._parked}
        )
        self._consumer.pause(busy)
        self._consumer.resume(assignment - busy)

    def _measure(self) -> None:
        # Here and not where it is asked for: a consumer belongs to the thread of its loop.
        lag = dict(self._consumer.behind())
        for taken in (self._backlog, self._working):
            for partition, records in taken.items():
                if partition in lag:
                    lag[partition] += len(records)
        self._lag, self._measured = lag, self.beat

    def _arrived(self, record: Record) -> None:
        if record.partition not in self._parked:  # else fetched before the pause; the seek brings it back
            self._backlog.setdefault(record.partition, deque()).append(record)

    def _park(self, record: Record) -> bool:
        """Whether the first record of a backlog is not due yet: then its partition rests until it is."""
        due = due_of(record)
        wait = (due - datetime.now(UTC)).total_seconds() if due else 0.0
        if wait > 0 and record.partition not in self._working:
            self._parked[record.partition] = time.monotonic() + wait
            del self._backlog[record.partition]
            self._consumer.seek(record.partition, record.offset)
        return wait > 0

    def _start(self) -> None:
        """Begin what there is room for. Raises `BusFault` when a journal cannot be read."""
        for partition in list(self._backlog):
            if time.monotonic() < self._hold_until:
                return  # the bus has just refused a journal; it would refuse the next one too
            while self._executor.room() > 0 and partition in self._backlog:
                if self._spec.heavy and partition in self._working:
                    break  # its offset can only be committed in order
                if self._park(self._backlog[partition][0]):
                    break
                alone = not self._spec.heavy and self._suspects(partition)
                if alone and self._working:
                    break
                if not self._begin(partition, at_once=alone or self._spec.heavy):
                    break
                if alone:
                    return
        if not self._spec.heavy:
            self._write([records[0].record for records in self._working.values()])

    def _suspects(self, partition: Partition) -> bool:
        """Whether records are begun one by one: an earlier process ended in the middle of a batch."""
        firsts = [self._backlog[partition][0], *(records[0].record for records in self._working.values())]
        return any(self._beginnings.careful(self._consumer, record) for record in firsts)

    def _begin(self, partition: Partition, *, at_once: bool) -> bool:
        """Whether the next record of a backlog was begun; with its journal `at_once`, or that of its batch follows."""
        record = self._backlog[partition][0]
        killer = self._beginnings.given_up(self._consumer, record) if at_once else None
        self._backlog[partition].popleft()
        if not self._backlog[partition]:
            del self._backlog[partition]
        self._working.setdefault(partition, deque()).append(_Begun(record, time.monotonic()))
        if killer is not None:
            self._finish([(record, Lost(killer, final=True))])
            return False
        if at_once and not self._write([record]):
            return False
        self._executor.submit(record)
        return True

    def _write(self, firsts: Sequence[Record]) -> bool:
        """Whether the journal stands; else these partitions are given back."""
        try:
            self._beginnings.write(self._consumer, firsts)
        except BusFault as fault:
            for record in firsts:
                self._give_back(record.partition, record.offset, f"journal: {fault}")
            return False
        return True

    def _take_back(self, partitions: frozenset[Partition], *, wait: bool) -> None:
        """Their records are left unfinished in good order: whoever gets them next shall not count this beginning."""
        firsts = {p: offset for p in partitions if (offset := self._first(p)) is not None}
        offsets, marks = self._beginnings.take_back(firsts)
        if not offsets:
            return
        if not wait:
            self._consumer.commit_soon(offsets, marks, self._not_taken_back)
            return
        try:
            self._consumer.commit((), offsets, marks)
        except (BusFault, Fenced) as fault:
            self._not_taken_back(str(fault))

    def _first(self, partition: Partition) -> int | None:
        try:
            return self._working[partition][0].record.offset
        except (KeyError, IndexError):
            return None  # ended this very moment: the bus asks on a thread of its own

    def _not_taken_back(self, why: str) -> None:
        # Taken away by force: then it counts, which costs the document one of several beginnings.
        log(LogAction.LOOP_HELD, Level.WARNING, service=self._spec.service, reason=f"take back: {why}")

    def _finish(self, ended: Sequence[tuple[Record, Result]]) -> None:
        self._drop_revoked()
        settled: list[_Settled] = []
        for record, result in ended:
            working = self._working.get(record.partition)
            if not working or working[0].record is not record:
                continue  # its partition was taken away, or a record before it was given back
            if isinstance(result, Postponed) and not self._ready():
                self._give_back(record.partition, record.offset, f"a server is away: {result.error.detail}")
                continue
            settled.append(_Settled(working.popleft(), result, self._settler.settle(record, result, self._chance)))
            if not working:
                del self._working[record.partition]
        with self._handover:
            gone = frozenset[Partition]().union(*self._revoked)
        settled = [item for item in settled if item.begun.record.partition not in gone]
        if settled:
            self._commit(settled)

    def _commit(self, settled: Sequence[_Settled]) -> bool:
        """Whether it was committed; else the records are given back."""
        records = [item.begun.record for item in settled]
        done = {record.partition: record.offset + 1 for record in records}
        try:
            self._consumer.commit([message for item in settled for message in item.messages], done, {})
        except Oversized as fault:
            return self._commit_apart(settled, str(fault))
        except BusFault as fault:
            for partition in done:
                first = next(record.offset for record in records if record.partition == partition)
                self._give_back(partition, first, f"commit: {fault}")
            return False
        self._beginnings.ended(records)
        for begun, result, _ in settled:
            self._count(begun.record, result, time.monotonic() - begun.since)
        return True

    def _commit_apart(self, settled: Sequence[_Settled], why: str) -> bool:
        """One of these tells something that is too large for the bus, today and tomorrow: it is given up."""
        if len(settled) == 1:
            begun, result, _ = settled[0]
            if isinstance(result, Lost) and result.final:
                raise BreakerOpen(f"not even the end of a record can be told: {why}")
            lost = Lost(_too_long(why), final=True)
            return self._commit([_Settled(begun, lost, self._settler.settle(begun.record, lost, self._chance))])
        stopped: set[Partition] = set()
        for item in settled:
            if item.begun.record.partition not in stopped and not self._commit([item]):
                stopped.add(item.begun.record.partition)
        return not stopped

    def _count(self, record: Record, result: Result, seconds: float) -> None:
        self._settler.count(record, result, seconds)
        if isinstance(result, Lost) and attempt_of(record) == 1:
            self._breaker.failed(result.error.detail or result.error.category.value)
        elif isinstance(result, Produced):
            self._breaker.succeeded()

    def _give_back(self, partition: Partition, offset: int, why: str) -> None:
        """Nothing from `offset` on was committed: fetch it again, after a while."""
        self._executor.abandon([partition])
        self._undo()
        self._working.pop(partition, None)
        self._backlog.pop(partition, None)
        self._beginnings.waits(partition, offset)
        self._consumer.seek(partition, offset)
        self._hold(why)

    def _hold(self, why: str) -> None:
        log(LogAction.LOOP_HELD, Level.WARNING, service=self._spec.service, reason=why)
        self._hold_until = time.monotonic() + _HOLD_SECONDS * self._chance.uniform(0.5, 1.0)

    def _on_revoked(self, partitions: frozenset[Partition]) -> None:
        """Called by the bus while the loop polls, on a thread where nothing may wait and nothing may be raised."""
        with self._handover:
            self._take_back(partitions, wait=False)
            self._revoked.append(partitions)

    def _drop_revoked(self) -> None:
        """Forget all that has to do with partitions that were taken away."""
        while self._revoked:
            partitions = self._revoked.popleft()
            self._executor.abandon(partitions)
            self._undo()
            for partition in partitions:
                self._backlog.pop(partition, None)
                self._working.pop(partition, None)
                self._parked.pop(partition, None)
                self._beginnings.forget(partition)


def _nothing() -> None:
    """A service that remembers nothing between records."""


def _too_long(why: str) -> PoisonDocument:
    return PoisonDocument(
        Category.TOO_LARGE,
        Phase.INTAKE,
        Text(
            zh="该文件包含的文件过多，结果超出消息总线的上限。请拆分后分别上传。",
            en="What is to be told of this file is too large for the bus: it holds too many files. Upload it in parts.",
        ),
        why,
    )
