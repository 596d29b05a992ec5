"""Folders of one report that any S3 client fills: their files wait for the marker, and are then one document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.extractor import chain as extractor
from services.intake import chain as intake
from services.reconciler.compare import announcement
from shared.adapters.bus import Partition, Record
from shared.adapters.memory_bus import MemoryBus
from shared.adapters.objects import FolderStore
from shared.contracts.document import Document
from shared.contracts.errors import Category, InvalidDocument
from shared.contracts.events import DocumentExtracted, ObjectCreated
from shared.contracts.folders import is_marker, report_folder, waits
from shared.runtime.cloudevents import encode
from shared.runtime.connections import ChainSettings, Connections, load, store, use
from shared.runtime.topics import Topic
from tests.corpus import bundles
from tests.corpus.layouts import LAYOUTS

FOLDER = "省/批/林业局.report/"
REPORT = bundles.file_per_table(LAYOUTS[2], 32)


@pytest.fixture(autouse=True)
def _connected(tmp_path: Path) -> Iterator[None]:
    for bucket in ("incoming", "outputs"):
        FolderStore(tmp_path).ensure_bucket(bucket)
    chosen = ChainSettings(kafka="", store=str(tmp_path), database="", incoming="incoming", outputs="outputs")
    with use(Connections(chosen, MemoryBus(single=(Topic.NOTIFICATIONS, Topic.SEEN)))):
        yield


def announced(key: str, content: bytes) -> list[ObjectCreated]:
    """What the intake tells of an upload."""
    store().put("incoming", key, content)
    info = store().info("incoming", key)
    assert info is not None
    value = announcement("incoming", info).value
    assert value is not None
    events = intake.work(Record(Partition(Topic.NOTIFICATIONS, 0), 0, b"", value)).events
    return [event for event in events if isinstance(event, ObjectCreated)]


def extracted(event: ObjectCreated) -> tuple[DocumentExtracted, Document]:
    """The event and the document of the extractor."""
    message = encode(event, "intake", None)
    record = Record(Partition(Topic.OBJECT_CREATED, 0), 0, message.key, message.value, message.headers)
    (done,) = extractor.work(record).events
    assert isinstance(done, DocumentExtracted)
    return done, load(done.document, Document)


def filled() -> None:
    """Every file of the report, none of which is told of."""
    for name, content in REPORT.files.items():
        assert announced(FOLDER + name, content) == []


def test_the_marker_makes_one_document_of_the_files() -> None:
    filled()
    (event,) = announced(FOLDER + "_complete", b"")
    done, document = extracted(event)
    assert document.name == "林业局.report"
    assert sorted(part.name for part in document.parts) == sorted(REPORT.files)
    assert document.doubts == ()
    assert extracted(event)[0].document == done.document


def test_a_marker_with_other_content_reads_the_folder_again() -> None:
    filled()
    (first,) = announced(FOLDER + "_complete", b"1")
    late = announced(FOLDER + "补充/说明.txt", "补充说明：".encode() + "本部门无其他事项。".encode() * 30)
    assert late == []
    (second,) = announced(FOLDER + "_complete", b"2")
    assert first.document_id != second.document_id
    parts = [part.name for part in extracted(second)[1].parts]
    assert sorted(parts) == sorted([*REPORT.files, "补充/说明.txt"])


def test_a_folder_without_files_says_so() -> None:
    (event,) = announced(FOLDER + "_complete", b"")
    with pytest.raises(InvalidDocument) as caught:
        extracted(event)
    assert caught.value.category is Category.NOTHING_FOUND
    assert "_complete" in caught.value.text.zh


@pytest.mark.parametrize(
    ("key", "folder"),
    [
        ("t/b/甲.report/a.pdf", "t/b/甲.report/"),
        ("t/b/甲.report/附件/乙.report/a.pdf", "t/b/甲.report/"),
        ("t/b/甲.report/_complete", "t/b/甲.report/"),
        ("t/b/甲.report", None),
        ("t/b/.report/a.pdf", None),
        ("t/b/甲.zip!/乙.report/a.pdf", None),
        ("t/b/甲/a.pdf", None),
    ],
)
def test_which_keys_lie_in_such_a_folder(key: str, folder: str | None) -> None:
    assert report_folder(key) == folder
    assert is_marker(key) is key.endswith("_complete")
    assert waits(key) is (folder is not None and not key.endswith("_complete"))
