from __future__ import annotations

import dataclasses

import pytest

from cli.remote.conditions import BadCondition, matches, parse
from shared.adapters.bus import Message, Partition, Record
from shared.adapters.lifecycle import Standing, Step
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.events import DocumentExtracted, ObjectCreated
from shared.runtime.cloudevents import decode, encode, event_id, new_traceparent
from shared.runtime.letters import attempt_of, dead
from shared.runtime.replays import INPUTS, OUTPUTS, replayed, resent
from shared.runtime.topics import Topic, dead_letter_topic, retry_topic
from tests.contract.lives import CONTENT, START, history, source

EVENTS = history(source())
ITEM = Standing(
    document_id=EVENTS[0].document_id, bucket="incoming", key="县/2024/甲.xlsx", tenant="县", batch="2024",
    name="甲.xlsx", etag="e1", size=7, content_id=CONTENT, stage="indexed", outcome="indexed", category=None,
    message_zh=None, message_en=None, attempts=1, generation=2, changed_at=START,
)  # fmt: skip


def received(message: Message, offset: int = 3) -> Record:
    return Record(Partition(message.topic, 1), offset, message.key, message.value, message.headers)


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        (["outcome=indexed"], True),
        (["outcome!=indexed"], False),
        (["media=xlsx", "batch=2024"], True),
        (["media=.XLSX,batch=县/2024"], True),
        (["media=pdf"], False),
        (["tenant=市"], False),
        (["document=县/2024/甲.xlsx"], True),
        ([f"document={EVENTS[0].document_id[:12]}"], True),
        (["version<0.2"], True),
        (["version < 0.1.0"], False),
        (["version<=0.1"], True),
        (["version!=0.1"], False),
        (["version>0.0.9"], True),
        (["category=timeout"], False),
    ],
)
def test_conditions_choose_documents(where: list[str], holds: bool) -> None:
    assert matches(parse(where), ITEM, "0.1.0") is holds


def test_a_result_that_nobody_made_has_no_version() -> None:
    assert not matches(parse(["version<9"]), ITEM, None)


def test_what_is_on_its_way_is_left_alone_unless_asked_for() -> None:
    waiting = dataclasses.replace(ITEM, outcome="pending")
    assert not matches(parse(["batch=2024"]), waiting, "0.1.0")
    assert matches(parse(["batch=2024", "outcome=pending"]), waiting, "0.1.0")


@pytest.mark.parametrize("text", ["size=3", "outcome", "outcome<failed", "outcome=gone", "version<new", "category=odd"])
def test_a_condition_that_nobody_understands_is_refused(text: str) -> None:
    with pytest.raises(BadCondition) as caught:
        parse([text])
    assert caught.value.text.zh


def test_every_stage_takes_what_the_one_before_it_made() -> None:
    assert [before for before, _, _ in list(INPUTS.values())[1:]] == list(OUTPUTS.values())[:-1]


def test_the_input_of_a_stage_comes_back_in_the_next_generation() -> None:
    extracted = EVENTS[1]
    assert isinstance(extracted, DocumentExtracted)
    said = {"content_id": CONTENT, "doubts": 0, "document": extracted.document.model_dump()}
    message = replayed("normalizer", ITEM, Step(ITEM.document_id, 0, "extracted", "0.1.0", START, said))
    assert message is not None
    assert (message.topic, message.key) == (Topic.DOCUMENT_EXTRACTED, ITEM.document_id.encode())
    event = decode(received(message))
    assert event.model_copy(update={"generation": 0, "at": extracted.at}) == extracted
    assert event.generation == 3


def test_the_first_stage_needs_no_step_and_the_others_do() -> None:
    message = replayed("extractor", ITEM, None)
    assert message is not None
    assert decode(received(message)).source.key == ITEM.key
    assert replayed("validator", ITEM, None) is None


def test_a_letter_is_sent_again_as_a_first_try_of_a_new_generation() -> None:
    created = EVENTS[0]
    assert isinstance(created, ObjectCreated)
    trace = new_traceparent()
    original = encode(created, "intake", trace)
    sorry = InvalidDocument(Category.DAMAGED, Phase.EXTRACT, Text(zh="坏了", en="Damaged"))
    letter = dead(received(original), dead_letter_topic("extractor"), "extractor", sorry, 4)
    again = resent(received(letter, 9), 5)
    assert (again.topic, again.key) == (original.topic, original.key)
    event = decode(received(again))
    assert isinstance(event, ObjectCreated)
    assert (event.source, event.generation) == (created.source, 5)
    record = received(again)
    assert attempt_of(record) == 1
    assert not [name for name, _ in again.headers if name.startswith("juesuan-")]
    assert record.header("ce_id") == event_id(event) != received(original).header("ce_id")
    assert record.header("ce_source") == "/juesuan/intake"
    assert (record.header("ce_traceparent") or "").split("-")[1] == trace.split("-")[1]


def test_a_letter_that_is_no_event_goes_back_unchanged() -> None:
    sorry = InvalidDocument(Category.NOT_READABLE, Phase.INTAKE, Text(zh="不是通知", en="No notification"))
    original = Record(Partition(Topic.NOTIFICATIONS, 0), 7, b"k", b"not json", (("mine", b"1"),))
    letter = dead(original, dead_letter_topic("intake"), "intake", sorry, 1)
    assert resent(received(letter), 0) == Message(Topic.NOTIFICATIONS, b"k", b"not json", (("mine", b"1"),))


def test_what_the_lifecycle_missed_goes_to_the_lifecycle_alone() -> None:
    original = encode(EVENTS[0], "intake", None)  # type: ignore[arg-type]
    sorry = InvalidDocument(Category.INTERNAL, Phase.INDEX, Text(zh="出错", en="Defect"))
    letter = dead(received(original), dead_letter_topic("lifecycle"), "lifecycle", sorry, 2)
    again = resent(received(letter), 5)
    assert again == Message(retry_topic("lifecycle"), original.key, original.value, original.headers)
