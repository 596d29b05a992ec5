"""Dead letters that are sent again on the in-process bus: each counts as open until then, whatever it holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.options import Format
from cli.remote import letters
from cli.remote.letters import Chosen, list_letters, replay_letters, show_letter
from services.indexer.database import open_database
from shared.adapters.bus import Message, Record
from shared.adapters.memory_bus import MemoryBus
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.events import ObjectCreated
from shared.runtime.cloudevents import encode, new_traceparent
from shared.runtime.letters import RESENT, dead, place_of
from shared.runtime.topics import Topic, dead_letter_topic, retry_topic
from tests.contract.lives import history, source
from tests.unit.cli.in_memory import new_bus, servers_of

SORRY = InvalidDocument(Category.NOT_READABLE, Phase.INTAKE, Text(zh="不是通知", en="No notification"))
Listed = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MemoryBus:
    """What the commands find instead of Kafka."""
    database = str(tmp_path / "chain.db")
    open_database(database).dispose()
    made = new_bus()
    monkeypatch.setattr(letters, "servers", servers_of(made, database))
    return made


@pytest.fixture
def listed(capsys: pytest.CaptureFixture[str]) -> Listed:
    def ask(*, sent: bool = False) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert list_letters(Chosen(sent=sent), Format.JSON) == 0
        found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return found

    return ask


def dies(bus: MemoryBus, service: str, topic: str, start: int) -> int:
    """The service gives up every record of the topic from `start` on; how many there are."""
    records: list[Record] = list(bus.read_all(topic))
    bus.send([dead(record, dead_letter_topic(service), service, SORRY, 1) for record in records[start:]])
    return len(records)


def created() -> Message:
    event = history(source())[0]
    assert isinstance(event, ObjectCreated)
    return encode(event, "intake", new_traceparent())


@pytest.mark.parametrize(
    ("service", "first", "topic"),
    [
        ("intake", Message(Topic.NOTIFICATIONS, b"k", b"not json"), Topic.NOTIFICATIONS),
        ("extractor", created(), Topic.OBJECT_CREATED),
        ("lifecycle", Message(retry_topic("lifecycle"), b"k", created().value, created().headers),
         retry_topic("lifecycle")),
    ],
)  # fmt: skip
def test_one_that_dies_again_leaves_one_open_letter(
    bus: MemoryBus, listed: Listed, service: str, first: Message, topic: str
) -> None:
    bus.send([first])
    taken = dies(bus, service, topic, 0)
    seen = []
    for round_ in range(1, 5):
        (letter,) = listed()
        seen.append(letter["letter"])
        assert replay_letters(Chosen(), every=True, dry_run=False) == 0
        assert listed() == []
        assert len(list(bus.read_all(topic))) == 1 + round_
        taken = dies(bus, service, topic, taken)
    assert len(set(seen)) == 4
    assert [letter["sent_again"] for letter in listed(sent=True)] == [True] * 4 + [False]


def test_a_dry_run_marks_nothing(bus: MemoryBus, listed: Listed) -> None:
    bus.send([Message(Topic.NOTIFICATIONS, b"k", b"not json")])
    dies(bus, "intake", Topic.NOTIFICATIONS, 0)
    assert replay_letters(Chosen(), every=True, dry_run=True) == 0
    assert len(listed()) == 1
    assert len(list(bus.read_all(dead_letter_topic("intake")))) == 1


def test_a_mark_is_no_letter(bus: MemoryBus, listed: Listed) -> None:
    bus.send([Message(Topic.NOTIFICATIONS, b"k", b"not json")])
    dies(bus, "intake", Topic.NOTIFICATIONS, 0)
    assert replay_letters(Chosen(("intake/0",)), every=False, dry_run=False) == 0
    letter, mark = bus.read_all(dead_letter_topic("intake"))
    assert (mark.header(RESENT), mark.value) == (place_of(letter), b"")
    assert show_letter("intake/1") == 2
    assert replay_letters(Chosen(("intake/1",)), every=False, dry_run=False) == 2
    assert [item["letter"] for item in listed(sent=True)] == ["intake/0"]
