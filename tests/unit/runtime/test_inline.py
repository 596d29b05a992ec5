from __future__ import annotations

from collections.abc import Sequence

import pytest

from shared.adapters.bus import Partition, Record
from shared.contracts.errors import Category
from shared.runtime.connections import ChainSettings
from shared.runtime.inline import InlineExecutor
from shared.runtime.pooled import PooledExecutor
from shared.runtime.results import Lost, Postponed, Produced, Rejected, Result
from shared.settings import Settings
from tests.unit.runtime.deeds import by_value


def record(value: bytes, partition: int = 0) -> Record:
    return Record(Partition("t", partition), 0, b"", value)


def outcomes(ended: Sequence[tuple[Record, Result]]) -> list[tuple[bytes, str]]:
    return [(item.value or b"", type(result).__name__) for item, result in ended]


def given(executor: InlineExecutor, *values: bytes) -> list[tuple[Record, Result]]:
    for value in values:
        executor.submit(record(value))
    return executor.collect(0)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b"done", Produced),
        (b"bad", Rejected),
        (b"away", Postponed),
        (b"poison", Lost),
        (b"defect", Lost),
        (b"eat", Lost),
    ],
)
def test_every_end_is_typed(value: bytes, kind: type) -> None:
    ((_, result),) = given(InlineExecutor(by_value, 10), value)
    assert type(result) is kind


def test_defects_and_memory_have_categories_of_their_own() -> None:
    results = [result for _, result in given(InlineExecutor(by_value, 10), b"defect", b"eat")]
    assert [result.error.category for result in results if isinstance(result, Lost)] == [
        Category.INTERNAL,
        Category.MEMORY,
    ]


def test_a_fault_of_a_server_ends_the_turn_and_the_others_wait() -> None:
    executor = InlineExecutor(by_value, 10)
    assert outcomes(given(executor, b"done", b"away", b"done")) == [(b"done", "Produced"), (b"away", "Postponed")]
    assert executor.room() == 9
    assert outcomes(executor.collect(0)) == [(b"done", "Produced")]


def test_a_turn_that_gets_long_ends_and_the_others_wait() -> None:
    executor = InlineExecutor(by_value, 10, turn_seconds=-1.0)
    assert outcomes(given(executor, b"done", b"bad")) == [(b"done", "Produced")]
    assert outcomes(executor.collect(0)) == [(b"bad", "Rejected")]


def test_room_shrinks_with_what_was_given_and_abandoning_makes_some() -> None:
    executor = InlineExecutor(by_value, 3)
    executor.submit(record(b"done", 1))
    executor.submit(record(b"done", 2))
    assert executor.room() == 1
    executor.abandon([Partition("t", 1)])
    assert executor.room() == 2
    assert [item.partition.number for item, _ in executor.collect(0)] == [2]


def together(records: Sequence[Record]) -> list[Produced]:
    if any(item.value != b"done" for item in records):
        raise ValueError("one of them is bad")
    return [Produced() for _ in records]


def test_many_at_once_where_it_works_and_one_by_one_where_not() -> None:
    calls: list[bytes] = []

    def alone(item: Record) -> Produced:
        calls.append(item.value or b"")
        return by_value(item)

    executor = InlineExecutor(alone, 10, together)
    assert outcomes(given(executor, b"done", b"done")) == [(b"done", "Produced")] * 2
    assert calls == []
    assert outcomes(given(executor, b"done", b"bad")) == [(b"done", "Produced"), (b"bad", "Rejected")]
    assert calls == [b"done", b"bad"]


def test_too_few_answers_for_many_are_a_defect_of_the_many() -> None:
    executor = InlineExecutor(by_value, 10, lambda records: [Produced() for _ in records][1:])
    assert outcomes(given(executor, b"done", b"bad")) == [(b"done", "Produced"), (b"bad", "Rejected")]


def test_processes_answer_with_the_same_types_and_their_own_settings() -> None:
    chain = ChainSettings(kafka="", store="/somewhere", database="sqlite://", jobs=2)
    executor = PooledExecutor(by_value, chain, Settings())
    try:
        found: dict[bytes, Result] = {}
        for value in (b"settings", b"bad", b"die"):
            executor.submit(record(value))
            while value not in found:
                found |= {item.value or b"": result for item, result in executor.collect(10)}
    finally:
        executor.close()
    settled = found[b"settings"]
    assert isinstance(settled, Produced)
    assert settled.extra[0].value == b"/somewhere"
    assert isinstance(found[b"bad"], Rejected)
    assert isinstance(found[b"die"], Lost)
