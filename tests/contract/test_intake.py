"""The intake: every upload is announced once, whatever the notifications look like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake.chain import SERVICE, seen, work
from services.reconciler.compare import announcement
from shared.adapters.bus import Message, Partition, Record
from shared.adapters.memory_bus import MemoryBus
from shared.adapters.objects import FolderStore, ObjectInfo
from shared.contracts.errors import InvalidDocument
from shared.contracts.events import ObjectCreated, SourceObject, document_id
from shared.runtime.connections import ChainSettings, Connections, bus, store, use
from shared.runtime.topics import Topic


@pytest.fixture
def memory() -> MemoryBus:
    return MemoryBus(single=(Topic.NOTIFICATIONS, Topic.SEEN))


@pytest.fixture(autouse=True)
def _connected(tmp_path: Path, memory: MemoryBus) -> Iterator[None]:
    FolderStore(tmp_path).ensure_bucket("incoming")
    with use(Connections(ChainSettings(kafka="", store=str(tmp_path), database="", incoming="incoming"), memory)):
        yield


def put(key: str, content: bytes = b"content") -> ObjectInfo:
    store().put("incoming", key, content)
    info = store().info("incoming", key)
    assert info is not None
    return info


def record(*messages: Message) -> Record:
    """One notification with the records of all."""
    records = [item for message in messages for item in json.loads(message.value)["Records"]]
    return Record(Partition(Topic.NOTIFICATIONS, 0), 0, b"", json.dumps({"Records": records}).encode())


def told(info: ObjectInfo, bucket: str = "incoming") -> Record:
    return record(announcement(bucket, info))


def remember(messages: tuple[Message, ...]) -> None:
    """What the loop does with plain messages when the transaction succeeds."""
    bus().send(messages)


def test_an_upload_becomes_one_event_and_one_memory() -> None:
    info = put("省/批/文件 1.pdf")
    produced = work(told(info))
    (event,) = produced.events
    assert isinstance(event, ObjectCreated)
    source = SourceObject(bucket="incoming", key=info.key, etag=info.etag, size=info.size)
    assert (event.source, event.document_id) == (source, document_id(source))
    assert event.uploaded_at == info.modified is not None
    document, place = produced.extra
    assert (document.topic, document.key.hex(), document.value) == (Topic.SEEN, event.document_id, b"1")
    assert (place.topic, place.value.hex()) == (Topic.SEEN, event.document_id)


def test_the_same_again_is_passed_over() -> None:
    info = put("t/b/f")
    remember(work(told(info)).extra)
    assert work(told(info)).events == ()
    assert work(record(announcement("incoming", info), announcement("incoming", info))).events == ()


def test_twice_in_one_notification_is_one_event() -> None:
    info = put("t/b/f")
    assert len(work(record(announcement("incoming", info), announcement("incoming", info))).events) == 1


def test_another_content_under_the_same_key_is_another_document() -> None:
    first = work(told(put("t/b/f", b"one"))).events
    second = work(told(put("t/b/f", b"two"))).events
    assert first[0].document_id != second[0].document_id


def test_a_content_that_comes_back_is_announced_again(memory: MemoryBus, tmp_path: Path) -> None:
    one = told(put("t/b/f", b"one"))
    first = work(one)
    second = work(told(put("t/b/f", b"two")))
    put("t/b/f", b"one")
    remember((*first.extra, *second.extra))
    with use(Connections(ChainSettings(kafka="", store=str(tmp_path), database="", incoming="incoming"), memory)):
        (again,) = work(one).events
        assert work(one).events == ()
    (event,) = first.events
    assert (again.document_id, again.generation) == (event.document_id, event.generation + 1)


def test_the_memory_of_an_earlier_version_knows_no_places() -> None:
    info = put("t/b/f")
    document, _ = work(told(info)).extra
    seen().forget()
    remember((document,))
    assert work(told(info)).events == ()


def test_a_late_notification_of_a_replaced_object_announces_what_is_there_now_once() -> None:
    old = put("t/b/f", b"one")
    new = put("t/b/f", b"two and more")
    (event,) = work(told(old)).events
    assert event.source.etag == new.etag
    assert work(told(new)).events == ()


def test_the_memory_outlives_the_process(memory: MemoryBus, tmp_path: Path) -> None:
    info = put("t/b/f")
    remember(work(told(info)).extra)
    with use(Connections(ChainSettings(kafka="", store=str(tmp_path), database="", incoming="incoming"), memory)):
        assert work(told(info)).events == ()


def test_what_was_not_committed_is_forgotten() -> None:
    info = put("t/b/f")
    assert len(work(told(info)).events) == 1
    assert SERVICE.undo is not None
    SERVICE.undo()
    assert len(work(told(info)).events) == 1
    source = SourceObject(bucket="incoming", key="other", etag="e", size=1)
    assert seen().add("00" * 32, source)[0] == 1


def test_other_buckets_folders_and_objects_that_went_are_passed_over() -> None:
    store().ensure_bucket("outputs")
    store().put("outputs", "reports/r.json", b"{}")
    assert work(told(ObjectInfo("reports/r.json", "e", 2), "outputs")).events == ()
    assert work(told(ObjectInfo("t/b/", "e", 0))).events == ()
    assert work(told(ObjectInfo("t/b/gone", "e", 1))).events == ()


@pytest.mark.parametrize("bucket", ["outputs", "outputs/", "incomin"])
def test_an_upload_is_announced_once_whatever_bucket_its_notification_names(bucket: str) -> None:
    """versitygw at work on several requests at once names the bucket of another one now and then."""
    info = put("t/b/f")
    produced = work(told(info, bucket))
    (event,) = produced.events
    assert isinstance(event, ObjectCreated)
    assert event.source == SourceObject(bucket="incoming", key=info.key, etag=info.etag, size=info.size)
    assert work(told(info)).events == ()


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        ("a b.txt", "a+b.txt"),
        ("a+b.txt", "a+b.txt"),
        ("a+b c.txt", "a+b%20c.txt"),
        ("100%25.txt", "100%25.txt"),
        ("%FF.txt", "%FF.txt"),
        ("省/文 件.txt", "%E7%9C%81%2F%E6%96%87+%E4%BB%B6.txt"),
    ],
)
def test_the_store_says_which_key_is_meant(key: str, printed: str) -> None:
    info = put(key)
    (event,) = work(told(ObjectInfo(printed, info.etag, info.size))).events
    assert event.source.key == key


@pytest.mark.parametrize("value", [None, b"", b"no JSON", b"{}"])
def test_what_is_no_notification_is_a_dead_letter(value: bytes | None) -> None:
    with pytest.raises(InvalidDocument):
        work(Record(Partition(Topic.NOTIFICATIONS, 0), 0, b"", value))


def test_a_test_event_says_nothing() -> None:
    value = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"}).encode()
    produced = work(Record(Partition(Topic.NOTIFICATIONS, 0), 0, b"", value))
    assert (produced.events, produced.extra) == ((), ())
