"""Which objects came out of an archive: a name that ends with "!" is no archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.extractor import chain as extractor
from services.extractor.bundle.children import child_key, packed
from shared.adapters.bus import Partition, Record
from shared.adapters.objects import FolderStore
from shared.contracts.events import DocumentExtracted, DocumentUnpacked, Event, ObjectCreated, SourceObject, document_id
from shared.contracts.folders import report_folder
from shared.contracts.members import archive_of
from shared.runtime.cloudevents import encode
from shared.runtime.connections import ChainSettings, Connections, store, use
from shared.runtime.topics import Topic
from tests.corpus import bundles
from tests.corpus.layouts import LAYOUTS

ONE, OTHER = bundles.with_annex(LAYOUTS[0], 5), bundles.with_annex(LAYOUTS[3], 6)
SEVERAL = packed([*ONE.files.items(), *OTHER.files.items()])


@pytest.fixture(autouse=True)
def _connected(tmp_path: Path) -> Iterator[None]:
    for bucket in ("incoming", "outputs"):
        FolderStore(tmp_path).ensure_bucket(bucket)
    chosen = ChainSettings(kafka="", store=str(tmp_path), database="", incoming="incoming", outputs="outputs")
    with use(Connections(chosen)):
        yield


def told(key: str, content: bytes) -> Event:
    """What the extractor tells of an upload."""
    store().put("incoming", key, content)
    info = store().info("incoming", key)
    assert info is not None
    source = SourceObject(bucket="incoming", key=key, etag=info.etag, size=info.size)
    now = datetime.now(UTC)
    event = ObjectCreated(document_id=document_id(source), source=source, stage_version="1", at=now)
    message = encode(event, "intake", None)
    record = Record(Partition(Topic.OBJECT_CREATED, 0), 0, message.key, message.value, message.headers)
    first: Event = extractor.work(record).events[0]
    return first


@pytest.mark.parametrize(
    ("key", "archive"),
    [
        ("t/b/批.zip!/甲/乙.pdf", "t/b/批.zip"),
        ("t/b/批.ZIP!/重要!/乙.pdf", "t/b/批.ZIP"),
        ("t/紧急!/全县.rar!/乙.pdf", "t/紧急!/全县.rar"),
        ("t/b/全县.7z!/内.zip!/乙.pdf", "t/b/全县.7z"),
        ("t/b/0123456789abcdef!/fedcba9876543210.pdf", "t/b/0123456789abcdef"),
        ("t/紧急!/全县.zip", None),
        ("t/b/快办!/甲/乙.pdf", None),
        ("t/b/批.zip", None),
    ],
)
def test_what_came_out_of_an_archive_has_an_archive_before_the_mark(key: str, archive: str | None) -> None:
    assert archive_of(key) == archive


@pytest.mark.parametrize(
    "name", ["全县.zip", "全县", "报告.pdf", "紧急!", "Q3.unpacked", "县." + "x" * 940, "x" * 1010]
)
def test_every_key_that_is_made_for_a_report_of_an_archive_is_known_as_one(name: str) -> None:
    key = child_key(f"t/b/{name}", "乙.report/甲.pdf")
    found = archive_of(key)
    assert found is not None
    assert found == f"t/b/{name}" or len(name) > 900
    assert report_folder(key) is None


def test_an_archive_in_a_folder_that_ends_with_an_exclamation_mark_is_unpacked() -> None:
    event = told("t/紧急!/全县.zip", SEVERAL)
    assert isinstance(event, DocumentUnpacked)
    assert len(event.objects) == 2
    for item in event.objects:
        content = store().get("incoming", item.key)
        assert isinstance(told(item.key, content), DocumentExtracted)


def test_a_report_folder_below_such_a_name_is_one() -> None:
    assert report_folder("t/紧急!/林业局.report/a.pdf") == "t/紧急!/林业局.report/"


def test_what_came_out_of_an_archive_with_another_name_under_its_earlier_key_is_still_one_report() -> None:
    store().put("incoming", "t/b/报告.pdf", SEVERAL)
    assert isinstance(told("t/b/报告.pdf!/两局.zip", SEVERAL), DocumentExtracted)
