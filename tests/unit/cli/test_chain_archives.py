"""Archives of several reports in what the chain's commands say: their reports count, they do not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cli import language
from cli.remote import replay
from cli.remote.following import follow
from cli.remote.results import records
from cli.remote.status import counts
from services.indexer.database import open_database
from shared.adapters.lifecycle import UNPACKED, Standing, record_events, standings
from shared.contracts.errors import Category, Phase
from shared.contracts.events import DocumentFailed, DocumentUnpacked, Event, ObjectCreated, SourceObject, document_id
from shared.contracts.members import INSIDE
from shared.runtime.cloudevents import decode
from shared.runtime.topics import Topic
from tests.contract.lives import SORRY, START, history
from tests.unit.cli.in_memory import new_bus, servers_of

ARCHIVE = SourceObject(bucket="incoming", key="default/2024/批.zip", etag="a", size=9)
INNER = tuple(
    SourceObject(bucket="incoming", key=f"{ARCHIVE.key}{INSIDE}{name}", etag=name, size=3)
    for name in ("甲.pdf", "乙.zip")
)
LOST = SourceObject(bucket="incoming", key=f"{ARCHIVE.key}{INSIDE}坏.pdf", etag="a", size=0)


def unpacked() -> list[Event]:
    """What is told of the archive itself."""
    moment = START + timedelta(minutes=1)
    made = DocumentUnpacked(
        document_id=document_id(ARCHIVE), source=ARCHIVE, stage_version="1", at=moment,
        content_id="a" * 64, objects=(*INNER, LOST), doubts=0,
    )  # fmt: skip
    failed = DocumentFailed(
        document_id=document_id(LOST), source=LOST, stage_version="1", at=moment, service="extractor",
        phase=Phase.EXTRACT, category=Category.DAMAGED, message=SORRY, attempts=1,
    )  # fmt: skip
    return [*history(ARCHIVE, ends="pending")[:1], made, failed]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(str(tmp_path / "chain.db"))
    yield opened
    opened.dispose()


def test_whoever_waits_for_an_archive_waits_for_its_reports(engine: Engine) -> None:
    record_events(engine, unpacked())
    wanted = {document_id(ARCHIVE)}
    later = threading.Timer(1.0, lambda: [record_events(engine, history(inner)) for inner in INNER])
    later.start()
    looks: list[list[Standing]] = []
    quiet: list[int] = []
    found = follow(engine, "default/2024", wanted, 60.0, looks.append, quiet.append)
    later.join()
    assert wanted == {document_id(source) for source in (ARCHIVE, *INNER, LOST)}
    assert len(looks) > 1
    assert not quiet
    ended = {item.name: item.outcome for item in found.values()}
    assert ended == {
        "批.zip": UNPACKED,
        "批.zip!/甲.pdf": "indexed",
        "批.zip!/乙.zip": "indexed",
        "批.zip!/坏.pdf": "failed",
    }


def test_the_archive_is_no_result_and_not_counted(engine: Engine) -> None:
    record_events(engine, [*unpacked(), *history(INNER[0])])
    found = list(standings(engine, batch="default/2024"))
    assert {record.path.name for record in records(engine, found)} == {"甲.pdf", "坏.pdf"}
    assert counts(found) == {"total": 2, "indexed": 1, "partial": 0, "refused": 0, "failed": 1, "pending": 0}


def test_events_in_any_order_leave_the_archive_unpacked(engine: Engine) -> None:
    for events in (unpacked(), unpacked()[::-1]):
        record_events(engine, events)
        (archive,) = [item for item in standings(engine) if item.key == ARCHIVE.key]
        assert (archive.outcome, archive.stage, archive.content_id) == (UNPACKED, "unpacked", "a" * 64)


EMPTY = SourceObject(bucket="incoming", key=f"{ARCHIVE.key}{INSIDE}空.pdf", etag="e", size=0)


@pytest.mark.parametrize("again_before", [False, True])
@pytest.mark.parametrize("dry_run", [False, True])
def test_what_could_not_be_taken_out_keeps_its_reason_in_a_replay(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    again_before: bool,
    dry_run: bool,
) -> None:
    """An empty file that was taken out is an object and is sent; of the other there is none, whoever asks again."""
    record_events(engine, [*unpacked(), *history(EMPTY, ends="failed")])
    if again_before:
        first = history(LOST, 1, ends="failed")[0]
        assert isinstance(first, ObjectCreated)
        record_events(engine, [first.model_copy(update={"replayed": True}), *history(LOST, 1, ends="failed")[1:]])
    bus = new_bus()
    monkeypatch.setattr(replay, "servers", servers_of(bus, str(engine.url.database)))
    monkeypatch.setattr(language, "_chosen", "en")
    assert replay.replay("extractor", ["outcome=failed"], dry_run=dry_run) == 0
    said = capsys.readouterr().out
    assert "1 documents" in said
    assert "1 more match, but could not be taken out of their archives" in said
    sent = [decode(record).source.key for record in bus.read_all(Topic.OBJECT_CREATED)]
    assert sent == ([] if dry_run else [EMPTY.key])


def test_a_replay_of_the_archive_itself_goes_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    record_events(engine, unpacked())
    bus = new_bus()
    monkeypatch.setattr(replay, "servers", servers_of(bus, str(engine.url.database)))
    assert replay.replay("extractor", [f"document={ARCHIVE.key}"], dry_run=False) == 0
    assert [decode(record).source for record in bus.read_all(Topic.OBJECT_CREATED)] == [ARCHIVE]
