from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shared.adapters.bus import Partition, Record
from shared.adapters.objects import NoSuchObject
from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase, TransientFault
from shared.contracts.events import DocumentExtracted, ObjectRef, SourceObject
from shared.runtime.ahead import Ahead
from shared.runtime.cloudevents import encode, expect
from shared.runtime.connections import ChainSettings, Connections, keep, load, use
from shared.runtime.connections import store as in_force
from shared.runtime.inline import InlineExecutor
from shared.runtime.results import Lost, Postponed, Produced

AWAY = Text(zh="不在", en="away")


class Slow:
    """A store in memory that notes on which thread it was asked, and waits with outputs until `go`."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.threads: dict[str, list[str]] = {}
        self.go = threading.Event()
        self.faults: dict[str, Exception] = {}

    def get(self, bucket: str, key: str) -> bytes:
        self._note(key)
        if key not in self.objects:
            raise NoSuchObject(f"{bucket}/{key}")
        return self.objects[key]

    def put(self, bucket: str, key: str, content: bytes) -> None:
        self._note(key)
        assert self.go.wait(10), bucket
        if key in self.faults:
            raise self.faults[key]
        self.objects[key] = content

    def _note(self, key: str) -> None:
        self.threads.setdefault(key, []).append(threading.current_thread().name)


def event(name: str) -> DocumentExtracted:
    source = SourceObject(bucket="in", key=f"t/b/{name}", etag=name, size=1)
    return DocumentExtracted(
        document_id=f"{int(name):064x}",
        source=source,
        stage_version="1",
        at=datetime(2025, 1, 1, tzinfo=UTC),
        content_id="0" * 64,
        document=ObjectRef(bucket="out", key=name),
        doubts=0,
    )


def record(name: str) -> Record:
    message = encode(event(name), "extractor", None)
    return Record(Partition(message.topic, 0), int(name), message.key, message.value, message.headers)


def work(given: Record) -> Produced:
    """Load what the event refers to, and keep something under its name."""
    name = expect(given, DocumentExtracted).document
    text = load(name, Text)
    keep("made", f"{name.key}{text.en}", "0" * 16, "1", b"{}")
    return Produced()


@pytest.fixture
def place() -> Iterator[tuple[Slow, InlineExecutor]]:
    store, ahead = Slow(), Ahead()
    chain = Connections(ChainSettings(kafka="", store="", database="", instance="t"))
    chain.ahead = ahead
    with use(chain):
        chain._opened[in_force.__wrapped__] = store  # type: ignore[attr-defined]
        executor = InlineExecutor(work, 50, ahead=ahead)
        yield store, executor
        store.go.set()
        executor.close()


def made(name: str) -> str:
    return f"made/{name}w/{name}w/{'0' * 16}-1.json"


def give(executor: InlineExecutor, *names: str) -> list[str]:
    for name in names:
        executor.submit(record(name))
    return [type(result).__name__ for _, result in executor.collect(0)]


def filled(store: Slow, *names: str) -> None:
    for name in names:
        store.objects[name] = b'{"zh": "a", "en": "w"}'


def test_inputs_come_and_outputs_go_on_other_threads(place: tuple[Slow, InlineExecutor]) -> None:
    store, executor = place
    filled(store, "1", "2", "3", "4")
    store.go.set()
    assert give(executor, "1", "2", "3", "4") == ["Produced"] * 4
    main = threading.current_thread().name
    assert store.threads["1"] == [main]
    assert all(store.threads[name] != [main] and len(store.threads[name]) == 1 for name in ("2", "3", "4"))
    assert all(store.threads[made(name)][0].startswith("juesuan-store") for name in ("1", "2", "3", "4"))
    assert all(made(name) in store.objects for name in ("1", "2", "3", "4"))


def test_the_turn_ends_when_every_output_is_in_the_store(place: tuple[Slow, InlineExecutor]) -> None:
    store, executor = place
    filled(store, "1", "2")
    threading.Timer(0.3, store.go.set).start()
    assert give(executor, "1", "2") == ["Produced", "Produced"]
    assert made("1") in store.objects
    assert made("2") in store.objects


def test_an_output_that_does_not_arrive_costs_its_own_record(place: tuple[Slow, InlineExecutor]) -> None:
    store, executor = place
    filled(store, "1", "2", "3")
    store.faults[made("2")] = TransientFault(Category.SERVER, Phase.INTAKE, AWAY, "gone")
    store.faults[made("3")] = ValueError("a defect")
    store.go.set()
    assert give(executor, "1", "2", "3") == [Produced.__name__, Postponed.__name__, Lost.__name__]


def test_outputs_that_failed_cost_no_record_of_a_later_batch(place: tuple[Slow, InlineExecutor]) -> None:
    store, executor = place
    names = [str(number) for number in range(1, 10)]
    filled(store, *names)
    store.go.set()
    lost, later = names[:3], names[3:]
    for name in lost:
        store.faults[made(name)] = TransientFault(Category.SERVER, Phase.INTAKE, AWAY, "gone")
    assert give(executor, *lost) == [Postponed.__name__] * 3
    assert give(executor, *later) == [Produced.__name__] * 6
    assert all(made(name) in store.objects for name in later)


def test_an_input_that_was_not_there_yet_is_asked_for_again(place: tuple[Slow, InlineExecutor]) -> None:
    store, executor = place
    filled(store, "1", "3")
    store.go.set()
    assert give(executor, "1", "2") == ["Produced", "Postponed"]
    assert len(store.threads["2"]) == 2, "ahead, and once more when it was its turn"


def test_no_more_than_a_few_outputs_are_on_their_way(place: tuple[Slow, InlineExecutor]) -> None:
    store, executor = place
    names = [str(number) for number in range(1, 13)]
    filled(store, *names)
    worked_on: list[int] = []

    def let_go() -> None:
        worked_on.append(len([name for name in names if name in store.threads]))
        store.go.set()

    threading.Timer(0.3, let_go).start()
    assert give(executor, *names) == ["Produced"] * 12
    assert worked_on == [4 + 1 + 4], "four on their way, one that waits to be, four inputs ahead"
