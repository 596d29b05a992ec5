from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.bus import Message, Partition, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.events import MODELS, AnyEvent, DocumentFailed, DocumentRetried, EventType, ObjectCreated
from shared.runtime.cloudevents import (
    NoEvent,
    child_traceparent,
    decode,
    encode,
    event_id,
    expect,
    follow,
    new_traceparent,
    traceparent_of,
)
from shared.runtime.topics import TOPIC_OF
from tests.unit.runtime.rig import uploaded

SHA = "0" * 64
REF = {"bucket": "out", "key": "k"}
SAID: dict[EventType, dict[str, object]] = {
    EventType.OBJECT_CREATED: {},
    EventType.DOCUMENT_EXTRACTED: {"content_id": SHA, "document": REF, "doubts": 1},
    EventType.REPORT_NORMALIZED: {"content_id": SHA, "report": REF, "facts": 2, "doubts": 1},
    EventType.REPORT_VALIDATED: {
        "content_id": SHA, "report": REF, "assessment": REF, "facts": 2, "doubts": 1, "errors": 0, "warnings": 3,
    },
    EventType.REPORT_INDEXED: {"content_id": SHA, "revision": 1, "facts": 2, "partial": True},
    EventType.DOCUMENT_UNPACKED: {
        "content_id": SHA, "objects": [{"bucket": "in", "key": "t/b/a.zip!/x.pdf", "etag": "e", "size": 1}],
        "doubts": 0,
    },
    EventType.DOCUMENT_FAILED: {
        "service": "extractor", "phase": Phase.EXTRACT, "category": Category.DAMAGED,
        "message": Text(zh="坏", en="bad"), "attempts": 1,
    },
    EventType.DOCUMENT_RETRIED: {
        "service": "indexer", "phase": Phase.INDEX, "category": Category.SERVER,
        "message": Text(zh="等", en="wait"), "attempts": 1, "next_at": datetime(2026, 1, 1, tzinfo=UTC),
    },
}  # fmt: skip


def make(kind: EventType, key: str = "省/批次/文件 1.pdf", **said: object) -> AnyEvent:
    event = follow(uploaded(key), MODELS[kind], "0.1", **{**SAID[kind], **said})
    assert isinstance(event, AnyEvent)
    return event


def received(message: Message) -> Record:
    return Record(Partition(message.topic, 0), 0, message.key, message.value, message.headers)


@pytest.mark.parametrize("kind", list(EventType))
def test_events_come_back_as_they_were_sent(kind: EventType) -> None:
    event = make(kind)
    assert decode(received(encode(event, "tester", None))) == event


@pytest.mark.parametrize("kind", list(EventType))
def test_binary_mode_has_attributes_in_headers_and_the_body_as_json(kind: EventType) -> None:
    event = make(kind)
    message = encode(event, "tester", None)
    headers = {name: value.decode() for name, value in message.headers}
    assert message.topic == TOPIC_OF[kind]
    assert message.key.decode() == event.document_id
    assert json.loads(message.value) == event.model_dump(mode="json")
    assert headers.pop("ce_traceparent")
    assert datetime.fromisoformat(headers.pop("ce_time")) == event.at
    subject = headers.pop("ce_subject")
    assert headers == {
        "ce_specversion": "1.0",
        "ce_type": kind.value,
        "ce_id": event_id(event),
        "ce_source": "/juesuan/tester",
        "content-type": "application/json",
    }
    assert "文件" in subject


def test_an_id_depends_on_what_happened_and_not_on_when() -> None:
    event = make(EventType.OBJECT_CREATED)
    later = event.model_copy(update={"at": datetime(2030, 1, 1, tzinfo=UTC)})
    assert event_id(event) == event_id(later)


@pytest.mark.parametrize(
    "changed",
    [{"stage_version": "0.2"}, {"generation": 1}, {"document_id": "1" * 64}],
)
def test_another_version_generation_or_document_is_another_event(changed: dict[str, object]) -> None:
    event = make(EventType.OBJECT_CREATED)
    assert event_id(event) != event_id(event.model_copy(update=changed))


