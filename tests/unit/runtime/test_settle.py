from __future__ import annotations

import random
from datetime import datetime
from itertools import pairwise

import pytest

from shared.adapters.bus import Message, Partition, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase, PoisonDocument
from shared.contracts.events import DocumentFailed, DocumentRetried
from shared.runtime.cloudevents import decode, encode, follow
from shared.runtime.results import Lost, Produced, Rejected, Result
from shared.runtime.retry import RetryPolicy
from shared.runtime.settle import Ended, Settler
from shared.runtime.topics import Topic
from tests.unit.runtime.rig import AWAY, BAD, KILLED, uploaded

CHANCE = random.Random(1)
TRACE = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


def received(message: Message) -> Record:
    return Record(Partition(message.topic, 0), 5, message.key, message.value, message.headers)


FIRST = received(encode(uploaded("t/b/f.pdf"), "intake", TRACE))


@pytest.fixture
def ended() -> list[Ended]:
    return []


@pytest.fixture
def settler(ended: list[Ended]) -> Settler:
    policy = RetryPolicy(attempts=3, base=1.0)
    return Settler("extractor", "7", ended.append, transient=policy, poison=policy)


def trace(record: Record | Message) -> str:
    return dict(record.headers)["ce_traceparent"].decode().split("-")[1]


def test_what_was_produced_carries_the_trace_on(settler: Settler) -> None:
    extra = Message("x", b"k", b"v")
    event, plain = settler.settle(FIRST, Produced((uploaded("t/b/g"),), (extra,)), CHANCE)
    assert plain is extra
    assert trace(event) == "a" * 32
    assert dict(event.headers)["ce_source"] == b"/juesuan/extractor"


def test_events_of_one_untraced_record_share_a_new_trace(settler: Settler) -> None:
    bare = Record(Partition("n", 0), 0, b"", b"{}")
    one, two = settler.settle(bare, Produced((uploaded("a"), uploaded("b"))), CHANCE)
    assert trace(one) == trace(two)


def test_a_rejected_record_leaves_a_letter_and_an_event(settler: Settler) -> None:
    letter, told = settler.settle(FIRST, BAD, CHANCE)
    assert (letter.topic, letter.value) == ("juesuan.dead.extractor", FIRST.value)
    event = decode(received(told))
    assert isinstance(event, DocumentFailed)
    assert (event.service, event.category, event.attempts, event.stage_version) == (
        "extractor",
        Category.DAMAGED,
        1,
        "7",
    )
    assert event.source == uploaded("t/b/f.pdf").source
    assert trace(told) == "a" * 32


def test_a_postponed_record_is_parked_and_told_of(settler: Settler) -> None:
    message, told = settler.settle(FIRST, AWAY, CHANCE)
    assert message.topic == "juesuan.retry.extractor"
    event = decode(received(told))
    assert isinstance(event, DocumentRetried)
    assert told.topic == Topic.DOCUMENT_RETRIED
    assert event.next_at == datetime.fromisoformat(dict(message.headers)["juesuan-not-before"].decode())


@pytest.mark.parametrize("result", [AWAY, KILLED])
def test_attempts_end_with_a_letter(settler: Settler, result: Result) -> None:
    record, topics = FIRST, []
    while True:
        message, told = settler.settle(record, result, CHANCE)
        topics.append((message.topic, told.topic))
        if told.topic == Topic.DOCUMENT_FAILED:
            break
        record = received(message)
    assert topics == [("juesuan.retry.extractor", Topic.DOCUMENT_RETRIED)] * 2 + [
        ("juesuan.dead.extractor", Topic.DOCUMENT_FAILED)
    ]
    event = decode(received(told))
    assert isinstance(event, DocumentFailed)
    assert event.attempts == 3


def test_what_is_final_gets_no_other_attempt(settler: Settler) -> None:
    error = PoisonDocument(Category.CRASH, Phase.EXTRACT, Text(zh="崩", en="crash"))
    letter, _told = settler.settle(FIRST, Lost(error, final=True), CHANCE)
    assert letter.topic == "juesuan.dead.extractor"


def test_a_record_that_is_no_event_leaves_only_a_letter(settler: Settler) -> None:
    foreign = Record(Partition("t", 0), 0, b"k", b"what?")
    (letter,) = settler.settle(foreign, BAD, CHANCE)
    assert letter.value == b"what?"
    (parked,) = settler.settle(foreign, AWAY, CHANCE)
    assert parked.topic == "juesuan.retry.extractor"


def test_no_event_tells_of_the_failure_of_a_failure(settler: Settler) -> None:
    _letter, told = settler.settle(FIRST, BAD, CHANCE)
    assert [message.topic for message in settler.settle(received(told), BAD, CHANCE)] == ["juesuan.dead.extractor"]


def test_a_service_that_does_not_tell_leaves_only_letters(ended: list[Ended]) -> None:
    quiet = Settler("lifecycle", "1", ended.append, tells=False)
    assert [message.topic for message in quiet.settle(FIRST, BAD, CHANCE)] == ["juesuan.dead.lifecycle"]
    assert [message.topic for message in quiet.settle(FIRST, AWAY, CHANCE)] == ["juesuan.retry.lifecycle"]


def test_retries_may_go_to_a_topic_of_their_own(ended: list[Ended]) -> None:
    settler = Settler("intake", "1", ended.append, retry_to=Topic.NOTIFICATIONS)
    assert settler.settle(FIRST, AWAY, CHANCE)[0].topic == Topic.NOTIFICATIONS


def test_every_end_is_counted_with_its_reason(settler: Settler, ended: list[Ended]) -> None:
    event = follow(uploaded("t/b/f"), DocumentFailed, "1", service="s", phase=Phase.INDEX, category=Category.SERVER,
                   message=Text(zh="中", en="en"), attempts=1)  # fmt: skip
    error = InvalidDocument(Category.EMPTY_FILE, Phase.EXTRACT, Text(zh="空", en="empty"))
    for result in (Produced((event,)), Produced(), Rejected(error), AWAY, KILLED):
        settler.count(FIRST, result, 1.5)
    assert ended == [
        Ended("produced", "", 1.5, 10),
        Ended("produced", "", 1.5, 0),
        Ended("rejected", "empty_file", 1.5, 0),
        Ended("postponed", "server", 1.5, 0),
        Ended("lost", "crash", 1.5, 0),
    ]


def test_waits_grow_up_to_the_longest_and_then_end() -> None:
    policy = RetryPolicy(attempts=8, base=1.0, longest=20.0)
    waits = [policy.wait(attempt, random.Random(3)) for attempt in range(1, 9)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    assert all(0.5 <= wait <= 20 for wait in known)
    assert all(first < second for first, second in pairwise(known[:5]))
    assert len({policy.wait(3, CHANCE) for _ in range(10)}) > 1
