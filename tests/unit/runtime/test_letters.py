from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.bus import Message, Partition, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.runtime.letters import attempt_of, dead, due_of, origin_of, parked, revived

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
HEADERS = (("ce_id", b"1"), ("ce_id", b"2"), ("x", b"\xff\x00"))
FIRST = Record(Partition("topic", 3), 41, b"key", b"\x00 value", HEADERS)
ERROR = InvalidDocument(Category.DAMAGED, Phase.EXTRACT, Text(zh="文件已损坏。", en="Damaged."), "字" * 3000)


def received(message: Message, partition: int = 0, offset: int = 0) -> Record:
    return Record(Partition(message.topic, partition), offset, message.key, message.value, message.headers)


def test_a_new_record_is_at_its_first_attempt() -> None:
    assert (attempt_of(FIRST), due_of(FIRST), origin_of(FIRST)) == (1, None, ("topic", 3, 41))


def test_parking_keeps_the_record_and_counts() -> None:
    message, due = parked(FIRST, "retry", 90, NOW)
    assert (message.topic, message.key, message.value) == ("retry", FIRST.key, FIRST.value)
    assert message.headers[:3] == HEADERS
    again = received(message, 1, 7)
    assert due == due_of(again) == NOW + timedelta(seconds=90)
    assert attempt_of(again) == 2
    assert origin_of(again) == ("topic", 3, 41)


def test_parking_twice_does_not_pile_up_headers() -> None:
    once, _ = parked(FIRST, "retry", 1, NOW)
    twice, _ = parked(received(once, 5, 6), "retry", 1, NOW)
    assert attempt_of(received(twice)) == 3
    assert origin_of(received(twice)) == ("topic", 3, 41)
    assert len(twice.headers) == len(once.headers)


def test_an_origin_at_the_very_start_stays_known() -> None:
    first = Record(Partition("topic", 0), 0, b"k", b"v")
    message, _ = parked(first, "retry", 1, NOW)
    assert origin_of(received(message, 2, 9)) == ("topic", 0, 0)


def test_a_dead_letter_is_the_record_unchanged_with_the_reason_beside_it() -> None:
    message, _ = parked(FIRST, "retry", 1, NOW)
    letter = received(dead(received(message, 1, 7), "dead", "extractor", ERROR, 2))
    assert (letter.key, letter.value, letter.headers[:3]) == (FIRST.key, FIRST.value, HEADERS)
    said = {
        name: letter.header(f"juesuan-{name}")
        for name in ("service", "reason", "category", "phase", "attempts", "error-zh", "error-en")
    }
    assert said == {
        "service": "extractor",
        "reason": "InvalidDocument",
        "category": "damaged",
        "phase": "extract",
        "attempts": "2",
        "error-zh": "文件已损坏。",
        "error-en": "Damaged.",
    }
    assert origin_of(letter) == ("topic", 3, 41)
    assert datetime.fromisoformat(letter.header("juesuan-died-at") or "").tzinfo is UTC


def test_a_long_detail_is_cut_between_characters() -> None:
    detail = received(dead(FIRST, "dead", "s", ERROR, 1)).header("juesuan-detail") or ""
    assert set(detail) == {"字"}
    assert len(detail.encode()) <= 4000


def test_a_revived_letter_is_the_first_record_again() -> None:
    letter = received(dead(FIRST, "dead", "extractor", ERROR, 20), 0, 5)
    assert revived(letter) == Message("topic", b"key", b"\x00 value", HEADERS)


@pytest.mark.parametrize("value", [None, b""])
def test_a_record_without_a_value_can_be_parked_and_buried(value: bytes | None) -> None:
    record = Record(Partition("t", 0), 0, None, value)
    assert parked(record, "retry", 1)[0].value == b""
    assert dead(record, "dead", "s", ERROR, 1).key == b""
