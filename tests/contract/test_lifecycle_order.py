"""Events come in any order, twice, from several generations: the rows end the same on every database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from services.indexer.database import open_database
from shared.adapters.lifecycle import Standing, known_ids, lifecycle, lifecycle_steps, record_events, standings, steps
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
