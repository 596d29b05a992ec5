"""What every bus promises: the same tests on the in-process bus and on a real Kafka."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.adapters.bus import Bus, BusFault, Consumer, Fenced, Message, Partition, Rebalanced, Record
from shared.adapters.memory_bus import MemoryBus

pytestmark = pytest.mark.xdist_group("servers")


class Member:
    """A consumer with what it heard of revoked partitions."""

    def __init__(self, bus: Bus, group: str, topic: str, identity: str) -> None:
        self.revoked: list[Partition] = []
        self.consumer: Consumer = bus.consumer(group, identity, [topic], self.revoked.extend)

    def take(self, count: int, seconds: float = 30) -> list[Record]:
        found: list[Record] = []
        deadline = time.monotonic() + seconds
        while len(found) < count and time.monotonic() < deadline:
            found.extend(self.consumer.poll(0.2, count - len(found)))
        return found

    def settle(self, partitions: int, seconds: float = 40) -> None:
        """Poll until this member holds so many partitions."""
        deadline = time.monotonic() + seconds
        while len(self.consumer.assignment()) != partitions and time.monotonic() < deadline:
            self.consumer.pause(self.consumer.assignment())
            self.consumer.poll(0.1, 1)
        self.consumer.resume(self.consumer.assignment())


def poll_together(*members: Member) -> None:
    """Each on a thread of its own. The answer to a member that joins must come while it polls, or it joins anew."""
    with ThreadPoolExecutor(len(members)) as threads:
        list(threads.map(lambda member: member.consumer.poll(0.1, 1), members))


@pytest.fixture(params=["memory", "kafka"])
def bus(request: pytest.FixtureRequest) -> Bus:
    if request.param == "memory":
        return MemoryBus(partitions=4)
    found: Bus = request.getfixturevalue("kafka_bus")
    return found


@pytest.fixture
def new_topic(request: pytest.FixtureRequest, bus: Bus) -> Callable[[], str]:
    if isinstance(bus, MemoryBus):
        return lambda: uuid.uuid4().hex
    make: Callable[[], str] = request.getfixturevalue("kafka_topic")
    return make


@pytest.fixture
def topic(new_topic: Callable[[], str]) -> str:
    return new_topic()


@pytest.fixture
def join(bus: Bus, topic: str) -> Iterator[Callable[[str], Member]]:
    members: list[Member] = []
    group = f"group-{topic}"

    def make(identity: str) -> Member:
        members.append(Member(bus, group, topic, f"{identity}-{topic}"))
        return members[-1]

    yield make
    for member in members:
        member.consumer.close()


def messages(topic: str, count: int) -> list[Message]:
    return [Message(topic, f"key {n}".encode(), f"value {n}".encode(), (("n", str(n).encode()),)) for n in range(count)]


def committed(bus: Bus, topic: str) -> list[bytes]:
    return sorted(record.value or b"" for record in bus.read_all(topic))


def test_records_arrive_as_they_were_sent(bus: Bus, topic: str, join: Callable[[str], Member]) -> None:
    bus.send(messages(topic, 10))
    records = join("one").take(10)
    assert sorted((record.key, record.value, record.header("n")) for record in records) == sorted(
        (f"key {n}".encode(), f"value {n}".encode(), str(n)) for n in range(10)
    )


def test_equal_keys_keep_their_order(bus: Bus, topic: str, join: Callable[[str], Member]) -> None:
    bus.send([Message(topic, b"same", str(n).encode()) for n in range(20)])
    records = join("one").take(20)
    assert len({record.partition for record in records}) == 1
    assert [record.value for record in records] == [str(n).encode() for n in range(20)]


def test_output_and_offset_go_together(
    bus: Bus, topic: str, new_topic: Callable[[], str], join: Callable[[str], Member]
) -> None:
    target = new_topic()
    bus.send(messages(topic, 6))
    first = join("one")
    records = first.take(6)
    for record in records[:4]:
        out = Message(target, record.key or b"", record.value or b"")
        first.consumer.commit([out], {record.partition: record.offset + 1}, {})
    first.consumer.close()
    rest = join("two").take(2)
    assert len(committed(bus, target)) == 4
    assert sorted(record.value or b"" for record in rest) == sorted(record.value or b"" for record in records[4:])


def test_a_restarted_instance_fences_the_one_before(
    bus: Bus, topic: str, new_topic: Callable[[], str], join: Callable[[str], Member]
) -> None:
    target = new_topic()
    bus.send(messages(topic, 1))
    zombie = join("same")
    record = zombie.take(1)[0]
    heir = join("same")
    with pytest.raises((Fenced, Rebalanced)):
        zombie.consumer.commit([Message(target, b"k", b"zombie")], {record.partition: record.offset + 1}, {})
    zombie.consumer.close()  # a fenced process ends
    again = heir.take(1, seconds=60)[0]
    heir.consumer.commit([Message(target, b"k", b"heir")], {again.partition: again.offset + 1}, {})
    assert committed(bus, target) == [b"heir"]


def test_a_paused_partition_stays_silent(bus: Bus, topic: str, join: Callable[[str], Member]) -> None:
    member = join("one")
    member.settle(4)
    member.consumer.pause(member.consumer.assignment())
    bus.send(messages(topic, 4))
    assert member.take(1, seconds=2) == []
    member.consumer.resume(member.consumer.assignment())
    assert len(member.take(4)) == 4


def test_a_record_that_was_sought_comes_again(bus: Bus, topic: str, join: Callable[[str], Member]) -> None:
    bus.send([Message(topic, b"k", str(n).encode()) for n in range(3)])
    member = join("one")
    records = member.take(3)
    member.consumer.seek(records[1].partition, records[1].offset)
    assert [record.value for record in member.take(2)] == [b"1", b"2"]


def test_a_mark_survives_with_its_offset(bus: Bus, topic: str, join: Callable[[str], Member]) -> None:
    bus.send([Message(topic, b"k", b"v")])
    member = join("one")
    record = member.take(1)[0]
    member.consumer.commit((), {record.partition: record.offset}, {record.partition: "begun=1"})
    assert member.consumer.mark(record.partition) == (record.offset, "begun=1")
    member.consumer.close()
    heir = join("two")
    assert heir.take(1)[0].offset == record.offset
    assert heir.consumer.mark(record.partition) == (record.offset, "begun=1")


def test_partitions_are_shared_and_taken_over(join: Callable[[str], Member]) -> None:
    one = join("one")
    one.settle(4)
    two = join("two")
    deadline = time.monotonic() + 40
    while len(two.consumer.assignment()) != 2 and time.monotonic() < deadline:
        poll_together(one, two)
    assert len(one.consumer.assignment()) == len(two.consumer.assignment()) == 2
    one.consumer.poll(0.1, 1)
    assert set(one.revoked) == set(two.consumer.assignment())
    two.consumer.close()
    one.settle(4)
    assert len(one.consumer.assignment()) == 4


@pytest.mark.parametrize("milliseconds", [2, 4, 8])
def test_who_polls_briefly_gets_partitions_too(milliseconds: int, join: Callable[[str], Member]) -> None:
    member = join("one")
    deadline = time.monotonic() + 30
    while len(member.consumer.assignment()) != 4 and time.monotonic() < deadline:
        member.consumer.poll(milliseconds / 1000, 1)
    assert len(member.consumer.assignment()) == 4


def test_marks_are_left_while_partitions_are_taken_away(bus: Bus, topic: str, join: Callable[[str], Member]) -> None:
    heard: list[str] = []

    def leave_marks(gone: frozenset[Partition]) -> None:
        one.consumer.commit_soon(dict.fromkeys(gone, 0), dict.fromkeys(gone, "begun=0"), heard.append)
        one.revoked.extend(gone)

    one = join("one")
    one.consumer.close()
    one.consumer = bus.consumer(f"group-{topic}", f"marking-{topic}", [topic], leave_marks)
    one.settle(4)
    two = join("two")
    deadline = time.monotonic() + 40
    while len(two.consumer.assignment()) != 2 and time.monotonic() < deadline:
        poll_together(one, two)
    one.consumer.poll(0.1, 1)
    assert set(one.revoked) == set(two.consumer.assignment())
    assert [two.consumer.mark(partition) for partition in one.revoked] == [(0, "begun=0")] * 2
    assert heard == []


def test_what_moved_cannot_be_committed(bus: Bus, topic: str, join: Callable[[str], Member]) -> None:
    bus.send(messages(topic, 40))
    one = join("one")
    records = one.take(40)
    two = join("two")
    deadline = time.monotonic() + 40
    while not one.revoked and time.monotonic() < deadline:
        one.consumer.pause(one.consumer.assignment())
        two.consumer.pause(two.consumer.assignment())
        poll_together(one, two)
    moved = next(record for record in records if record.partition in one.revoked)
    kept = one.consumer.assignment()
    assert moved.partition not in kept
    with pytest.raises(Rebalanced):
        one.consumer.commit((), {moved.partition: moved.offset + 1}, {})


def test_reading_all_shows_only_what_was_committed(bus: Bus, new_topic: Callable[[], str]) -> None:
    target = new_topic()
    assert list(bus.read_all(target)) == []
    bus.send(messages(target, 7))
    assert len(list(bus.read_all(target))) == 7


def test_what_was_not_handed_out_yet_is_known(bus: Bus, topic: str, join: Callable[[str], Member]) -> None:
    bus.send([Message(topic, b"k", str(n).encode()) for n in range(5)])
    member = join("one")
    record = member.take(1)[0]
    assert member.consumer.behind()[record.partition] == 4
    member.take(4)
    assert member.consumer.behind()[record.partition] == 0


def test_a_topic_that_is_not_there_is_named(bus: Bus) -> None:
    if isinstance(bus, MemoryBus):
        assert list(bus.read_all("no-such-topic")) == []  # there a topic appears when it is first used
    else:
        with pytest.raises(BusFault, match="no-such-topic"):
            list(bus.read_all("no-such-topic"))