def test_ids_of_failures_tell_services_and_attempts_apart() -> None:
    ids = {
        event_id(make(kind, service=service, attempts=attempts))
        for kind in (EventType.DOCUMENT_FAILED, EventType.DOCUMENT_RETRIED)
        for service in ("extractor", "indexer")
        for attempts in (1, 2)
    }
    assert len(ids) == 8


def test_a_trace_is_carried_on_with_a_span_of_its_own() -> None:
    parent = new_traceparent()
    message = encode(make(EventType.OBJECT_CREATED), "tester", parent)
    child = traceparent_of(received(message))
    assert child is not None
    assert child.split("-")[1] == parent.split("-")[1]
    assert child.split("-")[2] != parent.split("-")[2]


@pytest.mark.parametrize("broken", [None, "", "00-12-34-01", "no trace at all", "00-" + "a" * 32])
def test_a_broken_trace_begins_anew(broken: str | None) -> None:
    version, trace, span, flags = child_traceparent(broken).split("-")
    assert (version, len(trace), len(span), flags) == ("00", 32, 16, "01")


def test_our_own_headers_do_not_disturb_an_event() -> None:
    message = encode(make(EventType.OBJECT_CREATED), "tester", None)
    headers = (*message.headers, ("juesuan-attempt", b"3"), ("x", b"\xff\xfe"))
    record = Record(Partition("t", 0), 0, message.key, message.value, headers)
    assert isinstance(decode(record), ObjectCreated)


@given(st.binary(max_size=50), st.lists(st.tuples(st.sampled_from(["ce_type", "ce_id", "x"]), st.binary(max_size=9))))
def test_anything_else_is_no_event(value: bytes, headers: list[tuple[str, bytes]]) -> None:
    with pytest.raises(NoEvent, match="t/0@7"):
        decode(Record(Partition("t", 0), 7, None, value, tuple(headers)))


def test_a_body_that_breaks_the_contract_is_no_event() -> None:
    message = encode(make(EventType.OBJECT_CREATED), "tester", None)
    body = json.loads(message.value)
    del body["source"]
    with pytest.raises(NoEvent, match="source"):
        decode(Record(Partition("t", 0), 0, message.key, json.dumps(body).encode(), message.headers))


def test_a_newer_service_may_say_more() -> None:
    event = make(EventType.OBJECT_CREATED)
    message = encode(event, "tester", None)
    body = json.loads(message.value) | {"surprise": 1}
    assert decode(Record(Partition("t", 0), 0, message.key, json.dumps(body).encode(), message.headers)) == event


def test_another_event_than_expected_is_the_records_own_fault() -> None:
    indexed = make(EventType.REPORT_INDEXED)
    message = encode(indexed, "tester", None)
    assert expect(received(message), MODELS[EventType.REPORT_INDEXED]) == indexed
    with pytest.raises(InvalidDocument, match="ReportIndexed where ObjectCreated belongs"):
        expect(received(message), ObjectCreated)
    with pytest.raises(InvalidDocument):
        expect(Record(Partition("t", 0), 0, None, None), ObjectCreated)


def test_what_follows_keeps_document_source_generation_and_time_of_upload() -> None:
    noon = datetime(2024, 9, 1, 12, tzinfo=UTC)
    first = uploaded("a/b/c", generation=4).model_copy(update={"uploaded_at": noon})
    event = follow(first, DocumentFailed, "2", **SAID[EventType.DOCUMENT_FAILED])
    assert (event.document_id, event.source, event.generation) == (first.document_id, first.source, 4)
    assert event.uploaded_at == noon
    assert isinstance(make(EventType.DOCUMENT_RETRIED), DocumentRetried)


def test_a_misspelt_field_is_a_defect() -> None:
    with pytest.raises(TypeError, match="doubt"):
        make(EventType.DOCUMENT_EXTRACTED, doubt=1)
