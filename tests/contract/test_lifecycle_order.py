"""Events come in any order, twice, from several generations: the rows end the same on every database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from services.indexer.database import open_database
from services.reconciler.compare import reconcile
from shared.adapters.lifecycle import (
    CANARY_TENANT,
    Standing,
    forget_steps,
    known_ids,
    lifecycle,
    lifecycle_steps,
    record_events,
    standings,
    standings_of,
    steps,
)
from shared.adapters.memory_bus import MemoryBus
from shared.adapters.objects import FolderStore
from shared.contracts.events import Event, ReportValidated, document_id
from tests.contract.lives import CONTENT, SORRY, history, source


@pytest.fixture(scope="module")
def engine(fresh_database: Callable[[], str]) -> Iterator[Engine]:
    opened = open_database(fresh_database())
    yield opened
    opened.dispose()


def rows_after(engine: Engine, batches: Sequence[Sequence[Event]]) -> tuple[list[Standing], list[object]]:
    with engine.begin() as connection:
        connection.execute(delete(lifecycle))
        connection.execute(delete(lifecycle_steps))
    for batch in batches:
        record_events(engine, batch)
    found = list(standings(engine))
    return found, list(steps(engine, [item.document_id for item in found]))


HISTORIES = st.tuples(
    st.integers(1, 3), st.sampled_from(["indexed", "failed", "pending"]), st.sampled_from([0, 1]), st.integers(1, 3)
)


@given(shape=HISTORIES, data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_ends_the_same(engine: Engine, shape: tuple[int, str, int, int], data: st.DataObject) -> None:
    tries, ends, replays, tries_again = shape
    events = history(source(), 0, tries=tries, ends="failed" if replays else ends)
    events += history(source("乙.pdf", "e2"), 0, ends="indexed")
    if replays:
        events += history(source(), 1, tries=tries_again, ends=ends)
    told = data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events), max_size=5))]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(told)), max_size=3)))
    batches = [told[a:b] for a, b in zip([0, *cuts], [*cuts, len(told)], strict=True)]
    assert rows_after(engine, batches) == rows_after(engine, [[event] for event in events])


def test_a_row_tells_the_last_stage_and_the_most_tries(engine: Engine) -> None:
    (row,), _ = rows_after(engine, [history(source(), tries=3)])
    assert (row.stage, row.outcome, row.attempts, row.category) == ("indexed", "indexed", 3, None)
    assert (row.tenant, row.batch, row.name, row.content_id) == ("县", "2024", "甲.xlsx", CONTENT)


def test_a_failure_keeps_its_reason_and_a_replay_clears_it(engine: Engine) -> None:
    (row,), _ = rows_after(engine, [history(source(), tries=2, ends="failed")])
    assert (row.stage, row.outcome, row.category, row.attempts) == ("extractor", "failed", "server", 2)
    assert (row.message_zh, row.message_en) == (SORRY.zh, SORRY.en)
    (again,), _ = rows_after(engine, [history(source(), 1), history(source(), tries=2, ends="failed")])
    assert (again.outcome, again.generation, again.attempts, again.message_zh) == ("indexed", 1, 1, None)


def test_the_later_content_of_a_key_supersedes_the_earlier(engine: Engine) -> None:
    old, new = source(etag="first"), source(etag="second")
    later = [event.model_copy(update={"at": event.at + timedelta(days=1)}) for event in history(new)]
    rows_after(engine, [later, history(old)])
    assert [(row.etag, row.superseded) for row in standings(engine)] == [("first", True), ("second", False)]
    assert [row.etag for row in standings(engine, superseded=False, batch="县/2024")] == ["second"]


def test_a_document_asked_for_alone_knows_the_others_of_its_key(engine: Engine) -> None:
    old, new, other = source(etag="first"), source(etag="second"), source("乙.pdf")
    later = [event.model_copy(update={"at": event.at + timedelta(days=1)}) for event in history(new, ends="failed")]
    rows_after(engine, [later, history(old), history(other)])
    every = {row.document_id: row for row in standings(engine)}
    for asked in (old, new, other):
        assert list(standings_of(engine, [document_id(asked)])) == [every[document_id(asked)]]
    assert every[document_id(old)].superseded
    for wanted in ({"batch": "2024"}, {"tenant": "县"}, {"batch": "县/2024"}):
        assert {row.document_id: row for row in standings(engine, **wanted)} == every
    assert list(standings(engine, batch="省/2024")) == []
    assert [row.superseded for row in standings(engine, outcome="indexed")] == [False, True]
    assert [row.name for row in standings(engine, outcome="indexed", superseded=False)] == ["乙.pdf"]


def test_steps_of_earlier_generations_are_forgotten(engine: Engine) -> None:
    one, two = source(), source("乙.pdf")
    rows_after(engine, [history(one), history(one, 1), history(one, 2), history(two)])
    forget_steps(engine, document_id(one), 2)
    assert {step.generation for step in steps(engine, [document_id(one)])} == {2}
    assert {step.generation for step in steps(engine, [document_id(two)])} == {0}


def test_documents_that_stand_still_are_told_of_and_canaries_are_not(engine: Engine, tmp_path: Path) -> None:
    canary = source().model_copy(update={"key": f"{CANARY_TENANT}/path/00.txt"})
    rows_after(engine, [history(source(), ends="pending"), history(canary, ends="pending")])
    store = FolderStore(tmp_path)
    store.ensure_bucket("incoming")
    assert reconcile(store, engine, MemoryBus(), "incoming").stalled == ("县/2024/甲.xlsx",)


def test_a_content_that_comes_back_is_the_latest_again_and_a_replay_is_no_upload(engine: Engine) -> None:
    old, new = source(etag="first"), source(etag="second")
    later = [event.model_copy(update={"at": event.at + timedelta(days=1)}) for event in history(new)]
    back = [event.model_copy(update={"at": event.at + timedelta(days=2)}) for event in history(old, 1)]
    replay = [event.model_copy(update={"at": event.at + timedelta(days=3)}) for event in history(new, 1)]
    replay[0] = replay[0].model_copy(update={"replayed": True})
    for told in ([later, history(old), back, replay], [replay, back, history(old), later]):
        rows_after(engine, told)
        assert [row.etag for row in standings(engine, superseded=False)] == ["first"]
        assert known_ids(engine, old.bucket) == {document_id(old)}


def test_steps_give_back_what_the_events_told(engine: Engine) -> None:
    events = history(source())
    rows_after(engine, [events])
    (found,) = steps(engine, [document_id(source())], ["validated"])
    assert (found.stage, found.version, found.said["errors"]) == ("validated", "0.1.0", 1)
    rebuilt = ReportValidated.model_validate(
        {"document_id": found.document_id, "source": source(), "at": found.at, "stage_version": found.version}
        | found.said
    )
    assert rebuilt == events[-2]
