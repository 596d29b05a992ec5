"""The loop of the services on the in-process bus and on a real Kafka: output and offset together, retries, letters."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from deploy.local.stack import Stack
from shared.adapters.bus import MAX_MESSAGE_BYTES, Bus, Message, Partition, Record
from shared.adapters.memory_bus import MemoryBus
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase, PoisonDocument, TransientFault
from shared.runtime.inline import InlineExecutor
from shared.runtime.letters import attempt_of
from shared.runtime.loop import Loop, LoopSpec
from shared.runtime.results import Produced, Result
from shared.runtime.retry import RetryPolicy
from shared.runtime.settle import Ended, Settler
from shared.runtime.topics import dead_letter_topic, retry_topic

pytestmark = pytest.mark.xdist_group("servers")

_WHY = Text(zh="缘由", en="reason")
_SOON = RetryPolicy(attempts=3, base=0.1, longest=0.1)


@dataclass
class Place:
    """A service of its own, with its topics, on one of the buses."""

    bus: Bus
    name: str = field(default_factory=lambda: f"t{uuid.uuid4().hex}")

    @property
    def work(self) -> str:
        """Where its records come from."""
        return f"{self.name}.work"

    @property
    def out(self) -> str:
        """Where its results go."""
        return f"{self.name}.out"

    def topics(self) -> list[str]:
        return [self.work, self.out, retry_topic(self.name), dead_letter_topic(self.name)]

    def values(self, topic: str) -> Counter[bytes]:
        return Counter(record.value or b"" for record in self.bus.read_all(topic))


@pytest.fixture(params=["memory", "kafka"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "memory":
        return Place(MemoryBus(partitions=4))
    installation: Stack = request.getfixturevalue("installation")
    found = Place(request.getfixturevalue("kafka_bus"))
    admin = KafkaAdminClient(bootstrap_servers=installation.kafka.address)
    admin.create_topics([NewTopic(topic, 4, 1) for topic in found.topics()])
    admin.close()
    return found


def work(place: Place) -> Callable[[Record], Produced]:
    """A record says by its value how it wants to end."""

    def end(record: Record) -> Produced:
        kind = (record.value or b"").split()[0]
        if kind == b"bad":
            raise InvalidDocument(Category.DAMAGED, Phase.EXTRACT, _WHY)
        if kind == b"away" or (kind == b"late" and attempt_of(record) < 3):
            raise TransientFault(Category.SERVER, Phase.INDEX, _WHY)
        if kind == b"poison":
            raise PoisonDocument(Category.CRASH, Phase.EXTRACT, _WHY)
        if kind == b"huge":
            return Produced(extra=(Message(place.out, record.key or b"", bytes(MAX_MESSAGE_BYTES + 1)),))
        return Produced(extra=(Message(place.out, record.key or b"", record.value or b""),))

    return end


@contextmanager
def running(place: Place, identity: str = "one") -> Iterator[list[Ended]]:
    """The loop in a thread of its own."""
    ended: list[Ended] = []
    settler = Settler(place.name, "1", ended.append, transient=_SOON, poison=_SOON)
    spec = LoopSpec(place.name, f"{place.name}.{identity}", (place.work, retry_topic(place.name)))
    loop = Loop(spec, place.bus, InlineExecutor(work(place), 20), settler, lambda: True)
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop,))
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join(40)
    assert not thread.is_alive()


def wait(done: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert done()


def send(place: Place, values: list[bytes]) -> None:
    place.bus.send([Message(place.work, value, value, (("mine", b"\xff"),)) for value in values])


def test_every_record_ends_once_in_its_own_way(place: Place) -> None:
    values = [
        b"%s %d" % (kind, number) for kind in (b"good", b"bad", b"late", b"away", b"poison") for number in range(6)
    ]
    send(place, values)
    with running(place) as ended:
        # 6 good, 6 bad, 18 tries each of late, away and poison
        wait(lambda: len(ended) >= 66)
    assert place.values(place.out) == Counter(value for value in values if value.split()[0] in {b"good", b"late"})
    letters = list(place.bus.read_all(dead_letter_topic(place.name)))
    assert Counter(letter.value for letter in letters) == Counter(
        value for value in values if value.split()[0] in {b"bad", b"away", b"poison"}
    )
    assert {(letter.header("juesuan-category"), letter.header("juesuan-attempts")) for letter in letters} == {
        ("damaged", "1"),
        ("server", "3"),
        ("crash", "3"),
    }
    assert {letter.header("juesuan-origin-topic") for letter in letters} == {place.work}
    assert all(("mine", b"\xff") in letter.headers for letter in letters)
    assert Counter(end.outcome for end in ended) == {"produced": 12, "rejected": 6, "postponed": 30, "lost": 18}


def test_what_is_too_large_for_the_bus_holds_up_nothing(place: Place) -> None:
    values = [b"good 1", b"huge 1", b"good 2", b"huge 2", b"good 3"]
    place.bus.send([Message(place.work, b"one key", value) for value in values])
    with running(place) as ended:
        wait(lambda: len(ended) >= len(values))
    assert place.values(place.out) == Counter([b"good 1", b"good 2", b"good 3"])
    letters = list(place.bus.read_all(dead_letter_topic(place.name)))
    assert [(letter.value, letter.header("juesuan-category")) for letter in letters] == [
        (b"huge 1", "too_large"),
        (b"huge 2", "too_large"),
    ]


def test_a_restart_goes_on_where_it_was(place: Place) -> None:
    send(place, [b"good %d" % number for number in range(20)])
    with running(place) as ended:
        wait(lambda: len(ended) == 20)
    send(place, [b"good %d" % number for number in range(20, 40)])
    with running(place) as ended:
        wait(lambda: len(ended) >= 20)
    assert place.values(place.out) == Counter(b"good %d" % number for number in range(40))


def test_two_at_work_do_everything_once(place: Place) -> None:
    send(place, [b"good %d" % number for number in range(100)])
    with running(place, "one"):
        with running(place, "two"):
            send(place, [b"late %d" % number for number in range(50)])
            wait(lambda: place.values(place.out).total() >= 150)
        send(place, [b"good %d" % number for number in range(100, 120)])
        wait(lambda: place.values(place.out).total() >= 170)
    assert set(place.values(place.out).values()) == {1}
    assert place.values(place.out).total() == 170


class Slow:
    """Hands that hold one record per partition until they are told to let go."""

    def __init__(self) -> None:
        self.held: list[Record] = []
        self.abandoned: list[Record] = []
        self.free = False

    def room(self) -> int:
        return 4 - len(self.held)

    def submit(self, record: Record) -> None:
        self.held.append(record)

    def collect(self, seconds: float) -> list[tuple[Record, Result]]:
        del seconds
        ended, self.held = (self.held, []) if self.free else ([], self.held)
        return [(record, Produced()) for record in ended]

    def abandon(self, partitions: Collection[Partition]) -> None:
        self.abandoned += [record for record in self.held if record.partition in partitions]
        self.held = [record for record in self.held if record.partition not in partitions]

    def close(self) -> None:
        self.held.clear()


@contextmanager
def slow(place: Place, identity: str) -> Iterator[tuple[Slow, Loop]]:
    """A heavy service in a thread of its own that ends nothing before it is told to."""
    hands = Slow()
    settler = Settler(place.name, "1", lambda _: None, transient=_SOON, poison=_SOON)
    spec = LoopSpec(place.name, f"{place.name}.{identity}", (place.work,), heavy=True)
    loop = Loop(spec, place.bus, hands, settler, lambda: True)
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop, 0.0))
    thread.start()
    try:
        yield hands, loop
    finally:
        stop.set()
        thread.join(40)
    assert not thread.is_alive()


def test_what_was_begun_goes_with_its_partition_and_can_come_back(place: Place) -> None:
    """Other partitions of the one that gave them away go on, and nothing stays taken for work that nobody does."""
    send(place, [b"good %d" % number for number in range(40)])
    with slow(place, "one") as (one, first):
        wait(lambda: len(one.held) == 4)
        with slow(place, "two") as (two, second):
            wait(lambda: len(one.held) == len(two.held) == 2)
            assert {record.value for record in two.held} == {record.value for record in one.abandoned}
            assert (first.working(), second.working()) == (2, 2)
        wait(lambda: len(one.held) == 4)
        one.free = True
        wait(lambda: sum(first.lag().values()) == first.working() == 0 and first.assigned() == 4)
    # no beginning of a record that was only moved counts as one that killed its worker
    assert list(place.bus.read_all(dead_letter_topic(place.name))) == []
