"""The intake's memory of what it announced, when commits fail: on the in-process bus and on the real one."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.intake.chain import SERVICE
from services.reconciler.compare import announcement
from shared.adapters.bus import Bus, BusFault, Consumer, Message, Partition, Record
from shared.adapters.kafka_bus import KafkaBus
from shared.adapters.memory_bus import MemoryBus
from shared.adapters.objects import FolderStore, ObjectStore, open_store
from shared.runtime.connections import ChainSettings
from shared.runtime.service import serve
from shared.runtime.topics import Topic
from tests.chaos.kit import assert_unique, wait_until

pytestmark = pytest.mark.xdist_group("servers")


class Unlucky:
    """A member whose commits fail now and then before anything happened."""

    def __init__(self, member: Consumer, chance: random.Random, failed: list[int]) -> None:
        self._member, self._chance, self._failed = member, chance, failed

    def commit(
        self, messages: Sequence[Message], done: Mapping[Partition, int], marks: Mapping[Partition, str]
    ) -> None:
        if messages and self._chance.random() < 0.5:
            self._failed.append(len(messages))
            raise BusFault("bad luck")
        self._member.commit(messages, done, marks)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._member, name)


class UnluckyBus:
    """A bus whose members are unlucky."""

    def __init__(self, bus: Bus) -> None:
        self._bus, self._chance = bus, random.Random(7)
        self.failed: list[int] = []

    def consumer(
        self,
        group: str,
        identity: str,
        topics: Collection[str],
        on_revoked: Callable[[frozenset[Partition]], None],
    ) -> Unlucky:
        return Unlucky(self._bus.consumer(group, identity, topics, on_revoked), self._chance, self.failed)

    def read_all(self, topic: str) -> Iterator[Record]:
        return self._bus.read_all(topic)

    def send(self, messages: Sequence[Message]) -> None:
        self._bus.send(messages)

    def reachable(self) -> bool:
        return self._bus.reachable()


def announced_once(bus: Bus, store: ObjectStore, chain: ChainSettings) -> None:
    """Every object is announced by the intake exactly once, whatever fails."""
    batch = uuid.uuid4().hex
    for number in range(30):
        store.put(chain.incoming, f"memory/{batch}/{number}.txt", str(number).encode())
    told = [announcement(chain.incoming, info) for info in store.list(chain.incoming, f"memory/{batch}/")]
    unlucky, stop = UnluckyBus(bus), threading.Event()
    thread = threading.Thread(target=serve, args=(SERVICE, chain, unlucky, stop))
    thread.start()

    def found() -> list[Record]:
        records = bus.read_all(Topic.OBJECT_CREATED)
        return [record for record in records if f"memory/{batch}/" in (record.header("ce_subject") or "")]

    try:
        for _ in range(4):
            bus.send(told)
            time.sleep(1)
            bus.send(told[::-1])
        wait_until("all announced", lambda: len(found()) >= len(told), 60)
        time.sleep(2)
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()
    assert unlucky.failed
    assert_unique(found())
    assert len(found()) == len(told)


def test_in_one_process(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    chain = ChainSettings(kafka="", store=str(tmp_path), database="", instance="1", batch=7)
    store.ensure_bucket(chain.incoming)
    announced_once(MemoryBus(partitions=1), store, chain)


def test_on_the_real_servers(stack: Stack) -> None:
    stack.service("intake").stop(45)
    names = stack.environment()
    chain = ChainSettings.from_environment({**names, "JUESUAN_INSTANCE": "1", "JUESUAN_BATCH": "7"})
    bus = KafkaBus(stack.kafka.address)
    try:
        announced_once(bus, open_store(names["JUESUAN_STORE"]), chain)
    finally:
        bus.close()
        stack.start_services(["intake"])
